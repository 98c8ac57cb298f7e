import { commonSamples, samplesOf } from './globs.ts'
import { type Rule, takesText } from './rules.ts'

/** What one rule takes, and other rules tell apart. */
interface Texts {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

type Part = keyof Texts

/** Finds texts for the parts of a request, once for the same rules. */
export class ProbeTexts {
  readonly #known = new Map<string, Texts>()
  readonly #numbers = new Map<Rule, number>()

  /** @param needed of the rules those that are to match besides */
  of(allow: Rule, rules: readonly Rule[], needed: ReadonlySet<Rule>): Texts {
    const key = `${this.#key([allow])} ${this.#key(rules)} ${this.#key([...needed])}`
    let known = this.#known.get(key)
    if (known === undefined) {
      const found = (part: Part) => toldApart(samples(allow, rules, needed, part), allow, rules, part)
      known = { actions: found('actions'), resources: found('resources') }
      this.#known.set(key, known)
    }
    return known
  }

  #key(rules: readonly Rule[]): string {
    return rules.map((rule) => this.#number(rule)).join()
  }

  #number(rule: Rule): number {
    const known = this.#numbers.get(rule) ?? this.#numbers.size
    this.#numbers.set(rule, known)
    return known
  }
}

/**
 * Of texts that a rule takes, the first of all that the same rules take: policies with a thousand actions tell few apart, and what
 * is found of one of them would be found of the others.
 */
function toldApart(
  texts: readonly string[],
  allow: Rule,
  rules: readonly Rule[],
  part: Part,
): readonly string[] {
  const first = new Map<string, string>()
  for (const text of texts) {
    if (!takesText(allow[part], text)) continue
    const taking = rules.map((rule) => (takesText(rule[part], text) ? '1' : '0')).join('')
    if (!first.has(taking)) first.set(taking, text)
  }
  return [...first.values()]
}

/** Texts for one part of a request, such that some are there for whatever the other rules tell apart. */
function samples(
  allow: Rule,
  rules: readonly Rule[],
  needed: ReadonlySet<Rule>,
  part: Part,
): readonly string[] {
  const texts = new Set<string>()
  const own = allow[part]
  const others = rules.filter((rule) => rule !== allow).map((rule) => ({ rule, patterns: rule[part] }))
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
