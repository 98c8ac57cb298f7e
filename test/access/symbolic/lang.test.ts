import { describe, expect, it } from 'vitest'
import { LangTable } from '../../../src/access/symbolic/lang.ts'
import {
  canonical,
  codePoints,
  foldedGlob,
  type Glob,
  literalGlob,
  MARKER,
  ONE,
  ONE_IN_SEGMENT,
  STAR,
  STAR_IN_SEGMENT,
} from '../../../src/access/symbolic/tokens.ts'
import fc from '../../fixed-seed.ts'
import { globs, lists, matches, texts } from './random-globs.ts'

describe('a language', () => {
  it('has the texts that one of its patterns matches', () => {
    fc.assert(
      fc.property(lists, fc.array(texts, { minLength: 1, maxLength: 8 }), (patterns, some) => {
        const lang = new LangTable().of(patterns)
        for (const text of some) expect(lang.has(text)).toBe(patterns.some((glob) => matches(glob, text)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same with its wildcards in order', () => {
    fc.assert(
      fc.property(globs, texts, (glob, text) => {
        expect(new LangTable().of([canonical(glob)]).has(text)).toBe(matches(glob, text))
      }),
      { numRuns: 2000 },
    )
  })

  it('is one object whatever the order of its patterns', () => {
    const table = new LangTable()
    const [one, other] = [literalGlob('a'), literalGlob('b')]
    expect(table.of([one, other, one])).toBe(table.of([other, one]))
    expect(table.of([])).not.toBe(table.of([[]]))
  })

  it('has letters of another case that fold to the same, the odd ones as well', () => {
    const lang = new LangTable().of([foldedGlob('K')])
    expect(['k', 'K', '\u212a', 'q'].map((text) => lang.has(text))).toEqual([true, true, true, false])
  })

  it.each<[string, Glob, Glob, boolean]>([
    ['a star', [STAR], [MARKER], true],
    ['itself', [MARKER], [MARKER], true],
    ['another unknown', [MARKER - 1], [MARKER], false],
    ['one character', [ONE], [MARKER], false],
    ['one in its segment', [ONE_IN_SEGMENT], [MARKER], false],
    ['a star in its segment', [STAR_IN_SEGMENT], [MARKER], false],
  ])('an unknown text is in %s, or not', (_, pattern, [text = 0], expected) => {
    const { start } = new LangTable().of([pattern])
    expect(start.after(text).accepts).toBe(expected)
  })

  it('says which services its ARNs are of, where they all say', () => {
    const table = new LangTable()
    const arn = (text: string) =>
      codePoints(text).map((point) => (point === 0x2a ? STAR : point === 0x25 ? STAR_IN_SEGMENT : point))
    const { services } = table.of([arn('arn:%:s3:*'), arn('arn:aws:ec2:%:1:*')])
    expect(services).toEqual(new Set(['s3', 'ec2']))
    expect(table.of([arn('arn:*:s3:*')]).services).toBeNull()
    expect(table.of([arn('arn:aws:s%:*')]).services).toBeNull()
  })
})
