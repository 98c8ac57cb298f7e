import type { Request } from '../../evaluator/decision.ts'
import type { AccessEntry } from '../access-entry.ts'
import type { ActionTable } from '../actions/action-table.ts'
import type { PrincipalSide } from '../sides/side.ts'
import { entryEscalations, escalationOf } from './entry-escalations.ts'
import type { Escalation, EscalationClass, EscalationRule } from './escalation.ts'
import { SHARING_ACTIONS } from './ways/other-ways.ts'
import type { Way, WayEnd } from './ways/way.ts'
import { PASS_ROLE, WAYS } from './ways/ways.ts'

interface Kind {
  readonly class: EscalationClass
  readonly rule: EscalationRule
  readonly weight: number
  /** For people; the actions that carry it follow. */
  readonly why: string
}

const KINDS: Readonly<Record<WayEnd['type'], Kind>> = {
  user: {
    class: 'takes-over-identity',
    rule: 'permissions-management',
    weight: 70,
    why: 'may act as other users, whoever they are',
  },
  group: {
    class: 'changes-permissions',
    rule: 'permissions-management',
    weight: 70,
    why: 'may join groups, whatever they may do',
  },
  writes: {
    class: 'changes-permissions',
    rule: 'permissions-management',
    weight: 75,
    why: 'may change permissions',
  },
  trust: {
    class: 'takes-over-identity',
    rule: 'permissions-management',
    weight: 70,
    why: 'may have roles trust whom it likes',
  },
  new: {
    class: 'changes-permissions',
    rule: 'permissions-management',
    weight: 75,
    why: 'may make others with any policy',
  },
  passed: {
    class: 'runs-code-as-role',
    rule: 'pass-role',
    weight: 65,
    why: 'may pass roles to services, and act as them',
  },
  running: {
    class: 'runs-code-as-role',
    rule: 'pass-role',
    weight: 60,
    why: 'may run code in things that have a role',
  },
  provider: {
    class: 'takes-over-identity',
    rule: 'permissions-management',
    weight: 65,
    why: 'may change whom identity providers speak for',
  },
  identityCenter: {
    class: 'administrator',
    rule: 'permissions-management',
    weight: 70,
    why: 'may give anybody permissions by IAM Identity Center',
  },
  organization: {
    class: 'weakens-guardrail',
    rule: 'scp-weakened',
    weight: 60,
    why: 'may take away what an organization forbids',
  },
  root: {
    class: 'administrator',
    rule: 'permissions-management',
    weight: 70,
    why: 'may act as root of other accounts',
  },
  sharing: {
    class: 'can-let-others-in',
    rule: 'permissions-management',
    weight: 30,
    why: 'may let others in',
  },
}

/** Names in a sentence. */
const MOST_NAMED = 4

const SHARING: readonly Way[] = SHARING_ACTIONS.map((action) => ({
  id: action,
  needs: [[action]],
  reaches: { type: 'sharing' },
  does: '',
}))

/**
 * What whoever holds a policy may come to that they couldn't with another one. Nobody is known whom it leads to, so that all
 * of it is potential.
 * @param after all that the policy allows and denies
 */
export function policyEscalations(
  gained: readonly AccessEntry[],
  after: PrincipalSide,
  table: ActionTable,
): readonly Escalation[] {
  // Whose account it is about isn't known: whom a policy names may be of the same.
  const whole = entryEscalations(gained, {
    table,
    powerOf: () => 1,
    isOurs: () => true,
    organization: null,
    // Policies that anybody may hold let in nobody.
    strangersIn: () => [],
    isOfOrganization: () => false,
    isBounded: () => false,
  })
  if (whole.some(({ rule }) => rule === 'administrator')) return whole
  const held = new Set(allowedBy(after, table))
  const typed = gained.filter(({ tier, kind }) => tier === 'typed' && kind === 'action')
  return [...whole, ...typed.flatMap((entry) => ofEntry(entry, typed, held))]
}

function ofEntry(
  entry: AccessEntry,
  all: readonly AccessEntry[],
  held: ReadonlySet<string>,
): readonly Escalation[] {
  const own = new Set(entry.actions)
  const earlier = new Set(all.slice(0, all.indexOf(entry)).flatMap(({ actions }) => actions))
  const byKind = new Map<WayEnd['type'], Way[]>()
  for (const way of [...WAYS, ...SHARING]) {
    const { type } = way.reaches
    const needs = type === 'passed' ? [...way.needs, [PASS_ROLE]] : way.needs
    // One entry tells of it, where several are needed.
    const isNew = needs.some((actions) => actions.some((action) => own.has(action)))
    const isTold = needs.some((actions) => actions.some((action) => earlier.has(action)))
    if (!isNew || isTold || isHarmless(entry, type)) continue
    if (needs.every((actions) => actions.some((action) => held.has(action))))
      byKind.set(type, [...(byKind.get(type) ?? []), way])
  }
  return [...byKind].map(([type, ways]) => {
    const kind = KINDS[type]
    const carried = [...new Set(ways.flatMap(({ needs }) => needs.flat().filter((each) => held.has(each))))]
    const requests = (type === 'passed' ? [PASS_ROLE, ...carried] : carried)
      .filter((action) => own.has(action))
      .map((action): Request => ({ ...entry.witness, action }))
    const [witness = entry.witness, ...besides] = requests
    const named = ways.map(({ needs }) => needs.flat().find((each) => held.has(each)) ?? '')
    const why = `${kind.why}: ${namesOf([...new Set(named)])}`
    return {
      ...escalationOf({ ...entry, isPotential: true }, { ...kind, why }),
      path: [
        {
          way: ways[0]?.id ?? '',
          actor: entry.principals[0] ?? '',
          does: kind.why.replace(/^may /, 'can '),
          reaches: null,
          witness,
          besides,
        },
      ],
    }
  })
}

const namesOf = (actions: readonly string[]): string =>
  actions.length <= MOST_NAMED
    ? actions.join(', ')
    : `${actions.slice(0, MOST_NAMED).join(', ')} and ${actions.length - MOST_NAMED} more`

/** Keys and passwords of oneself are nobody else's. */
const isHarmless = ({ resources, notResources }: AccessEntry, type: WayEnd['type']): boolean =>
  type === 'user' &&
  notResources.length === 0 &&
  resources.length > 0 &&
  resources.every((resource) => /:user\/(?:[^*?]*\/)?\$\{aws:username\}$/i.test(resource))

/** Actions of ways that a side allows on something, and denies nowhere as such. */
function allowedBy({ ways, denies }: PrincipalSide, table: ActionTable): readonly string[] {
  const actions = new Set([...WAYS, ...SHARING].flatMap(({ needs }) => needs.flat())).add(PASS_ROLE)
  const flat = denies.filter(({ symbolic }) => symbolic.literals.length === 0 && !symbolic.never)
  return [...actions].filter((action) => {
    const isIn = table.membershipOf(action)
    return (
      ways.some((layers) => layers.every((layer) => layer.some((each) => isIn(each.actions)))) &&
      !flat.some((each) => isIn(each.actions))
    )
  })
}
