import type { Escalation } from './escalation.ts'
import { waysTo } from './ways/ways.ts'

/** Names in a sentence. */
const MOST_NAMED = 3

/** Ways that start something with a role, or run code in what has one. */
const STARTING: ReadonlySet<string> = new Set([...waysTo('passed'), ...waysTo('running')].map(({ id }) => id))

/**
 * What one principal can come to in ways that differ only in what is started, or in what it acts through, once: the first stands for
 * the others.
 * @param escalations of one principal, the heaviest first among equals
 */
export function alikeOnce(escalations: readonly Escalation[]): readonly Escalation[] {
  const groups = new Map<string, Escalation[]>()
  for (const [index, each] of escalations.entries()) {
    const isStarting = each.rule === 'pass-role' || STARTING.has(each.path.at(-1)?.way ?? '')
    const key = isStarting ? endsAlike(each) : `${index}`
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? []
    const own = first.path.at(-1)?.way
    const likewise = [...new Set(others.flatMap(({ path }) => path.at(-1)?.way ?? []))].filter(
      (way) => way !== own,
    )
    return [{ ...first, likewise, why: `${first.why}${orBy(likewise)}` }]
  })
}

/** The same for ways to the same, over the same steps but the last. */
const endsAlike = ({ class: kind, targets, isPotential, path }: Escalation): string =>
  JSON.stringify([
    kind,
    [...targets].sort(),
    isPotential,
    path.slice(0, -1).map(({ way, reaches }) => [way, reaches]),
  ])

function orBy(ways: readonly string[]): string {
  if (ways.length === 0) return ''
  const more = ways.length - MOST_NAMED
  return `; or by ${ways.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
