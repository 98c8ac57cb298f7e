// Roles that are reached by way of others: what an answer says of chains, held against each step by the evaluator.

import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Asked } from './asked.ts'
import type { Context } from './contexts.ts'
import type { Oracle } from './oracle.ts'
import { isOwn, type Requester } from './requesters.ts'

interface Chains {
  readonly before: Oracle
  readonly after: Oracle
  readonly everybody: readonly Requester[]
  /** Tags that conditions ask sessions for. */
  readonly tags: readonly Readonly<Record<string, string>>[]
  contextsOf(asked: Asked): Iterable<Context>
  /** Those too that only an analysis takes for possible. */
  openContextsOf(asked: Asked): Iterable<Context>
  /** And those of a session that may have begun with a sign-in: of whoever stands at the beginning. */
  firstContextsOf(asked: Asked): Iterable<Context>
}

/** Of an entry that goes by way of roles, the first step that nobody can take; null: each can be taken. */
export function brokenStep(entry: AccessEntry, chains: Chains): string | null {
  const stops = [...entry.via, ...entry.resources]
  for (const label of entry.principals) {
    const first = entityOf(label, chains)
    // Of somebody outside the first step is told by an entry of its own.
    const steps = first === undefined ? stops : [label, ...stops]
    for (const [index, role] of steps.slice(1).entries()) {
      const from = entityOf(steps[index] ?? '', chains)
      const isTaken =
        from !== undefined &&
        (mayAssume(
          from,
          role,
          chains.after,
          {
            contextsOf: index === 0 && steps !== stops ? chains.firstContextsOf : chains.openContextsOf,
          },
          entry.witness.context,
        ) ||
          mayAssumeTagged(from, role, chains.after, chains, entry.witness.context))
      if (!isTaken) return `step ${index + 1} of a chain is denied`
    }
  }
  return null
}

/** Roles that a user can reach after and not before, only by way of others, and that no entry tells of. */
export function* missedChains(gained: readonly AccessEntry[], unknown: ReadonlySet<string>, chains: Chains) {
  const users = chains.everybody.filter(({ kind }) => kind === 'own user')
  const roles = chains.everybody.filter(({ kind }) => kind === 'own role')
  if (roles.length < 2) return
  for (const user of users) {
    if (user.after === null || unknown.has(user.after)) continue
    const [old, now] = [
      reached(user, roles, chains.before, chains),
      reached(user, roles, chains.after, chains),
    ]
    for (const role of now.chained) {
      const arn = role.after ?? ''
      if (old.all.has(role) || now.direct.has(role)) continue
      const isTold = gained.some(
        ({ kind, principals, resources }) =>
          kind === 'assume' && principals.includes(user.after ?? '') && resources.includes(arn),
      )
      if (!isTold) yield { user, role: arn }
    }
  }
}

const entityOf = (label: string, { everybody }: Chains): Requester | undefined =>
  everybody.find((each) => isOwn(each) && (each.after === label || each.before === label) && !each.role)

function mayAssume(
  from: Requester,
  role: string,
  oracle: Oracle,
  { contextsOf }: Pick<Chains, 'contextsOf'>,
  first: Context = new Map(),
): boolean {
  const principal = from[oracle.state]
  if (principal === null) return false
  const asked = { requester: from, action: 'sts:AssumeRole', resource: role }
  for (const context of [first, new Map(), ...contextsOf(asked)])
    if (oracle.ask(principal, { ...asked, context }) === 'allow') return true
  return false
}

/** By a session with tags, where somebody can pass them. */
const mayAssumeTagged = (
  from: Requester,
  role: string,
  oracle: Oracle,
  chains: Chains,
  first: Context = new Map(),
): boolean => {
  const { everybody, tags } = chains
  const arn = from[oracle.state]
  const session = everybody.find(
    (each) =>
      from.kind === 'own role' &&
      each.role !== undefined &&
      each.account === from.account &&
      arn?.endsWith(`/${each.role}`) === true,
  )
  if (session === undefined) return false
  const asked = { requester: session, action: 'sts:AssumeRole', resource: role }
  return tags.some((sessionTags) => {
    const own = Object.entries(sessionTags).map(
      ([key, value]) => [`aws:principaltag/${key}`, [value]] as const,
    )
    return [first, new Map(), ...chains.contextsOf(asked)].some(
      (context) =>
        oracle.decide({ ...asked, sessionTags, context: new Map([...context, ...own]) }, everybody) ===
        'allow',
    )
  })
}

function reached(user: Requester, roles: readonly Requester[], oracle: Oracle, chains: Chains) {
  const all = new Set<Requester>()
  const queue = [user]
  let direct: ReadonlySet<Requester> = new Set()
  for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
    for (const role of roles) {
      const arn = role[oracle.state]
      if (all.has(role) || arn === null) continue
      // Of a role that nobody assumes without tags there may be no session that is asked about: then it isn't reached for sure.
      const isReached =
        oracle === chains.before
          ? mayAssume(from, arn, oracle, { contextsOf: chains.openContextsOf }) ||
            mayAssumeTagged(from, arn, oracle, chains)
          : !oracle.mayNeedTags(from, chains.everybody) && mayAssume(from, arn, oracle, chains)
      if (!isReached) continue
      all.add(role)
      queue.push(role)
    }
    if (from === user) direct = new Set(all)
  }
  return { all, direct, chained: [...all].filter((role) => !direct.has(role)) }
}
