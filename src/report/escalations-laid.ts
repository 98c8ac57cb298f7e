import type { AccessEntry } from '../access/access-diff.ts'
import type { Escalation } from '../access/escalation/escalation.ts'
import type { Account } from '../model/index.ts'
import { type Direction, statementKey } from './access-lines.ts'
import type { AccessPage, Laid } from './access-page.ts'
import { briefSteps, whyText } from './escalation-lines.ts'

/** Ways to power of one principal before they are only counted. */
const MOST_WAYS = 12

/**
 * Who gains which power, the heaviest first: what each can come to, and below it the statements that grant it.
 * @param escalations in the order of a report
 */
export function escalationsLaid(
  page: AccessPage,
  escalations: readonly Escalation[],
  direction: Direction,
  account: Account | null,
): readonly Laid[] {
  const groups = new Map<string, Escalation[]>()
  for (const each of merged(escalations).toSorted((a, b) => b.weight - a.weight)) {
    const key = each.principals.join('\n')
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [each])
    else known.push(each)
  }
  return [...groups.values()].flatMap((group) => {
    const statements = page.groups(statementsOf(group), direction)
    const [first] = statements
    if (first === undefined) return []
    const ways = [...new Map(group.map((each) => [whyText(each, account), each]))]
    const shown = ways
      .slice(0, MOST_WAYS)
      .flatMap(([why, each]) => [
        `${each.severity}: ${why}`,
        ...briefSteps(each, account).map((line) => `  ${line}`),
      ])
    const more = ways.length - MOST_WAYS
    const lines = () => [
      ...shown,
      ...(more > 0 ? [`and ${more} more; \`iam-sync access escalations\` lists them all`] : []),
      ...statements.flatMap((each) => each.lines()),
    ]
    const [heaviest] = ways
    return [
      {
        ...first,
        lines,
        short: () => (heaviest === undefined ? '' : `${heaviest[1].severity}: ${heaviest[0]}`),
      },
    ]
  })
}

/** What several can come to in the same way, once, with all of them. */
function merged(escalations: readonly Escalation[]): readonly Escalation[] {
  const found = new Map<string, Escalation>()
  for (const each of escalations) {
    const key = JSON.stringify([
      each.why,
      each.class,
      each.targets,
      each.actions,
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
  return [...found.values()]
}

/** The statements that grant the first steps, as entries without what can be done with them. */
function statementsOf(escalations: readonly Escalation[]): readonly AccessEntry[] {
  const statements = new Map<string, AccessEntry>()
  for (const escalation of escalations) {
    const entry = entryOf(escalation)
    const key = statementKey(entry)
    const known = statements.get(key)
    statements.set(
      key,
      known === undefined
        ? entry
        : { ...known, actions: [...new Set([...known.actions, ...entry.actions])].sort() },
    )
  }
  return [...statements.values()]
}

/** Whether somebody else must play along is said of the way, not of the statement. */
function entryOf({
  rule: _rule,
  class: _class,
  weight: _weight,
  severity: _severity,
  target: _target,
  targets: _targets,
  path: _path,
  why: _why,
  ...entry
}: Escalation): AccessEntry {
  return { ...entry, isPotential: false }
}

/**
 * Entries of which every action of every principal stands among escalations already.
 * @returns the others
 */
export function notEscalating(
  entries: readonly AccessEntry[],
  escalations: readonly Escalation[],
): readonly AccessEntry[] {
  const told = new Set(
    escalations.flatMap((each) => {
      const key = statementKey({ ...each, isPotential: false })
      return each.principals.flatMap((principal) =>
        each.actions.map((action) => `${principal} ${action} ${key}`),
      )
    }),
  )
  // Of policies that anybody may hold there are no principals.
  const anybody = new Set(
    escalations.flatMap((each) =>
      each.actions.map((action) => `${action} ${statementKey({ ...each, isPotential: false })}`),
    ),
  )
  return entries.filter((entry) => {
    const key = statementKey({ ...entry, isPotential: false })
    return !(entry.principals.length === 0
      ? entry.actions.every((action) => anybody.has(`${action} ${key}`))
      : entry.principals.every((principal) =>
          entry.actions.every((action) => told.has(`${principal} ${action} ${key}`)),
        ))
  })
}
