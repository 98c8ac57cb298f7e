import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PlannedCall } from '../../src/review/api-client.ts'
import type { CommentCounts } from '../../src/review/comment-counts.ts'
import { COUNTED, NO_COUNTS } from '../../src/review/comment-counts.ts'
import type { CommentKey } from '../../src/review/marker.ts'
import { keyText, markerIn, markerLine } from '../../src/review/marker.ts'
import { type PostedReview, postReview, type ReviewComment } from '../../src/review/post-review.ts'
import { FakeGitHub } from './fake-github.ts'
import { FakeGitLab } from './fake-gitlab.ts'
import type { FakeService } from './fake-service.ts'

const KEY: CommentKey = { project: 'iam', accounts: ['111122223333'], tag: null, origin: 'run' }

const counts = (some: Partial<CommentCounts>): CommentCounts => ({ ...NO_COUNTS, ...some })

const GAIN = counts({ gain: 2 })

const review = (change: Partial<ReviewComment> = {}): ReviewComment => ({
  key: KEY,
  counts: GAIN,
  digest: 'sha256:0123',
  body: '🔴 2 gain\n\nalice may delete',
  shorterBody: async () => '🔴 2 gain, shorter',
  isQuiet: false,
  commit: 'c0ffee',
  report: null,
  ...change,
})

const QUIET = review({ counts: NO_COUNTS, body: 'no access change', isQuiet: true })

const marked = (change: Partial<ReviewComment> = {}): string => {
  const { key, counts: of, digest, body } = review(change)
  return `${markerLine({ key: keyText(key), origin: key.origin, state: 'live', counts: of, digest })}\n${body}`
}

/** One contract for both: what readers see afterwards, not which calls were made. */
describe.each([
  ['GitHub', () => new FakeGitHub()],
  ['GitLab', () => new FakeGitLab()],
])('comments on %s', (_, make) => {
  let service: FakeService
  const post = (change: Partial<ReviewComment> = {}): Promise<PostedReview> =>
    postReview(review(change), service.forge())
  const visible = () => service.remarks.filter(({ isHidden }) => !isHidden).map(({ body }) => body)

  beforeEach(async () => {
    service = await make().open()
  })
  afterEach(() => service.close())

  it('a first result makes a comment, whose first line is its marker', async () => {
    expect(await post()).toMatchObject({ comment: 'created', failures: [] })
    expect(visible()).toEqual([marked()])
    expect(markerIn(visible()[0] ?? '')).toMatchObject({ state: 'live', counts: GAIN, digest: 'sha256:0123' })
  })

  it('the same result again calls nothing that writes', async () => {
    await post()
    const before = service.writes.length
    expect(await post()).toMatchObject({ comment: 'equal' })
    expect(service.writes.slice(before)).toEqual([])
  })

  it('ends of lines that the service gave it are no difference', async () => {
    service.add(service.me, `${marked().replaceAll('\n', '\r\n')}\r\n`)
    expect(await post()).toMatchObject({ comment: 'equal' })
  })

  it('another body of the same verdict, or a better one, edits the comment', async () => {
    await post()
    expect(await post({ body: '🔴 2 gain\n\nbob may delete' })).toMatchObject({ comment: 'edited' })
    expect(await post({ counts: counts({ gain: 1 }), body: '🔴 1 gain' })).toMatchObject({
      comment: 'edited',
    })
    expect(service.remarks).toHaveLength(1)
    expect(visible()[0]).toContain('🔴 1 gain')
  })

  it.each(COUNTED.filter((name) => name !== 'loses'))(
    'more of `%s` makes a new comment, and folds the old one away',
    async (name) => {
      await post()
      expect(await post({ counts: { ...GAIN, [name]: GAIN[name] + 1 }, body: 'worse' })).toMatchObject({
        comment: 'created',
        failures: [],
      })
      expect(service.remarks.map(({ isHidden }) => isHidden)).toEqual([true, false])
      expect(visible()).toEqual([expect.stringMatching(/\nworse$/)])
    },
  )

  it('a comment that was folded away is left alone from then on', async () => {
    await post()
    await post({ counts: counts({ gain: 3 }), body: 'worse' })
    const [old] = service.remarks
    const folded = old?.body
    await post({ counts: counts({ gain: 1 }), body: 'better' })
    expect(service.remarks).toHaveLength(2)
    expect(old?.body).toBe(folded)
    expect(visible()).toEqual([expect.stringMatching(/\nbetter$/)])
  })

  it('nothing to say: none is made, and one that is there says so', async () => {
    expect(await postReview(QUIET, service.forge())).toMatchObject({ comment: 'none' })
    expect(service.remarks).toEqual([])
    await post()
    expect(await postReview(QUIET, service.forge())).toMatchObject({ comment: 'edited' })
    expect(visible()).toEqual([expect.stringMatching(/\nno access change$/)])
  })

  it.each([
    ['another author', (body: string) => ['mallory', body]],
    ['somebody who is called almost like us', (body: string) => ['github-actions', body]],
    ['us, below the first line', (body: string) => ['ME', `see:\n${body}`]],
    ['us, of a later version', (body: string) => ['ME', body.replace(' v1 ', ' v2 ')]],
    ['us, with a text before it', (body: string) => ['ME', `x ${body}`]],
  ])('a marker of %s is none of ours', async (_name, forged) => {
    const [author = '', body = ''] = forged(marked({ counts: NO_COUNTS }))
    const theirs = service.add(author === 'ME' ? service.me : author, body)
    expect(await post()).toMatchObject({ comment: 'created' })
    expect(theirs).toMatchObject({ body, isHidden: false })
    expect(service.remarks).toHaveLength(2)
  })

  it('a forged marker decides no label', async () => {
    service.add('mallory', marked({ key: { ...KEY, tag: 'other' } }))
    await postReview(QUIET, service.forge())
    expect([...service.labels]).toEqual(['iam:none'])
  })

  it.each([
    ['project', { project: 'other' }],
    ['accounts', { accounts: ['444455556666'] }],
    ['tag', { tag: 'production' }],
    ['origin', { origin: 'data' }],
  ] as const)('another %s has a comment of its own', async (_name, change) => {
    await post()
    expect(await post({ key: { ...KEY, ...change } })).toMatchObject({ comment: 'created' })
    expect(visible()).toHaveLength(2)
  })

  it('accounts are the same in whatever order, and many keep the first line short', async () => {
    const accounts = Array.from({ length: 500 }, (_each, at) => String(111122220000 + at))
    await post({ key: { ...KEY, accounts } })
    expect(await post({ key: { ...KEY, accounts: accounts.toReversed() } })).toMatchObject({
      comment: 'equal',
    })
    expect((visible()[0] ?? '').indexOf('\n')).toBeLessThan(300)
  })

  it('finds its comment behind many pages of others', async () => {
    service.mostPerPage = 10
    for (let each = 0; each < 25; each++) service.add('alice', `remark ${each}`)
    service.add(service.me, marked())
    for (let each = 0; each < 25; each++) service.add('bob', `remark ${each}`)
    expect(await post({ body: 'another' })).toMatchObject({ comment: 'edited' })
    expect(service.remarks).toHaveLength(51)
  })

  it('a comment that is deleted before it is edited is made anew', async () => {
    await post()
    service.meanwhile = ({ method }) => {
      if (method === 'PATCH' || method === 'PUT') service.remarks.length = 0
    }
    expect(await post({ body: 'another' })).toMatchObject({ comment: 'created', failures: [] })
    expect(visible()).toEqual([expect.stringMatching(/\nanother$/)])
  })

  it('a body that is too long is sent once more, shorter', async () => {
    service.longest = 200
    const long = 'x'.repeat(200)
    expect(await post({ body: long })).toMatchObject({ comment: 'created', failures: [] })
    expect(visible()).toEqual([expect.stringMatching(/\n🔴 2 gain, shorter$/)])
    expect(await post({ body: `${long}y` })).toMatchObject({ comment: 'edited', failures: [] })
    const both = await post({ body: long, shorterBody: async () => long })
    expect(both).toMatchObject({ comment: 'failed', failures: [{ what: 'comment' }] })
    expect(both.failures[0]?.why).toContain('too long')
  })

  it('two jobs at once leave one comment', async () => {
    let created = 0
    let release: () => void = () => {}
    const both = new Promise<void>((done) => {
      release = done
    })
    // Neither sees the comment of the other before it makes its own.
    service.meanwhile = async ({ method, path }) => {
      if (method !== 'POST' || !/(?:comments|notes)$/.test(path)) return
      if (++created === 2) release()
      await both
    }
    await Promise.all([post(), post({ body: 'the other' })])
    expect(service.remarks).toHaveLength(2)
    expect(visible()).toHaveLength(1)
    expect(service.remarks.at(-1)?.isHidden).toBe(false)
  })

  it('several that are there become one: the last', async () => {
    service.add(service.me, marked({ body: 'first' }))
    service.add(service.me, marked({ body: 'second' }))
    await post()
    expect(visible()).toEqual([marked()])
    expect(service.remarks).toHaveLength(2)
  })

  it('a run for an earlier commit writes no comment and no label', async () => {
    await post()
    service.head = 'fade'
    expect(await post({ body: 'late', counts: counts({ escalations: 1 }) })).toMatchObject({
      comment: 'moved',
    })
    expect(visible()).toEqual([marked()])
    expect([...service.labels]).toEqual(['iam:gain'])
  })

  describe('labels', () => {
    it.each([
      [{ gain: 1 }, ['iam:gain']],
      [{ escalations: 1, gain: 1, deletes: 2 }, ['iam:destroy', 'iam:escalation', 'iam:gain']],
      [{ deletes: 1 }, ['iam:destroy']],
      [{ weakened: 1 }, ['iam:weakened']],
      [{ credentials: 1 }, []],
      [{}, ['iam:none']],
      // Less access is a change; what isn't known may be one.
      [{ loses: 1 }, []],
      [{ unknown: 1 }, []],
      [{ failed: 1 }, []],
    ])('%j', async (some, labels) => {
      await post({ counts: counts(some) })
      expect([...service.labels].sort()).toEqual(labels)
    })

    it('are taken away again; those of others stay', async () => {
      for (const label of ['bug', 'iam:gain', 'iam:other', 'iam:none']) service.labels.add(label)
      await post({ counts: counts({ deletes: 1 }) })
      expect([...service.labels].sort()).toEqual(['bug', 'iam:destroy', 'iam:other'])
    })

    it('one that is there already is not set again', async () => {
      service.labels.add('iam:gain')
      await post()
      expect(service.writes).toHaveLength(1)
    })

    it('a job of a matrix takes away no label that another one set', async () => {
      await post({ key: { ...KEY, tag: 'a' }, counts: counts({ escalations: 1 }) })
      await postReview({ ...QUIET, key: { ...KEY, tag: 'b' } }, service.forge())
      expect([...service.labels]).toEqual(['iam:escalation'])
      await post({ key: { ...KEY, tag: 'a' }, counts: NO_COUNTS })
      expect([...service.labels]).toEqual(['iam:none'])
    })

    it('`iam:none` does not stay beside what another job sets meanwhile', async () => {
      let first = true
      service.meanwhile = ({ body }) => {
        if (!first || !JSON.stringify(body).includes('iam:none')) return
        first = false
        service.add(service.me, marked({ key: { ...KEY, tag: 'other' } }))
        service.labels.add('iam:gain')
      }
      await postReview(QUIET, service.forge())
      expect([...service.labels]).toEqual(['iam:gain'])
    })
  })

  describe('planned only', () => {
    it('what would be written is listed, and nothing is sent', async () => {
      service.add(service.me, marked())
      const planned: PlannedCall[] = []
      const worse = review({ counts: counts({ gain: 3 }), body: 'worse' })
      expect(await postReview(worse, service.forge('token-of-the-job', planned))).toMatchObject({
        comment: 'created',
        labels: { add: ['iam:gain'] },
        failures: [],
      })
      // Made, folded away, labelled.
      expect(planned).toHaveLength(3)
      expect(planned[0]).toMatchObject({
        method: 'POST',
        url: expect.stringMatching(/7\/(?:comments|notes)$/),
      })
      expect(service.writes).toEqual([])
      expect(visible()).toEqual([marked()])
    })

    it('without a token nothing is asked either', async () => {
      const planned: PlannedCall[] = []
      await postReview(review(), service.forge(null, planned))
      expect(planned).toHaveLength(2)
      expect(service.asked).toEqual([])
    })
  })

  describe('what is said of the commit', () => {
    const report = (conclusion: 'pass' | 'look' | 'unknown' | 'fail') => ({
      name: 'iam-sync (iam)',
      conclusion,
      title: `🔴 2 gain ${'x'.repeat(300)}`,
      summary: 'all of it',
      annotations: [],
      link: 'https://ci.example/1',
    })
    const outcomes = {
      GitHub: { pass: ['success'], look: ['neutral'], unknown: ['neutral'], fail: ['failure'] },
      GitLab: { pass: ['success'], look: ['success'], unknown: [], fail: ['failed'] },
    }

    it.each(['pass', 'look', 'unknown', 'fail'] as const)('%s', async (conclusion) => {
      expect(await post({ report: report(conclusion) })).toMatchObject({ failures: [] })
      expect(service.reports.map(({ outcome }) => outcome)).toEqual(outcomes[service.name][conclusion])
      for (const said of service.reports)
        expect(said).toMatchObject({ commit: 'c0ffee', name: 'iam-sync (iam)' })
    })

    it('may be said twice', async () => {
      await post({ report: report('pass') })
      expect(await post({ report: report('pass') })).toMatchObject({ failures: [] })
    })

    it('what an unprivileged run said sets no label, and nothing that passes', async () => {
      const key = { ...KEY, origin: 'data' } as const
      service.labels.add('iam:gain')
      for (const conclusion of ['pass', 'look', 'unknown'] as const)
        await post({ key, counts: NO_COUNTS, report: report(conclusion) })
      expect(service.reports).toEqual([])
      await post({ key, report: report('fail') })
      expect(service.reports).toHaveLength(1)
      expect([...service.labels]).toEqual(['iam:gain'])
      // Nor does its comment count for those whose labels do.
      await postReview({ ...QUIET, key: { ...KEY, tag: 'b' } }, service.forge())
      expect([...service.labels]).toEqual(['iam:none'])
    })
  })

  describe('a service in trouble', () => {
    it.each([
      ['502', { status: 502, body: '<html>' }, [1000, 2000]],
      ['503 that says when', { status: 503, headers: { 'retry-after': '7' } }, [7000, 7000]],
      [
        '429',
        { status: 429, headers: { 'retry-after': '3' }, body: { message: 'Retry later' } },
        [3000, 3000],
      ],
      [
        'a secondary rate limit',
        {
          status: 403,
          headers: { 'retry-after': '30' },
          body: { message: 'You have exceeded a secondary rate limit.' },
        },
        [30_000, 30_000],
      ],
      [
        'a secondary rate limit that does not say how long',
        { status: 403, body: { message: 'You have exceeded a secondary rate limit and have been …' } },
        [60_000, 60_000],
      ],
      [
        'a rate limit that ends soon',
        {
          status: 403,
          headers: {
            date: 'Thu, 26 Nov 2026 12:00:00 GMT',
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': String(Date.parse('2026-11-26T12:00:45Z') / 1000),
          },
        },
        [45_000, 45_000],
      ],
    ])('%s: it is tried again', async (_name, said, waits) => {
      let left = 2
      service.refuse = ({ method, path }) =>
        method === 'POST' && /(?:comments|notes)$/.test(path) && left-- > 0 ? said : null
      expect(await post()).toMatchObject({ comment: 'created', failures: [] })
      expect(service.waits).toEqual(waits)
      expect(visible()).toHaveLength(1)
    })

    it('one that does not get well is left after four tries, and the rest is done', async () => {
      service.refuse = ({ method, path }) =>
        method === 'POST' && /(?:comments|notes)$/.test(path) ? { status: 500 } : null
      const posted = await post()
      expect(posted).toMatchObject({ comment: 'failed', failures: [{ what: 'comment' }] })
      expect(posted.failures[0]?.why).toMatch(/answered 500 to `POST http/)
      expect(service.waits).toEqual([1000, 2000, 4000])
      expect([...service.labels]).toEqual(['iam:gain'])
    })

    it('one that wants an hour of rest is not waited for', async () => {
      service.refuse = () => ({ status: 429, headers: { 'retry-after': '3600' } })
      expect(await post()).toMatchObject({ comment: 'failed' })
      expect(service.waits).toEqual([])
    })

    it('what is forbidden is not tried again, and said with its reason', async () => {
      service.refuse = () => ({ status: 403, body: { message: 'Resource not accessible by integration' } })
      const { failures } = await post()
      expect(failures[0]?.why).toMatch(/answered 403 to `GET .*`: Resource not accessible by integration$/)
      expect(service.waits).toEqual([])
    })

    it('no token is in what is said of it, whoever says it', async () => {
      const { failures } = await postReview(review(), service.forge('secret-of-somebody'))
      expect(failures[0]?.why).toContain('Bad credentials')
      expect(JSON.stringify(failures)).not.toContain('secret-of-somebody')
    })

    it('an answer of another form is no crash', async () => {
      service.refuse = () => ({ status: 200, body: { pages: 'none' } })
      expect(await post()).toMatchObject({
        comment: 'failed',
        failures: [{ what: 'comment' }, { what: 'labels' }],
      })
    })

    it('a redirect is not followed: the token would go with it', async () => {
      service.refuse = () => ({ status: 301, headers: { location: 'https://elsewhere.example/' } })
      const { failures } = await post()
      expect(failures[0]?.why).toContain('it moved to https://elsewhere.example/')
    })

    it('nobody who answers is a reason too', async () => {
      const forge = service.forge()
      await service.close()
      const { failures } = await postReview(review(), forge)
      expect(failures[0]?.why).toMatch(/did not answer `GET .*ECONNREFUSED/)
      await service.open()
    })
  })
})
