import type { Proof } from '../access/analysis.ts'
import type { AccessAnalyzer } from '../access/analyzer.ts'
import type { Subject } from '../access/subject.ts'
import { parsePrincipal } from '../evaluator/principal.ts'
import type { Invariant, InvariantPrincipal } from '../manifest/desired.ts'
import type { AccountState, Estate } from '../model/index.ts'

/**
 * Whether an invariant holds for all requests of its form, by everybody that it is about. Root users are looked at only
 * where they are named: no policy but a control policy or a deny keeps them from anything.
 * @throws DiagnosticError when a policy that it depends on has no clear meaning
 */
export function proveInvariant(
  analyzer: AccessAnalyzer,
  estate: Estate,
  { actions, resources, context, rule }: Invariant,
): Proof {
  const probe = { actions, resources, context }
  switch (rule.type) {
    case 'nobody':
      return analyzer.nobodyMay(estate, probe, () => true)
    case 'only':
      return analyzer.nobodyMay(
        estate,
        probe,
        (subject) => !rule.principals.some((each) => isOneOf(subject, each, estate)),
      )
    case 'never': {
      const withRoot = rule.principals.some(({ kind }) => kind === 'root' || kind === 'account')
      return analyzer.nobodyMay(
        estate,
        probe,
        (subject) => rule.principals.some((each) => isOneOf(subject, each, estate)),
        withRoot,
      )
    }
  }
}

/** Whether somebody is whom an invariant names, or one of those. */
function isOneOf(
  { label, principal, account }: Subject,
  { kind, id }: InvariantPrincipal,
  estate: Estate,
): boolean {
  switch (kind) {
    case 'user':
    case 'root':
    case 'session':
      return principal === id
    case 'role':
      return (
        principal === id ||
        (parsePrincipal(principal)?.roleArn === id.replace(/:role\/.*\//, ':role/') && account !== null)
      )
    case 'group':
      return groupMembers(estate, id).has(principal)
    case 'account': {
      const owner = account ?? parsePrincipal(principal)?.account ?? null
      return id === '*' ? account === null && owner !== null : owner === id
    }
    case 'service':
      return label === `service:${id}`
    case 'federated':
      return label === `federated:${id}` || principal === id
    case 'anonymous':
      return label === 'anonymous'
  }
}

const members = new WeakMap<AccountState, Map<string, ReadonlySet<string>>>()

/** ARNs of a group's users. @param id its ARN */
function groupMembers({ accounts }: Estate, id: string): ReadonlySet<string> {
  const state = accounts.find(({ account }) => id.split(':')[4] === account.id)
  if (state === undefined) return new Set()
  const known = members.get(state) ?? new Map<string, ReadonlySet<string>>()
  members.set(state, known)
  let found = known.get(id)
  if (found === undefined) {
    const name = id.slice(id.lastIndexOf('/') + 1)
    found = new Set(
      [...state.users.values()].filter(({ groups }) => groups.includes(name)).map(({ arn }) => arn),
    )
    known.set(id, found)
  }
  return found
}
