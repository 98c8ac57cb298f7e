import { describe, expect, it } from 'vitest'
import { LangTable } from '../../../src/access/symbolic/lang.ts'
import { Search } from '../../../src/access/symbolic/search.ts'
import { codePoints, literalGlob, STAR } from '../../../src/access/symbolic/tokens.ts'
import fc from '../../fixed-seed.ts'
import { lists, matches, shortTexts } from './random-globs.ts'

const SHORT = shortTexts(4)

describe('a search', () => {
  it('finds a shortest text in all positives and in no negative, or there is none', () => {
    fc.assert(
      fc.property(
        fc.array(lists, { maxLength: 3 }),
        fc.array(lists, { maxLength: 2 }),
        fc.nat(3),
        (inside, outside, minLength) => {
          const langs = new LangTable()
          const isWanted = (text: string) =>
            [...text].length >= minLength &&
            inside.every((patterns) => patterns.some((glob) => matches(glob, text))) &&
            !outside.some((patterns) => patterns.some((glob) => matches(glob, text)))
          const of = (all: typeof inside) => all.map((patterns) => langs.of(patterns))
          const found = new Search(langs, 100_000).find(of(inside), of(outside), minLength)
          expect(found.type).not.toBe('budget')
          if (found.type === 'found') expect(isWanted(found.text)).toBe(true)
          const shortest = SHORT.find(isWanted)
          if (found.type === 'none') expect(shortest).toBeUndefined()
          if (
            found.type === 'found' &&
            shortest !== undefined &&
            inside.every((each) => each.some(hasWildcard))
          )
            expect([...found.text]).toHaveLength([...shortest].length)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('tells which languages have nothing in common, and which lie in others', () => {
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const langs = new LangTable()
        const search = new Search(langs, 100_000)
        const [a, b] = [langs.of(one), langs.of(other)]
        const inOne = (text: string) => one.some((glob) => matches(glob, text))
        const inOther = (text: string) => other.some((glob) => matches(glob, text))
        if (search.areDisjoint(a, b))
          expect(SHORT.slice(1).filter((text) => inOne(text) && inOther(text))).toEqual([])
        if (search.isSubset(a, b))
          expect(SHORT.slice(1).filter((text) => inOne(text) && !inOther(text))).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('finds a character that no pattern names', () => {
    const langs = new LangTable()
    const all = codePoints('xyzwvutsrqponmlkjihgfedcba0123456789-_XYZABC.~!éπж').map((point) =>
      langs.of([[point]]),
    )
    const found = new Search(langs, 1000).find([langs.of([[STAR]])], all, 1)
    expect(found).toMatchObject({ type: 'found' })
  })

  it('gives up beyond its budget, and says so', () => {
    const langs = new LangTable()
    const words = ['ab', 'cd', 'ef', 'gh', 'ij', 'kl', 'mn'].map((word) =>
      langs.of([[STAR, ...literalGlob(word), STAR]]),
    )
    expect(new Search(langs, 50).find(words, [])).toEqual({ type: 'budget' })
    expect(new Search(langs, 100_000).find(words, []).type).toBe('found')
  })
})

const hasWildcard = (glob: readonly number[]): boolean => glob.some((token) => token < 0)
