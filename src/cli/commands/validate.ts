import { endedStatements } from '../../access/entries/ended-statements.ts'
import { type HeldDocument, neverMetConditions } from '../../access/entries/never-met.ts'
import { loadActions } from '../../catalog/actions.ts'
import { undeclaredResourceWarnings } from '../../checks/names/undeclared-resources.ts'
import { uniqueIdWarnings } from '../../checks/names/unique-ids.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import { inOrder } from '../../manifest/diagnostic-order.ts'
import { declaredCounts } from '../../report/declared-counts.ts'
import { flagText, type Invocation, type Outcome } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { openProject } from '../opening/project.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<Outcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'refuse' })
  const counted = opened.accounts.map(({ name, account, desired }) => ({
    account: { id: account.id, name },
    counts: declaredCounts(desired, REPORT_KINDS),
  }))
  const documents = opened.accounts.flatMap(({ desired }) => documentsOf(desired))
  const conditions = [
    ...neverMetConditions(documents, await loadActions()),
    ...endedStatements(documents, new Date()),
  ]
  return {
    exitCode: EXIT.ok,
    result: { type: 'validate', accounts: counted },
    diagnostics: inOrder([
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...uniqueIdWarnings(opened.accounts),
      ...undeclaredResourceWarnings(opened.accounts),
      ...conditions,
    ]),
    texts: opened.texts,
  }
}

/** Every policy that an account declares. */
function documentsOf({
  entities: { user: users, group: groups, role: roles, policy: policies },
  resources,
}: DesiredState): readonly HeldDocument[] {
  const inline = [
    ...[...users.values(), ...groups.values()].map((entity) => [entity, 'user'] as const),
    ...[...roles.values()].map((entity) => [entity, 'role'] as const),
  ].flatMap(([{ inlinePolicies }, holder]) =>
    [...(inlinePolicies?.values() ?? [])].map(
      (document): HeldDocument => ({ document, use: 'identity', holder }),
    ),
  )
  return [
    ...inline,
    ...[...roles.values()].map(
      ({ trustPolicy }): HeldDocument => ({ document: trustPolicy, use: 'trust', holder: null }),
    ),
    ...[...policies.values()].map(
      ({ document }): HeldDocument => ({ document, use: 'identity', holder: null }),
    ),
    ...[...resources.values()].flatMap(({ policy }): readonly HeldDocument[] =>
      policy === null ? [] : [{ document: policy, use: 'resource', holder: null }],
    ),
  ]
}
