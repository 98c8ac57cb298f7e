import { LEVELS } from '../access/access-lines.ts'
import type { Review } from '../review/review.ts'
import { type Markup, markup } from './markup.ts'

/** Principals of a review by number: entries of many say ranges of these, not names. */
export class PrincipalNumbers {
  /** Sorted; the number of each is its place. */
  readonly names: readonly string[]
  readonly #numbers: ReadonlyMap<string, number>

  constructor({ sections }: Review) {
    this.names = [
      ...new Set(sections.flatMap(({ entries }) => entries.flatMap(({ principals }) => principals))),
    ].sort()
    this.#numbers = new Map(this.names.map((name, number) => [name, number]))
  }

  /** `0-3 7`; empty: of nobody in particular. */
  of(principals: readonly string[]): string {
    const numbers = principals.flatMap((name) => this.#numbers.get(name) ?? []).sort((a, b) => a - b)
    const ranges: [first: number, last: number][] = []
    for (const number of numbers) {
      const range = ranges.at(-1)
      if (range !== undefined && number <= range[1] + 1) range[1] = number
      else ranges.push([number, number])
    }
    return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(' ')
  }
}

/** Hidden until the script shows it: without that it would do nothing. */
export function reviewFilter({ sections }: Review, { names }: PrincipalNumbers): Markup | null {
  const entries = sections.flatMap((section) => section.entries)
  const services = [...new Set(entries.flatMap((entry) => entry.services))].sort()
  const known = new Set(entries.flatMap((entry) => entry.levels))
  const levels = LEVELS.filter((level) => known.has(level))
  if (names.length === 0) return null
  return markup`<form class="filter" id="filter" role="search" aria-label="Filter the entries" hidden>
<label class="wide"><span>Principal</span><input type="search" name="principal" list="principals" autocomplete="off" spellcheck="false"></label>
<datalist id="principals">${names.map((name) => markup`<option value="${name}"></option>`)}</datalist>
<label class="wide"><span>Service</span><select name="service"><option value="">all</option>${services.map((service) => markup`<option value="${service}">${service}</option>`)}</select></label>
${levels.length === 0 ? null : markup`<fieldset><legend>Level</legend>${levels.map((level) => markup`<label><input type="checkbox" name="level" value="${level}" checked> ${level}</label> `)}</fieldset>`}
<button type="button">Show all</button>
<output id="filter-says" aria-live="polite"></output>
</form>`
}
