import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changedLinesIn } from '../../src/review/changed-lines.ts'
import { NO_COUNTS } from '../../src/review/comment-counts.ts'
import type { Annotation } from '../../src/review/forge.ts'
import { postReview } from '../../src/review/post-review.ts'
import { FakeGitHub } from './fake-github.ts'

const annotation = (path: string, start: number): Annotation => ({
  path,
  start,
  end: start + 1,
  level: 'warning',
  title: 'alice gains s3:DeleteObject',
  message: 'by statement 1',
})

const reporting = (annotations: readonly Annotation[], conclusion: 'look' | 'unknown' = 'look') => ({
  key: { project: 'iam', accounts: [], tag: null, origin: 'run' } as const,
  counts: NO_COUNTS,
  digest: null,
  body: 'x',
  shorterBody: async () => 'x',
  isQuiet: true,
  commit: 'c0ffee',
  report: { name: 'iam-sync', conclusion, title: '🔴 2 gain', summary: 'x', annotations, link: null },
})

describe('a check run', () => {
  let github: FakeGitHub
  beforeEach(async () => {
    github = await new FakeGitHub().open()
  })
  afterEach(() => github.close())

  it('annotates lines that the pull request changes, and no others', async () => {
    github.files = [
      { filename: 'iam/a.yaml', patch: '@@ -1,2 +1,3 @@\n users:\n+  alice: {}\n   bob: {}' },
      // Of what is too large to be shown nothing is known.
      { filename: 'iam/large.yaml' },
    ]
    const asked = [
      annotation('iam/a.yaml', 1),
      annotation('iam/a.yaml', 3),
      annotation('iam/large.yaml', 1),
      annotation('a.yaml', 2),
    ]
    await postReview(reporting(asked), github.forge())
    expect(github.reports[0]?.annotations).toMatchObject([{ path: 'iam/a.yaml', start_line: 1 }])
  })

  it('takes fifty annotations a call', async () => {
    const lines = Array.from({ length: 400 }, () => '+x').join('\n')
    github.files = [{ filename: 'a.yaml', patch: `@@ -0,0 +1,400 @@\n${lines}` }]
    await postReview(
      reporting(Array.from({ length: 300 }, (_, at) => annotation('a.yaml', at + 1))),
      github.forge(),
    )
    expect(github.reports[0]?.perCall).toEqual([50, 50, 50, 50, 50])
  })

  it('finds changed files on further pages', async () => {
    github.mostPerPage = 10
    github.files = Array.from({ length: 30 }, (_, at) => ({
      filename: `${at}.yaml`,
      patch: '@@ -0,0 +1 @@\n+x',
    }))
    await postReview(reporting([annotation('29.yaml', 1)]), github.forge())
    expect(github.reports[0]?.annotations).toHaveLength(1)
  })

  it('is a commit status where the token is no app’s, and what is not known is then left unsaid', async () => {
    github.isApp = false
    await postReview(reporting([]), github.forge())
    expect(github.reports).toMatchObject([{ kind: 'status', outcome: 'success', title: '🔴 2 gain' }])
    await postReview(reporting([], 'unknown'), github.forge())
    expect(github.reports).toHaveLength(1)
  })
})

it("a comment that somebody minimised is nobody's any more: what is new is said anew, and decides labels alone", async () => {
  const github = await new FakeGitHub().open()
  try {
    const comment = { ...reporting([]), isQuiet: false, report: null }
    await postReview(
      { ...comment, counts: { ...NO_COUNTS, escalations: 1 }, key: { ...comment.key, tag: 'a' } },
      github.forge(),
    )
    await postReview(comment, github.forge())
    for (const remark of github.remarks) remark.isHidden = true
    expect(await postReview({ ...comment, body: 'y' }, github.forge())).toMatchObject({ comment: 'created' })
    expect(github.remarks.map(({ isHidden }) => isHidden)).toEqual([true, true, false])
    expect([...github.labels]).toEqual(['iam:none'])
  } finally {
    await github.close()
  }
})

describe('changed lines', () => {
  it.each([
    ['nothing', '', []],
    ['one line', '@@ -1 +1 @@\n-a\n+b', [{ start: 1, end: 1 }]],
    [
      'two hunks',
      '@@ -1,3 +1,4 @@ users:\n a\n+b\n+c\n d\n@@ -10,2 +11,2 @@\n-x\n y\n+z\n\\ No newline at end of file',
      [
        { start: 2, end: 3 },
        { start: 12, end: 12 },
      ],
    ],
    ['a deletion', '@@ -1,2 +1 @@\n-a\n b', []],
    ['lines that look like a header', '@@ -1 +1,2 @@\n a\n++++ b', [{ start: 2, end: 2 }]],
  ])('%s', (_, patch, ranges) => {
    expect(changedLinesIn(patch)).toEqual(ranges)
  })
})
