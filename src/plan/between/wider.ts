import { ProbeTexts } from './probe-texts.ts'
import { isAbout, type Rule, type RuleProbe } from './rules.ts'
import { allowing, denying, type Situation } from './situation.ts'

/*
 * Whether a situation allows what neither of two others does. A request is an action, a resource, and tests of
 * conditions that come out true; the search is the small-model one: what makes the rules match that must, with a
 * fresh text in the place of each wildcard, matches as few others as possible. Tests of conditions count as independent
 * of each other, so that a request may be found that can't be made; one that is there is missed only where it takes
 * three patterns that overlap without one lying within another.
 */

/** A request that is allowed for a time. */
interface WiderRequest extends RuleProbe {
  /** Tests of conditions that come out true, in canonical spelling. */
  readonly tests: readonly string[]
}

export type Wider =
  | { readonly type: 'none' }
  | { readonly type: 'found'; readonly request: WiderRequest }
  /** So many patterns meet that nobody has looked at all. */
  | { readonly type: 'unknown' }

const NONE: Wider = { type: 'none' }
const UNKNOWN: Wider = { type: 'unknown' }
/** Pairs of an action and a resource that are looked at for one comparison. */
const MOST_PROBES = 200_000

/** Compares situations, each three once. */
export class SituationComparison {
  readonly #known = new Map<string, Wider>()
  readonly #texts = new ProbeTexts()

  wider(before: Situation, now: Situation, after: Situation): Wider {
    if (now === before || now === after) return NONE
    if (isPlainlyWithin(before, now, after)) return NONE
    const key = `${before.id} ${now.id} ${after.id}`
    let known = this.#known.get(key)
    if (known === undefined) {
      known = search(before, now, after, this.#texts)
      this.#known.set(key, known)
    }
    return known
  }
}

/** By the rules' names alone. */
function isPlainlyWithin(before: Situation, now: Situation, after: Situation): boolean {
  const allows = allowing(now.identity)
  if (allows.length === 0) return true
  const denies = new Set(denying(now))
  const bounds = now.boundary === null ? null : allowing(now.boundary)
  if (bounds?.length === 0) return true
  const isWithin = (ends: readonly Situation[]) => {
    const granted = new Set(ends.flatMap(({ identity }) => identity))
    return (
      allows.every((rule) => granted.has(rule)) &&
      ends.every(
        (end) =>
          denying(end).every((rule) => denies.has(rule)) &&
          (end.boundary === null || (bounds?.every((rule) => end.boundary?.includes(rule)) ?? false)),
      )
    )
  }
  return isWithin([before]) || isWithin([after]) || isWithin([before, after])
}

function search(before: Situation, now: Situation, after: Situation, texts: ProbeTexts): Wider {
  // What is in force between has few rules of its own: after the ends, they are the same ones in the same order for most steps.
  const all = [before, after, now]
  const rules = [...new Set(all.flatMap(({ identity, boundary }) => [...identity, ...(boundary ?? [])]))]
  const bounds = now.boundary === null ? [null] : allowing(now.boundary)
  let left = MOST_PROBES
  for (const allow of allowing(now.identity)) {
    // What it takes besides: what bounds it, and what denies it before and after.
    const needed = new Set([...bounds.filter((rule) => rule !== null), ...denying(before), ...denying(after)])
    const { actions, resources } = texts.of(allow, rules, needed)
    left -= actions.length * resources.length
    if (left < 0) return UNKNOWN
    for (const action of actions)
      for (const resource of resources) {
        const request = onProbe({ action, resource }, allow, before, now, after)
        if (request !== null) return { type: 'found', request }
      }
  }
  return NONE
}

/** Of rules about one action and resource, what their conditions must come to. */
function onProbe(
  probe: RuleProbe,
  allow: Rule,
  before: Situation,
  now: Situation,
  after: Situation,
): WiderRequest | null {
  const bounds = (now.boundary === null ? [] : allowing(now.boundary)).filter((rule) => isAbout(rule, probe))
  if (now.boundary !== null && bounds.length === 0) return null
  const about = new Map<Rule, boolean>()
  const active = (rule: Rule) => {
    const known = about.get(rule)
    if (known !== undefined) return known
    const is = isAbout(rule, probe)
    about.set(rule, is)
    return is
  }
  const matches = (rule: Rule, tests: ReadonlySet<string>) =>
    active(rule) && rule.tests.every((test) => tests.has(test))
  const isAllowed = ({ identity, boundary }: Situation, tests: ReadonlySet<string>) =>
    identity.some((rule) => rule.allows && matches(rule, tests)) &&
    (boundary === null || boundary.some((rule) => rule.allows && matches(rule, tests))) &&
    ![...identity, ...(boundary ?? [])].some((rule) => !rule.allows && matches(rule, tests))
  /** Nobody, or somebody who denies. */
  const deniesOf = (end: Situation) => [
    [],
    ...denying(end)
      .filter(active)
      .map((rule) => rule.tests),
  ]
  for (const bound of now.boundary === null ? [null] : bounds)
    for (const early of deniesOf(before))
      for (const late of deniesOf(after)) {
        const tests = new Set([...allow.tests, ...(bound?.tests ?? []), ...early, ...late])
        if (isAllowed(now, tests) && !isAllowed(before, tests) && !isAllowed(after, tests))
          return { ...probe, tests: [...tests].sort() }
      }
  return null
}
