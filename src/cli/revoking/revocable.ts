import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { type ChainedRole, chainedRoles } from '../../evaluator/estate/chained-roles.ts'
import {
  type AccountState,
  type Estate,
  entityRef,
  type PrincipalEntity,
  principalEntitiesIn,
  type StateDocument,
} from '../../model/index.ts'
import { REVOCATION, revokedBefore } from '../../policy/revocation.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import { decisionFacts } from '../questions/decision-facts.ts'
import { observedEstate } from '../questions/observed-estate.ts'

/** A role whose sessions can be ended. */
export interface Revocable {
  readonly account: ValidAccount
  readonly arn: string
  /** `role/deploy` */
  readonly name: string
  readonly roleName: string
  /** null: it was named. */
  readonly chain: Pick<ChainedRole, 'from' | 'decision'> | null
  /** From before when they are ended already, milliseconds since the epoch; null: none are; `other`: a policy of that name says something else. */
  readonly endedBefore: number | null | 'other'
  /** Whether the project declares all of its inline policies: the next apply takes away what is put beside them. */
  readonly isUndoneByApply: boolean
}

interface Found {
  /** Those that were named, then those that sessions of them may have gone on to. */
  readonly roles: readonly Revocable[]
  /** Whether sessions of one that was named may assume it again. */
  readonly assumesItself: boolean
  /** Names of accounts that could not be read. */
  readonly unread: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Finds roles in their accounts, as those are now, and what sessions of them may have become.
 * @param named `role/NAME`, or ARNs
 * @throws DiagnosticError when somebody isn't there, or is no role; when an account that was selected can't be read
 */
export async function findRevocable(opened: OpenedProject, named: readonly string[]): Promise<Found> {
  const { estate, unread, diagnostics } = await readEstate(opened)
  const all = estate.accounts.flatMap((state) => revocableIn(state, opened))
  const selected = new Set(opened.accounts.map(({ account }) => account.id))
  const asked = [...new Set(named)].map((text) => meant(text, all, estate, selected, opened))
  const facts = {
    ...decisionFacts(opened, new Date()),
    openCarriedKeys: async () => (await import('../../catalog/carried-keys.ts')).loadCarriedKeys(),
  }
  const roles = new Map(asked.map((role) => [role.arn, role]))
  let assumesItself = false
  for (const { arn } of asked)
    for (const { arn: target, ...chain } of await chainedRoles(estate, facts, arn)) {
      if (target === arn) assumesItself = true
      const role = all.find((each) => each.arn === target)
      if (role !== undefined && !roles.has(target)) roles.set(target, { ...role, chain })
    }
  return { roles: [...roles.values()], assumesItself, unread, diagnostics }
}

interface ReadEstate extends Pick<Found, 'unread' | 'diagnostics'> {
  readonly estate: Estate
}

/** Each account as it is; those that were not selected, and can't be read, are left out and named. */
async function readEstate(opened: OpenedProject): Promise<ReadEstate> {
  const { organization, resources } = opened.project
  const accounts: AccountState[] = []
  const uniqueIds = new Map<string, string>()
  const unread: string[] = []
  const diagnostics: Diagnostic[] = []
  for (const { name, account } of opened.project.accounts)
    try {
      const read = await observedEstate(opened, new Set([account.id]))
      accounts.push(...read.accounts)
      for (const [arn, id] of read.uniqueIds ?? []) uniqueIds.set(arn, id)
    } catch (error) {
      if (!(error instanceof DiagnosticError) || opened.accounts.some((each) => each.name === name))
        throw error
      unread.push(name)
      diagnostics.push(
        ...error.diagnostics.map(({ code, message, help }) =>
          warningOf({ code, message: `\`${name}\`: ${message}`, help }),
        ),
      )
    }
  const inventories = new Set(accounts.map(({ account }) => account.id))
  return { estate: { accounts, organization, resources, uniqueIds, inventories }, unread, diagnostics }
}

function revocableIn({ account, entities }: AccountState, { project }: OpenedProject): readonly Revocable[] {
  const owner = project.accounts.find((each) => each.account.id === account.id)
  const desired = owner?.desired ?? null
  if (owner === undefined || desired === null) return []
  return principalEntitiesIn<PrincipalEntity>(entities).flatMap((entity) =>
    'trustPolicy' in entity
      ? [
          {
            account: { ...owner, desired },
            arn: entity.arn,
            name: entityRef(entity.kind, entity.name),
            roleName: entity.name,
            chain: null,
            endedBefore: endedBefore(entity.inlinePolicies.get(REVOCATION), account),
            isUndoneByApply: declaresAll(desired.entities[entity.kind].get(entity.name)),
          },
        ]
      : [],
  )
}

const declaresAll = (
  declared: { readonly inlinePolicies?: ReadonlyMap<string, unknown> } | undefined,
): boolean => declared?.inlinePolicies !== undefined

const endedBefore = (
  document: StateDocument | undefined,
  account: AccountState['account'],
): Revocable['endedBefore'] => (document === undefined ? null : (revokedBefore(document, account) ?? 'other'))

/** @throws DiagnosticError */
function meant(
  text: string,
  all: readonly Revocable[],
  estate: Estate,
  selected: ReadonlySet<string>,
  { accounts }: OpenedProject,
): Revocable {
  const found = all.filter(
    ({ arn, name, account }) => selected.has(account.account.id) && (name === text || arn === text),
  )
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  const names = accounts.map(({ name }) => `\`${name}\``).join(', ')
  if (second !== undefined)
    throw new DiagnosticError(
      errorOf({
        code: 'revoke.which-account',
        message: `\`${text}\` is there in several accounts`,
        help: `add \`--account NAME\`, one of ${names}, or write its ARN`,
      }),
    )
  const somebody = estate.accounts
    .filter(({ account }) => selected.has(account.id))
    .flatMap(({ entities }) => principalEntitiesIn<PrincipalEntity>(entities))
    .some(({ kind, name, arn }) => entityRef(kind, name) === text || arn === text)
  throw new DiagnosticError(
    somebody
      ? errorOf({
          code: 'revoke.no-sessions',
          message: `\`${text}\` is nobody's to assume, and only sessions of roles are ended so`,
          help: 'put access keys out of use (`status: inactive`), and take away policies',
        })
      : errorOf({
          code: 'revoke.unknown-role',
          message: `there is no \`${text}\` in ${names}`,
          help: 'write `role/NAME`, or an ARN',
        }),
  )
}
