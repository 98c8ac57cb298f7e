import { accountTitle } from '../layout/account-title.ts'
import type { Review, ReviewEntry, ReviewHead, ReviewSection, ReviewVerdict } from '../review/review.ts'
import { alikeAsOne, diffLines, fullItem, shortItem } from './entries.ts'
import { fenced } from './fenced.ts'
import { codeSpan, inline, inlineHtml, longestRun } from './inline.ts'

/** A comment of GitHub's takes 65,536 characters; a marker and a note before it have room as well. */
const MOST_BYTES = 60_000
/** What matters stands in the first 2,000 characters, a marker and a note before it among them. */
const AT_A_GLANCE = 1_700

interface PageOptions {
  /** Where all of it is, where something had to be left out; null: nowhere but in the command's other formats. */
  readonly wholeAt: string | null
  /** Whose result it is; absent: nobody asks. */
  readonly commit?: string | null
  /** For all of it. */
  readonly mostBytes?: number
}

/** A review as a comment, or as the summary of a job. */
export function reviewPage(
  review: Review,
  { wholeAt, commit = null, mostBytes = MOST_BYTES }: PageOptions,
): string {
  const accounts = new Set(
    [...review.heads, ...review.sections.flatMap(({ entries }) => entries)].flatMap(
      ({ account }) => account?.id ?? [],
    ),
  )
  const page = new Page(accounts.size > 1, wholeAt, commit)
  return page.render(review, mostBytes)
}

class Page {
  readonly #showsAccounts: boolean
  readonly #wholeAt: string | null
  readonly #commit: string | null

  constructor(showsAccounts: boolean, wholeAt: string | null, commit: string | null) {
    this.#showsAccounts = showsAccounts
    this.#wholeAt = wholeAt
    this.#commit = commit
  }

  render({ verdict, heads, sections }: Review, mostBytes: number): string {
    const of = this.#commit === null ? [] : [`commit ${codeSpan(this.#commit.slice(0, 12))}`]
    const top = [verdictLine(verdict), ...headLines(heads), ...of].join('\n\n')
    const dangerous = sections.filter(({ mayFold }) => !mayFold)
    const folded = sections.filter(({ mayFold }) => mayFold)
    const whole = dangerous.map((section) => this.#open(section, Number.POSITIVE_INFINITY))
    const isShort = top.length + whole.reduce((sum, text) => sum + text.length + 2, 0) <= AT_A_GLANCE
    const glance = isShort ? [] : [this.#glance(dangerous, AT_A_GLANCE - top.length)]
    const parts = [top, ...glance]
    let left = mostBytes - bytesOf(parts.join('\n\n'))
    const wanted = [
      ...dangerous.map((section, index) => ({
        section,
        bytes: bytesOf(whole[index] ?? ''),
        least: LEAST_OPEN,
        render: (most: number) => this.#open(section, most),
      })),
      ...folded.map((section) => ({
        section,
        bytes: bytesOf(this.#folded(section, Number.POSITIVE_INFINITY)),
        least: LEAST_FOLDED,
        render: (most: number) => this.#folded(section, most),
      })),
    ]
    for (const [index, { bytes, render }] of wanted.entries()) {
      const kept = wanted
        .slice(index + 1)
        .reduce((sum, each) => sum + Math.min(each.bytes, each.least) + 2, 0)
      const room = left - kept - 2
      const text = render(bytes <= room ? Number.POSITIVE_INFINITY : room)
      parts.push(text)
      left -= bytesOf(text) + 2
    }
    return parts.join('\n\n')
  }

  /** What doesn't fit is counted, and stands below. */
  #glance(sections: readonly ReviewSection[], room: number): string {
    const titles = sections.map((section) => `**${titleOf(section)}**`)
    const counts = sections.map(({ entries }) => `- … and ${entries.length} more, below`)
    let left = room - titles.concat(counts).reduce((sum, line) => sum + line.length + 2, 0)
    return sections
      .map(({ entries }, index) => {
        const lines: string[] = []
        for (const entry of entries) {
          const line = shortItem(entry, this.#showsAccounts)
          if (line.length + 1 > left) break
          left -= line.length + 1
          lines.push(line)
        }
        const more = entries.length - lines.length
        const rest =
          more === 0
            ? []
            : [`- … ${lines.length === 0 ? '' : 'and '}${more}${lines.length === 0 ? '' : ' more'}, below`]
        return [titles[index], ...lines, ...rest].join('\n')
      })
      .join('\n\n')
  }

  /** Never folded: what is dangerous. */
  #open(section: ReviewSection, most: number): string {
    const title = `### ${titleOf(section)}`
    const { items, rest } = this.#items(section.entries, most - bytesOf(title) - REST_BYTES, ({ merge }) =>
      JSON.stringify([merge.rule, merge.target]),
    )
    return [title, '', ...items, ...this.#rest(rest)].join('\n')
  }

  #folded(section: ReviewSection, most: number): string {
    if (section.name === 'changes') return this.#changes(section, most)
    const title = titleOf(section)
    const frame = bytesOf(title) + FOLD_BYTES
    const { items, rest } = this.#items(section.entries, most - frame - REST_BYTES, ({ merge }) =>
      JSON.stringify([merge.rule, merge.target]),
    )
    return fold(title, [...items, ...this.#rest(rest)].join('\n'))
  }

  /** As many as there is room for: in full, then on a line each, and of the rest how many. */
  #items(
    entries: readonly ReviewEntry[],
    most: number,
    keyOf: (entry: ReviewEntry) => string,
  ): { readonly items: readonly string[]; readonly rest: number } {
    const all = entries.map((entry) => fullItem(entry, this.#showsAccounts))
    if (bytesOf(all.join('\n')) <= most) return { items: all, rest: 0 }
    const items: string[] = []
    let left = most
    let rest = 0
    for (const entry of alikeAsOne(entries, keyOf)) {
      const full = fullItem(entry, this.#showsAccounts)
      const short = shortItem(entry, this.#showsAccounts)
      const item = bytesOf(full) + 1 <= left - most * FOR_SHORT ? full : short
      if (rest === 0 && bytesOf(item) + 1 <= left) {
        items.push(item)
        left -= bytesOf(item) + 1
      } else rest += entry.count
    }
    return { items, rest }
  }

  /** File after file; where there is no room for all, changes that are alike are one each, and the last ones are counted. */
  #changes(section: ReviewSection, most: number): string {
    const title = titleOf(section)
    const room = most - bytesOf(title) - FOLD_BYTES - REST_BYTES
    const all = this.#files(section.entries, Number.POSITIVE_INFINITY)
    if (bytesOf(all.text) <= room) return fold(title, all.text)
    const alike = alikeAsOne(section.entries, ({ merge, place }) =>
      JSON.stringify([merge.rule, merge.target, place?.file ?? null]),
    )
    const { text, rest } = this.#files(alike, room)
    return fold(title, [text, ...this.#rest(rest)].filter((part) => part !== '').join('\n\n'))
  }

  #files(entries: readonly ReviewEntry[], most: number): { readonly text: string; readonly rest: number } {
    const files = new Map<string | null, ReviewEntry[]>()
    for (const entry of entries) {
      const file = entry.place?.file ?? null
      const known = files.get(file)
      if (known === undefined) files.set(file, [entry])
      else known.push(entry)
    }
    const blocks: string[] = []
    let left = most
    let rest = 0
    for (const [file, ofFile] of files) {
      const title = `**${file === null ? 'no longer declared' : inline(file)}**`
      left -= bytesOf(title) + FENCE_BYTES
      const lines: string[] = []
      for (const entry of ofFile) {
        const text = diffLines(entry).join('\n')
        // A fence is longer than what it holds has backticks in a row.
        const bytes = bytesOf(text) + 1 + 2 * longestRun(text)
        if (rest === 0 && bytes <= left) {
          lines.push(text)
          left -= bytes
        } else rest += entry.count
      }
      if (lines.length > 0) blocks.push(`${title}\n\n${fenced(lines.join('\n'), 'diff')}`)
    }
    return { text: blocks.join('\n\n'), rest }
  }

  #rest(count: number): readonly string[] {
    if (count === 0) return []
    const where = this.#wholeAt === null ? 'the other formats have all' : `[all of it](<${this.#wholeAt}>)`
    return [`… and ${count} more: ${where}`]
  }
}

const LEAST_OPEN = 6_000
const LEAST_FOLDED = 3_000
/** For the line that says how many are left out. */
const REST_BYTES = 400
/** Tags and blank lines around what is folded; escapes in its title among them. */
const FOLD_BYTES = 120
/** Two fences, what they colour, and blank lines. */
const FENCE_BYTES = 24
/** Of a section that doesn't fit, the part for entries with a line each. */
const FOR_SHORT = 0.3

const bytesOf = (text: string): number => Buffer.byteLength(text)

const ICONS: Readonly<Record<ReviewVerdict['level'], string>> = { danger: '🔴', caution: '🟡', quiet: '🟢' }

function verdictLine({ level, counts, otherwise, objections }: ReviewVerdict): string {
  const said = counts.map(([count, of]) => `${count} ${of}`).join(' · ')
  const lines = [`${ICONS[level]} ${said === '' ? otherwise : said}`]
  return [...lines, ...(objections.length === 0 ? [] : [`⛔ ${objections.map(inline).join(' · ')}`])].join(
    '\n\n',
  )
}

const headLines = (heads: readonly ReviewHead[]): readonly string[] =>
  heads.map(({ account, digest, against }) =>
    [
      codeSpan(accountTitle(account)),
      codeSpan(digest),
      against === null
        ? 'compared with the target'
        : `compared with ${codeSpan(against.ref)} (${codeSpan(against.commit.slice(0, 12))}), no target was read`,
    ].join(' · '),
  )

const titleOf = ({ title, entries }: ReviewSection): string =>
  `${title.slice(0, 1).toUpperCase()}${title.slice(1)} (${entries.length})`

const fold = (title: string, body: string): string =>
  `<details><summary>${inlineHtml(title)}</summary>\n\n${body}\n\n</details>`
