import { expect, it } from 'vitest'
import { patternsMeet } from '../../../src/access/actions/meeting-patterns.ts'
import { matchesPattern } from '../../../src/model/name-pattern.ts'

/** All texts over some letters of so many at most. */
const textsOf = (letters: readonly string[], most: number): readonly string[] =>
  Array.from({ length: most }).reduce<readonly string[]>(
    (texts) => [...new Set([...texts, ...texts.flatMap((text) => letters.map((letter) => text + letter))])],
    [''],
  )

it('two patterns meet where a text fits both, and nowhere else', () => {
  const patterns = textsOf(['a', 'b', '*', '?'], 4)
  // Two patterns of so many characters that meet do so in a text of as many at most.
  const fitting = new Map(
    patterns.map((pattern) => [
      pattern,
      new Set(TEXTS.flatMap((text, place) => (matchesPattern(pattern, text) ? [place] : []))),
    ]),
  )
  const wrong: string[] = []
  for (const [one, ofOne] of fitting)
    for (const [other, ofOther] of fitting)
      if (patternsMeet(one, other) !== [...ofOne].some((place) => ofOther.has(place)))
        wrong.push(`${one} ${other}`)
  expect(wrong).toEqual([])
})

const TEXTS = textsOf(['a', 'b'], 8)
