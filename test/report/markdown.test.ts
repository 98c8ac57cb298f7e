import { describe, expect, test } from 'vitest'
import { hasUnseen } from '../../src/diagnostics/unseen.ts'
import { fenced } from '../../src/report/markdown/fenced.ts'
import { codeSpan, inline, inlineHtml } from '../../src/report/markdown/inline.ts'
import { reviewPage } from '../../src/report/markdown/page.ts'
import type { Review, ReviewEntry, ReviewSection, SectionName } from '../../src/report/review/review.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { readMarkdown } from './markdown-reader.ts'

/** What means something to Markdown, HTML, GitHub or GitLab, or to nobody's eye. */
const HOSTILE = [
  '@octocat',
  '#123',
  'org/repo#1',
  'GH-12',
  '!45',
  '~bug',
  '%1',
  '&3',
  '$x$',
  ':tada:',
  'deadbeef',
  '0123456789abcdef0123456789abcdef01234567',
  'https://evil.example/',
  'www.evil.example',
  'a@evil.example',
  '<!-- iam-sync:x -->',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '</summary>',
  '<details><summary>',
  '![x](https://evil.example/x.png)',
  '[approve](javascript:alert(1))',
  '[ref]:',
  '`',
  '``',
  '```',
  '````diff',
  '~~~',
  '**bold**',
  '__init__',
  '*',
  '_',
  '# title',
  '- item',
  '1. item',
  '1)',
  '> quote',
  '| a | b |',
  '===',
  '---',
  '\\',
  '&lt;b&gt;',
  '&#64;all',
  '\u202e',
  '\u200b',
  '\u001b[31m',
  '\n',
  '\r\n## x\n',
  '\u2028',
  'plain words here',
  'é',
  '🔴',
] as const

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 5 })
  .chain((parts) => fc.constantFrom(' ', '').map((gap) => parts.join(gap)))

/** All that our own words and marks are made of, outside of code. */
const OURS = /^(?:### )?(?:- |… )?[A-Za-z0-9 (),:;·…⛔🔴🟡🟢*'’→±□%-]*$/u

const refusedOutside = (line: string): boolean =>
  !OURS.test(line.replace(/^<details><summary>(.*)<\/summary>$/, '$1').replace(/^<\/details>$/, '')) ||
  /[0-9]{7}|www|(?:^|[^0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/i.test(line) ||
  /^ *(?:\d+[.)] |[*>|=#-]{2,}$|---)/.test(line)

describe('a name', () => {
  test('is never markup, nor anything that GitHub or GitLab links', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        for (const text of [inline(name), codeSpan(`x${name}`), inlineHtml(name)]) {
          const { prose, code } = readMarkdown(`- ${text}`)
          expect(prose.filter(refusedOutside), JSON.stringify(name)).toEqual([])
          expect(code.filter((each) => each.includes('<!--') || hasUnseen(each))).toEqual([])
          expect(text).not.toContain('<!--')
        }
      }),
      { numRuns: sampleOf(800) },
    )
  })

  test('can be read back from its code span', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown = `x${name}`
        const { code } = readMarkdown(codeSpan(shown))
        if (!hasUnseen(shown) && !shown.includes('<!--')) expect(code[0]?.trim()).toBe(shown.trim())
      }),
    )
  })

  test('can not end a fence', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (lines) => {
        const { prose, code } = readMarkdown(fenced(lines))
        expect(prose).toEqual([])
        expect(code).toHaveLength(lines.length)
      }),
    )
  })

  test.each([
    ['may become administrator: joins group/admins', 'may become administrator: joins `group/admins`'],
    ['group/dev (12 of 14 members)', '`group/dev` (12 of 14 members)'],
    ['user/a, user/b', '`user/a`, `user/b`'],
    ['@everyone #12 a`b', '`@everyone` `#12` `` a`b ``'.replace('`` a`b ``', '``a`b``')],
    ['feedface is a commit', '`feedface` is a commit'],
    ['unknown flag `--x`', 'unknown flag `--x`'],
  ])('that is a word stays one: %s', (text, expected) => {
    expect(inline(text)).toBe(expected)
  })
})

const DANGEROUS: readonly SectionName[] = [
  'errors',
  'escalations',
  'outside',
  'weakened',
  'unknown',
  'gains',
  'losses',
  'deletes',
  'failures',
]

const entryOf = (names: fc.Arbitrary<string>): fc.Arbitrary<ReviewEntry> =>
  fc.record({
    sign: fc.constantFrom('+', '-', '~', '±', '?', '!'),
    style: fc.constant('added' as const),
    account: fc.option(fc.record({ id: fc.constantFrom('1', '2'), name: names })),
    who: names,
    short: names,
    lines: fc.array(names, { maxLength: 4 }),
    merge: fc.record({ rule: fc.constantFrom('a', 'b', 'c'), target: fc.constantFrom('x', 'y', 'z') }),
    principals: fc.constant([]),
    services: fc.constant([]),
    levels: fc.constant([]),
    severity: fc.constant(null),
    place: fc.option(fc.record({ file: names, line: fc.nat(9) })),
    count: fc.constantFrom(1, 1, 1, 7),
  })

const reviewOf = (names: fc.Arbitrary<string>, mostEntries: number): fc.Arbitrary<Review> =>
  fc
    .tuple(
      fc.subarray([...DANGEROUS, 'undeciding', 'changes', 'machine'] as SectionName[]),
      fc.array(fc.array(entryOf(names), { minLength: 1, maxLength: mostEntries }), {
        minLength: 11,
        maxLength: 11,
      }),
      fc.array(
        fc.record({
          account: fc.record({ id: names, name: names }),
          digest: fc.option(names),
          against: fc.option(fc.record({ ref: names, commit: fc.constant('0123456789'.repeat(4)) })),
        }),
        { maxLength: 7 },
      ),
    )
    .map(([sections, entries, heads]) => ({
      verdict: { level: 'danger', counts: [[2, 'gain']], otherwise: 'no changes', objections: ['1 error'] },
      commit: { id: 'a'.repeat(40), isDirty: true },
      heads,
      sections: sections.map(
        (name, index): ReviewSection => ({
          name,
          title: `section ${name}`,
          mayFold: !DANGEROUS.includes(name),
          entries: entries[index] ?? [],
        }),
      ),
    }))

const countOf = ({ entries }: ReviewSection) => entries.reduce((sum, { count }) => sum + count, 0)
const titleOf = (section: ReviewSection) => `Section ${section.name} (${countOf(section)})`

function holdsFor(review: Review, mostBytes: number): void {
  const page = reviewPage(review, { wholeAt: null, mostBytes })
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(mostBytes)
  // Refuses halves of characters.
  expect(() => encodeURIComponent(page)).not.toThrow()
  expect(page.split('\n')[0]).toBe('🔴 2 gain')
  const { prose } = readMarkdown(page)
  expect(prose.filter(refusedOutside)).toEqual([])
  const first = page.slice(0, 2000)
  for (const section of review.sections) {
    // Counted at least where it matters, and wherever it stands.
    expect(page).toContain(section.mayFold ? `<summary>${titleOf(section)}</summary>` : titleOf(section))
    if (!section.mayFold) expect(first).toContain(titleOf(section))
  }
  let depth = 0
  for (const line of prose) {
    depth += line.split('<details>').length - line.split('</details>').length
    for (const name of DANGEROUS) expect([depth, line.includes(`Section ${name} (`)]).not.toEqual([1, true])
  }
}

describe('a page', () => {
  test('keeps its bytes, is well formed, and has everything dangerous in its first 2,000 characters or counted there', () => {
    fc.assert(
      fc.property(reviewOf(hostile, 12), fc.constantFrom(12_000, 20_000, 60_000), (review, mostBytes) =>
        holdsFor(review, mostBytes),
      ),
      { numRuns: sampleOf(80) },
    )
  })

  test('does so of names of any length, and of very many entries', () => {
    const long = fc
      .tuple(hostile, fc.constantFrom(1, 50, 4000))
      .map(([name, times]) => [...name.repeat(times)].slice(0, 30_000).join(''))
    fc.assert(
      fc.property(reviewOf(long, 4), (review) => holdsFor(review, 60_000)),
      { numRuns: 12 },
    )
    fc.assert(
      fc.property(reviewOf(hostile, 3), (review) =>
        holdsFor(
          {
            ...review,
            sections: review.sections.map((section) => ({
              ...section,
              entries: Array.from({ length: 300 }, () => section.entries).flat(),
            })),
          },
          60_000,
        ),
      ),
      { numRuns: 4 },
    )
  })
})
