import { accountTitle } from '../layout/account-title.ts'
import type { Review, ReviewEntry, ReviewHead, ReviewSection, ReviewVerdict } from '../review/review.ts'
import { alikeAsOne, BRIEF_LINE, briefItem, cut, diffLines, fullItem, shortItem } from './entries.ts'
import { fenced } from './fenced.ts'
import { codeSpan, inline, inlineHtml, longestRun, safeInCode } from './inline.ts'

/** A comment of GitHub's takes 65,536 characters; a marker and a note before it have room as well. */
const MOST_BYTES = 60_000
/** What matters stands in the first 2,000 characters, a marker and a note before it among them. */
const AT_A_GLANCE = 1_700

interface PageOptions {
  /** Where all of it is, where something had to be left out; null: nowhere but in the command's other formats. */
  readonly wholeAt: string | null
  /** Whose result it is, where the review doesn't know it; absent: nobody does. */
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
  const page = new Page(accounts.size > 1, wholeAt)
  return page.render(
    commit === null ? review : { ...review, commit: { id: commit, isDirty: null } },
    mostBytes,
  )
}

class Page {
  readonly #showsAccounts: boolean
  readonly #wholeAt: string | null
  /** For the line that says how many are left out. */
  readonly #restBytes: number
  /** Measured first, and written later. */
  readonly #known = new Map<ReviewEntry, string>()

  constructor(showsAccounts: boolean, wholeAt: string | null) {
    this.#showsAccounts = showsAccounts
    this.#wholeAt = wholeAt
    this.#restBytes = bytesOf(this.#rest(Number.MAX_SAFE_INTEGER).join('')) + 2
  }

  render({ verdict, commit, heads, sections }: Review, mostBytes: number): string {
    const top = [verdictLine(verdict), ...headLines(heads, commit)].join('\n\n')
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
    const brief = (entry: ReviewEntry) => briefItem(entry, this.#showsAccounts)
    const counts = sections.map((section) => restBelow(countOf(section.entries), true))
    let left = room - titles.concat(counts).reduce((sum, line) => sum + line.length + 2, 0)
    // No section is to take what the first entries of a later one need.
    const kept = sections.map(({ entries }) =>
      entries
        .slice(0, FIRST_ENTRIES)
        .reduce((sum, entry) => sum + Math.min(brief(entry).length, BRIEF_LINE) + 1, 0),
    )
    return sections
      .map(({ entries }, index) => {
        const lines: string[] = []
        const most = left - kept.slice(index + 1).reduce((sum, each) => sum + each, 0)
        let used = 0
        for (const entry of entries) {
          const line = brief(entry)
          if (used + line.length + 1 > most) break
          used += line.length + 1
          lines.push(line)
        }
        left -= used
        const rest = countOf(entries.slice(lines.length))
        return [titles[index], ...lines, ...(rest === 0 ? [] : [restBelow(rest, lines.length > 0)])].join(
          '\n',
        )
      })
      .join('\n\n')
  }

  /** Never folded: what is dangerous. */
  #open(section: ReviewSection, most: number): string {
    const title = `### ${titleOf(section)}`
    const { items, rest } = this.#items(section.entries, most - bytesOf(title) - this.#restBytes)
    return [title, '', ...items, ...this.#rest(rest)].join('\n')
  }

  #folded(section: ReviewSection, most: number): string {
    if (section.name === 'changes') return this.#changes(section, most)
    const title = titleOf(section)
    const frame = bytesOf(title) + FOLD_BYTES
    const { items, rest } = this.#items(section.entries, most - frame - this.#restBytes)
    return fold(title, [...items, ...this.#rest(rest)].join('\n'))
  }

  /** As many in full as there is room for; of the others those that are alike as one, on a line each; and how many are left. */
  #items(
    entries: readonly ReviewEntry[],
    most: number,
  ): { readonly items: readonly string[]; readonly rest: number } {
    const all = entries.map((entry) => this.#full(entry))
    if (bytesOf(all.join('\n')) <= most) return { items: all, rest: 0 }
    const items: string[] = []
    let left = most
    for (const item of all) {
      const bytes = bytesOf(item) + 1
      if (bytes > left - most * FOR_SHORT) break
      items.push(item)
      left -= bytes
    }
    const others = alikeAsOne(entries.slice(items.length))
    let shown = 0
    for (const entry of others) {
      const item = shortItem(entry, this.#showsAccounts)
      const bytes = bytesOf(item) + 1
      if (bytes > left) break
      items.push(item)
      left -= bytes
      shown++
    }
    return { items, rest: countOf(others.slice(shown)) }
  }

  #full(entry: ReviewEntry): string {
    const known = this.#known.get(entry)
    if (known !== undefined) return known
    const item = fullItem(entry, this.#showsAccounts)
    this.#known.set(entry, item)
    return item
  }

  /** File after file, in full as far as there is room; then what is alike as one, without its details. */
  #changes(section: ReviewSection, most: number): string {
    const title = titleOf(section)
    const room = most - bytesOf(title) - FOLD_BYTES - this.#restBytes
    const all = this.#files(section.entries, Number.POSITIVE_INFINITY)
    if (bytesOf(all.text) <= room) return fold(title, all.text)
    let left = room * (1 - FOR_SHORT)
    const end = section.entries.findIndex((entry) => {
      left -= bytesOf(diffLines(entry).join('\n')) + 1
      return left < 0
    })
    const others = alikeAsOne(section.entries.slice(end)).map((entry) => ({ ...entry, short: '', lines: [] }))
    const { text, rest } = this.#files([...section.entries.slice(0, end), ...others], room)
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
        const own = diffLines(entry).map(safeInCode)
        // A fence is longer than what it holds has backticks in a row.
        const bytes = own.reduce((sum, line) => sum + bytesOf(line) + 1 + 2 * longestRun(line), 0)
        if (rest === 0 && bytes <= left) {
          lines.push(...own)
          left -= bytes
        } else rest += entry.count
      }
      if (lines.length > 0) blocks.push(`${title}\n\n${fenced(lines, 'diff')}`)
    }
    return { text: blocks.join('\n\n'), rest }
  }

  #rest(count: number): readonly string[] {
    if (count === 0) return []
    const where =
      this.#wholeAt === null
        ? 'the other formats have all'
        : `[all of it](<${this.#wholeAt.replace(/[<>\s]/g, encodeURIComponent)}>)`
    return [`… and ${count} more: ${where}`]
  }
}

const LEAST_OPEN = 6_000
const LEAST_FOLDED = 3_000
/** Of an account, or a branch. */
const MOST_NAME = 80
/** At a glance, so many of each section stand there before more of an earlier one. */
const FIRST_ENTRIES = 2
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

/** Of very many accounts the rest is only counted. */
const MOST_HEADS = 3

const headLines = (heads: readonly ReviewHead[], commit: Review['commit']): readonly string[] => [
  ...(commit === null
    ? []
    : [
        `commit ${codeSpan(shortCommit(commit.id))}${commit.isDirty === true ? ', with changes that are not committed' : ''}`,
      ]),
  ...heads.slice(0, MOST_HEADS).map(headLine),
  ...(heads.length > MOST_HEADS ? [`… and ${heads.length - MOST_HEADS} more accounts`] : []),
]

const shortCommit = (commit: string): string => cut(commit, 40).slice(0, 12)

const headLine = ({ account, digest, against }: ReviewHead): string => {
  const title = codeSpan(cut(accountTitle(account), MOST_NAME))
  if (digest === null) return title
  const base =
    against === null
      ? 'compared with the target'
      : `compared with ${codeSpan(cut(against.ref, MOST_NAME))} (${codeSpan(shortCommit(against.commit))}), no target was read`
  return [title, codeSpan(cut(digest, MOST_NAME)), base].join(' · ')
}

const titleOf = ({ title, entries }: ReviewSection): string =>
  `${title.slice(0, 1).toUpperCase()}${title.slice(1)} (${countOf(entries)})`

const countOf = (entries: readonly ReviewEntry[]): number =>
  entries.reduce((sum, { count }) => sum + count, 0)

const restBelow = (count: number, hasSome: boolean): string =>
  hasSome ? `- … and ${count} more, below` : `- … ${count}, below`

const fold = (title: string, body: string): string =>
  `<details><summary>${inlineHtml(title)}</summary>\n\n${body}\n\n</details>`
