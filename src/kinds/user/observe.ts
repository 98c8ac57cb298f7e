import {
  given,
  type Listed,
  observedInline,
  observedTags,
  orWhenMissing,
  policyArns,
} from '../../reconcile/api-values.ts'
import { readCredentialReport } from '../../reconcile/credential-report.ts'
import type { DocumentReader } from '../../reconcile/document-reader.ts'
import { mapAtOnce } from '../../reconcile/map-at-once.ts'
import { fromDetails } from '../../reconcile/observe-kind.ts'
import type { IamReader } from '../../target/ports.ts'
import type { UserState } from './kind.ts'

/** Calls under way. */
const AT_ONCE = 10

export const user = fromDetails(
  'User',
  (page, documents) => (page.UserDetailList ?? []).map((detail) => stateOf(detail, documents)),
  async (states, reader) => {
    const withPassword = await usersWithPassword(states, reader)
    return mapAtOnce(states, AT_ONCE, async (state) =>
      withPassword.has(state.name) ? withLoginProfile(state, reader) : state,
    )
  },
)

const stateOf = (detail: Listed<'UserDetailList'>, documents: DocumentReader): UserState => ({
  kind: 'user',
  name: given(detail.UserName),
  path: given(detail.Path),
  arn: given(detail.Arn),
  groups: detail.GroupList ?? [],
  managedPolicies: policyArns(detail.AttachedManagedPolicies),
  inlinePolicies: observedInline(detail.UserPolicyList, documents),
  permissionsBoundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  tags: observedTags(detail.Tags),
})

/** By name. The details of an account have nothing of passwords; asking for each user would take a call of each. */
async function usersWithPassword(
  states: readonly UserState[],
  reader: IamReader,
): Promise<ReadonlySet<string>> {
  if (states.length === 0) return new Set()
  const rows = await readCredentialReport(reader)
  return new Set(
    rows.flatMap((row) => (row.get('password_enabled') === 'true' ? (row.get('user') ?? []) : [])),
  )
}

async function withLoginProfile(state: UserState, reader: IamReader): Promise<UserState> {
  const answer = await orWhenMissing(null, reader.read('GetLoginProfile', { UserName: state.name }))
  if (answer === null) return state
  const passwordResetRequired = answer.LoginProfile?.PasswordResetRequired ?? false
  return { ...state, loginProfile: { passwordResetRequired } }
}
