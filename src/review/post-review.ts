import { type CommentCounts, isWorse, labelChanges } from './comment-counts.ts'
import type { Annotation, CommitReport, Forge, LineRange, OwnComment } from './forge.ts'
import { ForgeError } from './forge-error.ts'
import { type CommentKey, keyText, type Marker, markerIn, markerLine } from './marker.ts'

/** What a pull request is to be told. */
export interface ReviewComment {
  readonly key: CommentKey
  readonly counts: CommentCounts
  readonly digest: string | null
  /** Markdown, the verdict first; without a marker. */
  readonly body: string
  /** The same in fewer words, for a service that refuses the first. */
  shorterBody(): Promise<string>
  /** There is nothing to say: no comment is made for it, and one that is there says so. */
  readonly isQuiet: boolean
  /** The commit that it is about; null: it isn't known. */
  readonly commit: string | null
  /** null: nothing is said of the commit. */
  readonly report: Omit<CommitReport, 'commit'> | null
}

/** What became of it. */
export interface PostedReview {
  /**
   * `equal`: it says this already. `none`: nothing was to be said. `moved`: the pull request has another commit by now, whose
   * run says what it comes to.
   */
  readonly comment: 'created' | 'edited' | 'equal' | 'none' | 'moved' | 'failed'
  /** The whole of what the comment is to say, marker included. */
  readonly body: string
  readonly labels: { readonly add: readonly string[]; readonly remove: readonly string[] }
  /** What could not be done, in words. */
  readonly failures: readonly { readonly what: 'comment' | 'labels' | 'report'; readonly why: string }[]
}

/**
 * Keeps one comment of each key, the labels, and what is said of the commit. What fails leaves the rest to be done.
 * @param forge where it is posted
 */
export async function postReview(review: ReviewComment, forge: Forge): Promise<PostedReview> {
  const failures: PostedReview['failures'][number][] = []
  const attempt = async <T>(
    what: 'comment' | 'labels' | 'report',
    act: () => Promise<T>,
  ): Promise<T | null> => {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error
      failures.push({ what, why: error.message })
      return null
    }
  }
  const marker = markerOf(review)
  const posted = await attempt('comment', () => postComment(review, marker, forge))
  const body = posted?.body ?? bodyOf(marker, review.body)
  // What isn't trusted may be read by people, and decides nothing.
  const isTrusted = review.key.origin === 'run'
  const labels =
    isTrusted && posted?.comment !== 'moved'
      ? await attempt('labels', () => keepLabels(marker, forge))
      : NO_LABELS
  const { report, commit } = review
  if (report !== null && commit !== null && mayReport(report, isTrusted))
    await attempt('report', async () =>
      forge.report({ ...report, commit, annotations: await onChangedLines(report.annotations, forge) }),
    )
  return { comment: posted?.comment ?? 'failed', body, labels: labels ?? NO_LABELS, failures }
}

/** The same where nothing can be posted. @param why null: nothing was to be */
export function unposted(review: ReviewComment, why: string | null): PostedReview {
  return {
    comment: 'failed',
    body: bodyOf(markerOf(review), review.body),
    labels: NO_LABELS,
    failures: why === null ? [] : [{ what: 'comment', why }],
  }
}

const markerOf = ({ key, counts, digest }: ReviewComment): Marker => ({
  key: keyText(key),
  origin: key.origin,
  state: 'live',
  counts,
  digest,
})

const NO_LABELS = { add: [], remove: [] } as const

const mayReport = ({ conclusion }: Pick<CommitReport, 'conclusion'>, isTrusted: boolean): boolean =>
  isTrusted || conclusion === 'fail'

const bodyOf = (marker: Marker, text: string): string => `${markerLine(marker)}\n${text}`

interface PostedComment {
  readonly comment: Exclude<PostedReview['comment'], 'failed'>
  readonly body: string
}

async function postComment(review: ReviewComment, marker: Marker, forge: Forge): Promise<PostedComment> {
  const body = bodyOf(marker, review.body)
  const { head } = await forge.state()
  // Of two runs the one for an older commit may end last.
  if (head !== null && review.commit !== null && head !== review.commit) return { comment: 'moved', body }
  const there = await liveComments(marker.key, forge)
  const current = there.at(-1)
  for (const earlier of there.slice(0, -1)) await supersede(earlier, forge)
  if (current === undefined) {
    return review.isQuiet ? { comment: 'none', body } : created(review, marker, body, forge)
  }
  if (isSameText(current.body, body)) return { comment: 'equal', body }
  const before = markerIn(current.body)
  // Nobody is told of an edit.
  if (before !== null && isWorse(before.counts, marker.counts)) return created(review, marker, body, forge)
  try {
    const said = await unlessTooLong(body, review, marker, (text) => forge.edit(current, text))
    return { comment: 'edited', body: said }
  } catch (error) {
    if (!(error instanceof ForgeError && error.isGone)) throw error
    return review.isQuiet ? { comment: 'none', body } : created(review, marker, body, forge)
  }
}

/** Makes a comment in place of those that are there. Where another run has made one meanwhile, the last of them stays. */
async function created(
  review: ReviewComment,
  marker: Marker,
  body: string,
  forge: Forge,
): Promise<PostedComment> {
  const made: OwnComment[] = []
  const said = await unlessTooLong(body, review, marker, async (text) => {
    made.push(await forge.create(text))
  })
  // A list may lag behind.
  const there = [...made, ...(await liveComments(marker.key, forge))]
  const last = Math.max(...there.map(({ id }) => id))
  const earlier = new Map(there.filter(({ id }) => id < last).map((comment) => [comment.id, comment]))
  for (const comment of earlier.values()) await supersede(comment, forge)
  return { comment: 'created', body: said }
}

/** @returns what was taken */
async function unlessTooLong(
  body: string,
  review: ReviewComment,
  marker: Marker,
  post: (text: string) => Promise<void>,
): Promise<string> {
  try {
    await post(body)
    return body
  } catch (error) {
    if (!(error instanceof ForgeError && error.isTooLong)) throw error
    const shorter = bodyOf(marker, await review.shorterBody())
    await post(shorter)
    return shorter
  }
}

const liveComments = async (key: string, forge: Forge): Promise<readonly OwnComment[]> =>
  (await forge.comments()).filter((comment) => isLive(comment) && markerIn(comment.body)?.key === key)

const isLive = ({ body, isHidden }: OwnComment): boolean => !isHidden && markerIn(body)?.state === 'live'

/** What somebody deleted needs no folding. */
async function supersede(comment: OwnComment, forge: Forge): Promise<void> {
  try {
    await forge.supersede(comment)
  } catch (error) {
    if (!(error instanceof ForgeError && error.isGone)) throw error
  }
}

/** Services may give lines other ends than they were sent. */
const isSameText = (a: string, b: string): boolean => normal(a) === normal(b)

const normal = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()

/**
 * Labels are those of all comments together: a job of a matrix that has nothing to say takes no label away that another one set.
 * INVARIANT: labels are read before comments, and set after its own comment is there. So whoever sees a label of another run
 * sees its comment too.
 */
async function keepLabels(own: Marker, forge: Forge): Promise<PostedReview['labels']> {
  const { labels } = await forge.state()
  const changes = labelChanges(labels, [own.counts, ...(await othersCounts(own.key, forge))])
  await forge.changeLabels(changes.add, changes.remove)
  if (!changes.add.includes('iam:none')) return changes
  // What came in between knew better.
  const late = labelChanges((await forge.state()).labels, [
    own.counts,
    ...(await othersCounts(own.key, forge)),
  ])
  await forge.changeLabels([], late.remove)
  return { add: changes.add.filter((label) => !late.remove.includes(label)), remove: changes.remove }
}

async function othersCounts(key: string, forge: Forge): Promise<readonly CommentCounts[]> {
  const markers = (await forge.comments()).filter(isLive).flatMap(({ body }) => markerIn(body) ?? [])
  return markers.flatMap((marker) => (marker.origin === 'run' && marker.key !== key ? [marker.counts] : []))
}

async function onChangedLines(
  annotations: readonly Annotation[],
  forge: Forge,
): Promise<readonly Annotation[]> {
  if (annotations.length === 0) return []
  const changed = await forge.changedLines()
  const touches = ({ start, end }: LineRange, other: LineRange): boolean =>
    start <= other.end && other.start <= end
  return annotations.filter((each) => (changed.get(each.path) ?? []).some((range) => touches(each, range)))
}
