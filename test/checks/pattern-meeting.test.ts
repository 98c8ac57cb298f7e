import { describe, expect, it } from 'vitest'
import { meet, NAME } from '../../src/checks/names/resources/pattern-meeting.ts'
import fc from '../fixed-seed.ts'

describe('whether two patterns have a text in common', () => {
  it('is told of patterns that are as long as a policy', () => {
    const long = `arn:aws:s3:::bucket/${'z'.repeat(20_000)}`
    expect(meet(long, 'arn:aws:s3:::*/*')).toBe(true)
    expect(meet(`${long}*`, `arn:aws:s3:::${NAME}/z?*`)).toBe(true)
    expect(meet(long, `arn:aws:s3:::${NAME}`)).toBe(false)
    expect(meet(long, 'arn:aws:s3:::other/*')).toBe(false)
  })

  it('is so if and only if some text is of both', () => {
    const pattern = (letters: readonly string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 4 }).map((each) => each.join(''))
    const texts = allTexts(['a', 'b', '/'], 6)
    fc.assert(
      fc.property(pattern(['a', 'b', '/', '*', '?']), pattern(['a', 'b', '/', '*', '?', NAME]), (a, b) => {
        const [left, right] = [expressionOf(a), expressionOf(b)]
        expect(meet(a, b)).toBe(texts.some((text) => left.test(text) && right.test(text)))
      }),
      { numRuns: 500 },
    )
  })
})

const WRITTEN: Readonly<Record<string, string>> = { '*': '.*', '?': '.', [NAME]: '[^/]*' }
const expressionOf = (pattern: string) =>
  new RegExp(`^${[...pattern].map((each) => WRITTEN[each] ?? each).join('')}$`)

/** Two patterns of four characters that meet do so in one of eight at most; of these six are enough for all that is told apart. */
function allTexts(letters: readonly string[], most: number): readonly string[] {
  const all = ['']
  for (let from = 0, length = 1; length <= most; length++) {
    const end = all.length
    for (; from < end; from++) for (const letter of letters) all.push(`${all[from]}${letter}`)
  }
  return all
}
