import { reviewPage } from '../report/markdown/page.ts'
import type { Review, ReviewEntry, SectionName, VerdictCount } from '../report/review/review.ts'
import type { CommentCounts } from './comment-counts.ts'
import type { Annotation, CommitReport } from './forge.ts'
import type { CommentKey } from './marker.ts'
import type { ReviewComment } from './post-review.ts'

/** What a comment is made of besides the review. */
interface CommentOrigin {
  readonly key: CommentKey
  /** Where files are that places name, from the root of the repository; null: they are in no repository. */
  readonly folder: string | null
  readonly commit: string | null
  /** Where the run is seen; null: nowhere. */
  readonly link: string | null
  /** Whether the run that the comment is a part of fails. */
  readonly fails: boolean
}

/** For a service that takes less than was thought. */
const SHORTER_BYTES = 20_000

/** The comment for a review. */
export function commentOf(
  review: Review,
  { key, folder, commit, link, fails }: CommentOrigin,
): ReviewComment {
  const text = (mostBytes?: number): string =>
    [
      ...(key.origin === 'data' ? [UNTRUSTED] : []),
      reviewPage(review, { wholeAt: link, commit, ...(mostBytes === undefined ? {} : { mostBytes }) }),
    ].join('\n\n')
  const counts = countsOf(review)
  const body = text()
  return {
    key,
    counts,
    digest: digestOf(review),
    body,
    shorterBody: async () => text(SHORTER_BYTES),
    isQuiet: review.verdict.level === 'quiet' && review.sections.every(({ name }) => name === 'machine'),
    commit,
    report: {
      name: reportName(key),
      conclusion: conclusionOf(review, counts, fails),
      title: cut(titleOf(review), LONGEST_TITLE),
      summary: body,
      // Somebody else's text stands in a comment that says so, and not beside lines.
      annotations: folder === null || key.origin === 'data' ? [] : annotationsOf(review, folder),
      link,
    },
  }
}

const UNTRUSTED =
  '⚠️ **An unprivileged run made this:** whoever proposes the change may have written it. It is no proof.'

/** What is there besides what the verdict counts, and what it counts. Nothing that weighs is ever counted as nothing. */
function countsOf({ verdict, sections }: Review): CommentCounts {
  const counted = new Map<VerdictCount, number>(verdict.counts.map(([count, of]) => [of, count]))
  const of = (name: VerdictCount): number => counted.get(name) ?? 0
  const entries = (...names: readonly SectionName[]): number =>
    sections.flatMap((section) => (names.includes(section.name) ? section.entries : [])).length
  const counts = {
    escalations: Math.max(entries('escalations'), of('escalations')),
    outside: entries('outside'),
    gain: of('gain'),
    loses: of('loses'),
    deletes: of('deletes'),
    weakened: Math.max(of('weakened'), entries('weakened')),
    credentials: of('credentials'),
    unknown: Math.max(of('unknown'), of('undecided'), entries('unknown')),
    failed: Math.max(entries('failures', 'errors'), of('fail')),
  }
  const isNothing = Object.values(counts).every((count) => count === 0)
  return isNothing && verdict.level !== 'quiet' ? { ...counts, unknown: 1 } : counts
}

/** Several plans have no digest that somebody could ask for. */
const digestOf = ({ heads: [only, second] }: Review): string | null =>
  second === undefined ? (only?.digest ?? null) : null

const reportName = ({ project, tag }: CommentKey): string =>
  `iam-sync (${tag === null ? project : `${project}, ${tag}`})`

function conclusionOf(
  { verdict: { level } }: Review,
  { unknown }: CommentCounts,
  fails: boolean,
): CommitReport['conclusion'] {
  if (fails) return 'fail'
  if (unknown > 0) return 'unknown'
  return level === 'quiet' ? 'pass' : 'look'
}

const titleOf = ({ verdict: { counts, objections } }: Review): string => {
  const said = [...counts.map(([count, of]) => `${count} ${of}`), ...objections]
  return said.length === 0 ? 'no changes' : said.join(' · ')
}

/** Sections whose places are worth a reviewer's look, and how much. */
const LEVELS_OF_SECTIONS: Partial<Readonly<Record<SectionName, Annotation['level']>>> = {
  errors: 'failure',
  failures: 'failure',
  escalations: 'warning',
  outside: 'warning',
  gains: 'warning',
  weakened: 'warning',
  unknown: 'warning',
  losses: 'notice',
}

/** @see GitHub REST API, "Create a check run": a title has 255 characters, a message 64 KB */
const LONGEST_TITLE = 255
const LONGEST_MESSAGE = 8_000

function annotationsOf({ sections }: Review, folder: string): readonly Annotation[] {
  return sections.flatMap(({ name, entries }) => {
    const level = LEVELS_OF_SECTIONS[name]
    return level === undefined ? [] : entries.flatMap((entry) => annotationOf(entry, level, folder))
  })
}

function annotationOf(
  { who, short, lines, place }: ReviewEntry,
  level: Annotation['level'],
  folder: string,
): readonly Annotation[] {
  if (place === null) return []
  const said = lines.length === 0 ? short : lines.join('\n')
  return [
    {
      path: folder === '.' ? place.file : `${folder}/${place.file}`,
      start: place.line,
      end: place.line,
      level,
      title: cut(`${who}: ${short}`, LONGEST_TITLE),
      message: said === '' ? who : cut(said, LONGEST_MESSAGE),
    },
  ]
}

const cut = (text: string, most: number): string => {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
