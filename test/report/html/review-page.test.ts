import { describe, expect, test } from 'vitest'
import { PAGE_SCRIPT } from '../../../src/report/html/page-script.ts'
import { PAGE_STYLE } from '../../../src/report/html/page-style.ts'
import { reviewDocument } from '../../../src/report/html/review-page.ts'
import type { Review, ReviewEntry } from '../../../src/report/review/review.ts'
import fc from '../../fixed-seed.ts'
import { holdPage } from './held-page.ts'
import { elementsOf, type PageElement, textIn } from './parsed-page.ts'
import { entry, sampleGraphs, sampleReview } from './sample-review.ts'

const QUIET: Review = {
  verdict: { level: 'quiet', counts: [], objections: [], otherwise: 'no change' },
  commit: null,
  heads: sampleReview.heads,
  sections: [],
}

describe('the page of a review', () => {
  test('is read in the order of the review', async () => {
    const text = reviewDocument('plan', sampleReview, sampleGraphs)
    await expect(text).toMatchFileSnapshot('golden/review.html')
    const page = holdPage(text)
    const sections = elementsOf(page).flatMap(({ name, attributes }) =>
      name === 'section' ? [attributes.get('id')] : [],
    )
    expect(sections.filter((id) => id !== 'picture')).toEqual(sampleReview.sections.map(({ name }) => name))
    expect(sections[1]).toBe('picture')
  })

  test('where nothing changes says so, without a filter', () => {
    const text = reviewDocument('plan', QUIET, [])
    holdPage(text)
    expect(text).toContain('Nothing changes')
    expect(text).not.toContain('<form')
  })

  test('nothing that is dangerous is folded', () => {
    const all = elementsOf(holdPage(reviewDocument('plan', sampleReview, sampleGraphs)))
    const folded = all.filter(({ name }) => name === 'details').flatMap(elementsOf)
    const bad = all.filter(({ attributes }) => attributes.get('class')?.startsWith('entry bad') === true)
    expect(bad.length).toBeGreaterThan(1)
    expect(bad.filter((each) => folded.includes(each))).toEqual([])
  })

  test('without its script everything is there to be read', () => {
    const all = elementsOf(holdPage(reviewDocument('plan', sampleReview, sampleGraphs)))
    const hidden = all.filter(({ attributes }) => attributes.has('hidden'))
    expect(new Set(hidden.map(({ name }) => name))).toEqual(new Set(['form', 'p']))
    expect(
      hidden
        .filter(({ name }) => name === 'p')
        .map(textIn)
        .join(''),
    ).toBe('')
  })

  test('an entry of which a level or service is not known says nothing of it', () => {
    const unknown = elementsOf(holdPage(reviewDocument('plan', sampleReview, [])))
      .filter(({ attributes }) => attributes.get('id') === 'unknown')
      .flatMap(elementsOf)
      .find(({ name }) => name === 'article')
    expect(unknown?.attributes.get('data-services')).toBe('')
    expect(unknown?.attributes.get('data-levels')).toBe('')
  })
})

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<!-- -->',
  ']]>',
  '</title></style></textarea>',
  '&lt;b&gt;',
  '\u202egnp.exe\u202c',
  '\u05d0\u05d1 → \u05d2\u05d3',
  '\u0000\u001b[31m',
  'a\nb\tc',
  '{{constructor.constructor("alert(1)")()}}',
  'javascript:alert(1)',
  '" data-who="" class="',
]
const names = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 12 }))

describe('names that others chose', () => {
  const shapeOf = (element: PageElement): string =>
    elementsOf(element)
      .map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(' ')}`)
      .join('\n')

  /** A page with one name in all its places. */
  const pageWith = (name: string): string => {
    const parts: Partial<ReviewEntry> = {
      who: name,
      short: name,
      lines: [name, `  ${name}`],
      principals: [name],
      services: [name],
      levels: ['write'],
      account: { id: name, name },
      place: { file: `x${name}`, line: 1 },
      merge: { rule: name, target: name },
    }
    const review: Review = {
      verdict: { level: 'danger', counts: [[1, 'gain']], objections: [name], otherwise: name },
      commit: null,
      heads: [{ account: { id: name, name }, digest: name, against: { ref: name, commit: name } }],
      sections: (['escalations', 'changes'] as const).map((section) => ({
        name: section,
        title: name,
        mayFold: section === 'changes',
        entries: [entry(parts)],
      })),
    }
    const graph = {
      nodes: [name, 'b'].map((label, index) => ({
        id: String(index),
        label,
        place: 'inside' as const,
        severity: null,
      })),
      edges: [{ from: '0', to: '1', kind: 'assumes' as const, change: 'gained' as const, does: name }],
      left: { nodes: 0, edges: 0 },
    }
    return reviewDocument(name, review, [{ account: { id: name, name }, graph }])
  }
  test('are shown as they are written', async () => {
    const text = pageWith(HOSTILE.join(' '))
    holdPage(text)
    await expect(text).toMatchFileSnapshot('golden/hostile.html')
  })

  const plain = shapeOf(holdPage(pageWith('plain')))

  test('never become markup, and none that nobody sees is left in', () => {
    fc.assert(
      fc.property(names, (name) => {
        const text = pageWith(`x${name}x`)
        expect(shapeOf(holdPage(text))).toBe(plain)
        expect(text).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/,
        )
      }),
      { numRuns: 40, examples: HOSTILE.map((name) => [name]) },
    )
  })
})

describe('style and script', () => {
  test('hold no end of their own element', () => {
    expect(PAGE_STYLE).not.toMatch(/<\/?(?:style|!--)/i)
    expect(PAGE_SCRIPT).not.toMatch(/<\/?(?:script|!--)/i)
  })

  test('letters stand out from what is behind them, in light and dark', () => {
    const [light, dark] = [...PAGE_STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, body = '']) => {
      const tokens = [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)]
      return new Map(tokens.map(([, name = '', color = '']) => [name, color]))
    })
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const pairs = [
      ...['ink', 'soft', 'link', 'bad', 'good', 'odd'].flatMap((text) => [
        [text, 'paper'],
        [text, 'raised'],
      ]),
      ['bad', 'bad-soft'],
      ['odd', 'odd-soft'],
      ['ink', 'bad-soft'],
      ['ink', 'odd-soft'],
    ]
    for (const tokens of [light, dark])
      for (const [text = '', behind = ''] of pairs) {
        const [a, b] = [text, behind]
          .map((name) => luminance(tokens?.get(name) ?? 'none'))
          .sort((x, y) => y - x)
        // Web Content Accessibility Guidelines 2.2, 1.4.3
        expect(((a ?? 0) + 0.05) / ((b ?? 0) + 0.05), `${text} on ${behind}`).toBeGreaterThanOrEqual(4.5)
      }
  })
})
