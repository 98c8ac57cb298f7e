import type { AccessEntry, Direction } from '../../access/access-entry.ts'
import type { Escalation } from '../../access/escalation/escalation.ts'
import { ofWhoeverItIs, statementKey } from '../access/access-lines.ts'
import type { AccessPage } from '../access/access-page.ts'
import type { Laid } from '../access/laid.ts'
import { whyText } from './escalation-lines.ts'

/** Ways to power of one principal before they are only counted. */
const MOST_WAYS = 12

/** Entries of a diff, by whether they are told of with an escalation. */
interface ToldEntries {
  /** Of the principals that come to power by them; these stand below what can be done with them. */
  readonly escalating: readonly AccessEntry[]
  /** Of the others. */
  readonly others: readonly AccessEntry[]
}

/** Takes apart what gives somebody power from what doesn't: every entry in full, each principal of it once. */
export function toldEntries(
  entries: readonly AccessEntry[],
  escalations: readonly Escalation[],
): ToldEntries {
  const byStatement = new Map<string, Escalation[]>()
  for (const each of escalations) {
    const key = keyOf(each)
    byStatement.set(key, [...(byStatement.get(key) ?? []), each])
  }
  const escalating: AccessEntry[] = []
  const others: AccessEntry[] = []
  for (const entry of entries) {
    const by = (byStatement.get(keyOf(entry)) ?? []).filter(({ actions }) =>
      actions.some((action) => entry.actions.includes(action)),
    )
    const meant = new Set(by.flatMap(({ principals }) => principals))
    const own = entry.principals.filter((principal) => meant.has(principal))
    // Of policies that anybody may hold there are no principals.
    if (entry.principals.length === 0) (by.length > 0 ? escalating : others).push(entry)
    else {
      const rest = entry.principals.filter((principal) => !meant.has(principal))
      if (own.length > 0) escalating.push({ ...entry, principals: own })
      if (rest.length > 0) others.push({ ...entry, principals: rest })
    }
  }
  return { escalating, others }
}

/** Whether somebody must play along is said of the way, not of the statement. */
const keyOf = (entry: AccessEntry): string => statementKey({ ...entry, isPotential: false })

/**
 * Who gains which power, the heaviest first: what each can come to, and below it the statements that grant it.
 * @param escalations in the order of a report
 * @param escalating see `toldEntries`
 */
export const escalationsLaid = (
  page: AccessPage,
  escalations: readonly Escalation[],
  escalating: readonly AccessEntry[],
  direction: Direction,
): readonly Laid[] => escalationGroups(page, escalations, escalating, direction).map(({ laid }) => laid)

/** Ways to power that the same principals gain, or lose. */
interface EscalationGroup {
  /** The heaviest first. */
  readonly ways: readonly Escalation[]
  readonly laid: Laid
}

/** The same with the ways themselves. */
export function escalationGroups(
  page: AccessPage,
  escalations: readonly Escalation[],
  escalating: readonly AccessEntry[],
  direction: Direction,
): readonly EscalationGroup[] {
  const groups = new Map<string, Escalation[]>()
  for (const each of merged(escalations)) {
    const key = each.principals.join('\n')
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].flatMap((group) => {
    const statements = page.groups(statementsOf(group, escalating), direction)
    const [first] = statements
    const [heaviest] = group
    if (first === undefined || heaviest === undefined) return []
    const ways = waysTold(group)
    const more = ways.length - MOST_WAYS
    const lines = () => [
      ...ways.slice(0, MOST_WAYS),
      ...(more > 0 ? [`and ${more} more; \`--json\` has them all`] : []),
      ...statements.flatMap((each) => each.lines()),
    ]
    const short = () => `${heaviest.severity}: ${whyText(heaviest)}`
    return [{ ways: group, laid: { ...first, lines, short } }]
  })
}

/** Each way once, with how many statements give it, which stand below. */
function waysTold(group: readonly Escalation[]): readonly string[] {
  const statements = new Map<string, Set<string>>()
  for (const each of group) {
    const way = `${each.severity}: ${whyText(each)}`
    statements.set(way, (statements.get(way) ?? new Set()).add(keyOf(each)))
  }
  return [...statements].map(([way, { size }]) => (size === 1 ? way : `${way}, by ${size} statements`))
}

/** What several can come to in the same way, once, with all of them; the heaviest first. */
function merged(escalations: readonly Escalation[]): readonly Escalation[] {
  const found = new Map<string, Escalation>()
  for (const each of escalations) {
    const key = JSON.stringify([
      each.why,
      each.class,
      each.targets,
      each.actions,
      each.isPotential,
      statementKey(each),
      // The steps of several name who takes them.
      each.path.length > 1 ? each.principals : null,
    ])
    const known = found.get(key)
    found.set(
      key,
      known === undefined
        ? each
        : { ...known, principals: [...new Set([...known.principals, ...each.principals])].sort() },
    )
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight)
}

/** The entries of a group's statements; of a statement that was there before, the action of the first step. */
function statementsOf(
  group: readonly Escalation[],
  escalating: readonly AccessEntry[],
): readonly AccessEntry[] {
  const principals = group[0]?.principals ?? []
  const keys = new Set(group.map(keyOf))
  const changed = escalating.filter(
    (entry) =>
      keys.has(keyOf(entry)) &&
      (entry.principals.length === 0 || entry.principals.some((each) => principals.includes(each))),
  )
  const known = new Set(changed.map(keyOf))
  const before = new Map<string, AccessEntry>()
  for (const escalation of group) {
    const key = keyOf(escalation)
    if (known.has(key)) continue
    const entry = entryOf(escalation)
    const same = before.get(key)
    const actions = [...new Set([...(same?.actions ?? []), ...entry.actions])].sort()
    before.set(key, { ...entry, actions })
  }
  const isOfOne = principals.length === 1
  return [...changed, ...before.values()].map((entry) => ({
    ...(isOfOne ? entry : ofWhoeverItIs(entry)),
    principals,
  }))
}

/** The statement that grants the first step, without what can be done with it. */
function entryOf({
  rule: _rule,
  class: _class,
  weight: _weight,
  severity: _severity,
  target: _target,
  targets: _targets,
  path,
  likewise: _likewise,
  why: _why,
  ...entry
}: Escalation): AccessEntry {
  const [step] = path
  return { ...entry, isPotential: false, ...(step === undefined ? {} : { actions: [step.witness.action] }) }
}
