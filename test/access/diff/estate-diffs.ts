import { beforeAll } from 'vitest'
import type { AccessDiff } from '../../../src/access/access-diff.ts'
import type { AccessEntry } from '../../../src/access/access-entry.ts'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../../src/access/analyzer.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../../src/catalog/managed-policies.ts'
import type { AccountState, Estate, PolicyDocument, RoleState, UserState } from '../../../src/model/index.ts'
import { estateWith, HOME, placed } from '../../evaluator/estate-world.ts'

export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'
export const NOW = new Date('2026-06-01T12:00:00Z')

interface Differ {
  readonly analyzer: AccessAnalyzer
  diff(before: Estate, after: Estate, account?: string): AccessDiff
}

/** An analysis for the tests of one file. */
export function analysisForTests(): () => Differ {
  let differ: Differ | null = null
  beforeAll(async () => {
    const managed: ManagedPolicyFacts = await loadManagedPolicies()
    const analyzer = await createAccessAnalyzer({ documentOf: (arn) => managed.document(arn), now: NOW })
    differ = {
      analyzer,
      diff: (before, after, account = HOME) => {
        const found = analyzer.diffEstates(before, after, [account]).get(account)
        if (found === undefined) throw new Error('no diff of the account')
        return found
      },
    }
  })
  return () => {
    if (differ === null) throw new Error('asked before the tests began')
    return differ
  }
}

export const userArn = (name: string, account = HOME) => `arn:aws:iam::${account}:user/${name}`
export const roleArn = (name: string, account = HOME) => `arn:aws:iam::${account}:role/${name}`

/** The same account with one user changed. */
export const withUser = (state: AccountState, name: string, change: Partial<UserState>): AccountState => {
  const user = state.entities.user.get(name)
  if (user === undefined) throw new Error(`no user ${name}`)
  return {
    ...state,
    entities: { ...state.entities, user: new Map([...state.entities.user, [name, { ...user, ...change }]]) },
  }
}

export const withRole = (state: AccountState, name: string, change: Partial<RoleState>): AccountState => {
  const role = state.entities.role.get(name)
  if (role === undefined) throw new Error(`no role ${name}`)
  return {
    ...state,
    entities: { ...state.entities, role: new Map([...state.entities.role, [name, { ...role, ...change }]]) },
  }
}

export const withGroup = (
  state: AccountState,
  name: string,
  policy: PolicyDocument,
  members: readonly string[],
): AccountState => ({
  ...state,
  entities: {
    ...state.entities,
    group: new Map([
      ...state.entities.group,
      [
        name,
        {
          kind: 'group',
          name,
          path: '/',
          arn: `arn:aws:iam::${state.account.id}:group/${name}`,
          managedPolicies: [],
          inlinePolicies: new Map([['own', placed(policy)]]),
        },
      ],
    ]),
    user: new Map(
      [...state.entities.user].map(([each, user]) => [
        each,
        members.includes(each) ? { ...user, groups: [...user.groups, name] } : user,
      ]),
    ),
  },
})

export const inline = (policy: PolicyDocument) => ({ inlinePolicies: new Map([['own', placed(policy)]]) })

export const one = (state: AccountState): Estate => estateWith([state])

/** `+ user/a s3:GetObject on arn:…`, sorted. */
export const linesOf = ({ gained, lost }: Pick<AccessDiff, 'gained' | 'lost'>): readonly string[] => {
  const line = (mark: string) => (entry: AccessEntry) =>
    entry.principals.map(
      (principal) =>
        `${mark} ${principal.replace(/^arn:aws:iam::\d+:/, '')} ${summaryOf(entry.actions)}${entry.tier === 'typed' ? '' : ` (${entry.tier})`} on ${entry.resources.join() || `not ${entry.notResources.join()}`}${entry.via.length > 0 ? ` via ${entry.via.map((role) => role.replace(/^arn:aws:iam::\d+:/, '')).join(' ')}` : ''}`,
    )
  return [...gained.flatMap(line('+')), ...lost.flatMap(line('-'))].sort()
}

const summaryOf = (actions: readonly string[]): string =>
  actions.length <= 3 ? actions.join() : `${actions.length > 100 ? 'many' : actions.length} actions`
