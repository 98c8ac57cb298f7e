import { commonSamples, samplesOf } from './globs.ts'
import { isAbout, type Patterns, type Rule, type RuleProbe } from './rules.ts'
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

  wider(before: Situation, now: Situation, after: Situation): Wider {
    if (now === before || now === after) return NONE
    if (isPlainlyWithin(before, now, after)) return NONE
    const key = `${before.id} ${now.id} ${after.id}`
    let known = this.#known.get(key)
    if (known === undefined) {
      known = search(before, now, after)
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

function search(before: Situation, now: Situation, after: Situation): Wider {
  const all = [before, now, after]
  const rules = [...new Set(all.flatMap(({ identity, boundary }) => [...identity, ...(boundary ?? [])]))]
  const bounds = now.boundary === null ? [null] : allowing(now.boundary)
  let left = MOST_PROBES
  for (const allow of allowing(now.identity)) {
    // What it takes besides: what bounds it, and what denies it before and after.
    const needed = new Set([...bounds.filter((rule) => rule !== null), ...denying(before), ...denying(after)])
    const actions = samples(allow, rules, needed, (rule) => rule.actions)
    const resources = samples(allow, rules, needed, (rule) => rule.resources)
    left -= actions.length * resources.length
    if (left < 0) return UNKNOWN
    for (const action of actions)
      for (const resource of resources) {
        const probe = { action, resource }
        if (!isAbout(allow, probe)) continue
        const request = onProbe(probe, allow, before, now, after)
        if (request !== null) return { type: 'found', request }
      }
  }
  return NONE
}

/** Texts for one part of a request, such that some are there for whatever the other rules tell apart. */
function samples(
  allow: Rule,
  rules: readonly Rule[],
  needed: ReadonlySet<Rule>,
  part: (rule: Rule) => Patterns,
): readonly string[] {
  const texts = new Set<string>()
  const own = part(allow)
  const others = rules.filter((rule) => rule !== allow).map((rule) => ({ rule, patterns: part(rule) }))
  // A text that a negated list leaves out is told by the list's entries.
  const telling = others.filter(({ rule, patterns }) => patterns.negated || needed.has(rule))
  const entries = [...new Set(telling.flatMap(({ patterns }) => patterns.entries))]
  // What somebody has written down is the better example.
  for (const { patterns } of others)
    for (const entry of patterns.entries) if (!/[*?]/.test(entry)) texts.add(entry)
  for (const pattern of own.negated ? ['*', ...entries] : own.entries) {
    for (const text of samplesOf(pattern)) texts.add(text)
    if (!/[*?]/.test(pattern)) continue
    for (const entry of entries) for (const text of commonSamples(pattern, entry)) texts.add(text)
  }
  return [...texts]
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
