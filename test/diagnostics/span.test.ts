import { describe, expect, test } from 'vitest'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import fc from '../fixed-seed.ts'

describe('positions', () => {
  const texts = new SourceTexts([['a', 'one\ntwo\r\n\nfour']])

  test('start at line 1, column 1', () => {
    expect(texts.positionAt('a', 0)).toEqual({ line: 1, column: 1 })
    expect(texts.positionAt('a', 4)).toEqual({ line: 2, column: 1 })
    expect(texts.positionAt('a', 9)).toEqual({ line: 3, column: 1 })
    expect(texts.positionAt('a', 12)).toEqual({ line: 4, column: 3 })
  })

  test('a line break belongs to the line that it ends', () => {
    expect(texts.positionAt('a', 3)).toEqual({ line: 1, column: 4 })
  })

  test('the end of the text has one', () => {
    expect(texts.positionAt('a', 14)).toEqual({ line: 4, column: 5 })
  })

  test('columns are UTF-16 units', () => {
    expect(new SourceTexts([['a', '🎉x']]).positionAt('a', 2)).toEqual({ line: 1, column: 3 })
  })

  test('a file that is not known has none', () => {
    expect(texts.positionAt('b', 0)).toBeNull()
    expect(texts.line('b', 1)).toBeNull()
    expect(texts.text('b')).toBeUndefined()
  })

  test('a text added again replaces the first', () => {
    const again = new SourceTexts([['a', 'x\ny']])
    expect(again.positionAt('a', 2)).toEqual({ line: 2, column: 1 })
    again.add('a', 'xyz')
    expect(again.positionAt('a', 2)).toEqual({ line: 1, column: 3 })
    expect(again.line('a', 1)).toBe('xyz')
  })

  test('lines stand without their line break', () => {
    expect([1, 2, 3, 4].map((line) => texts.line('a', line))).toEqual(['one', 'two', '', 'four'])
    expect(texts.line('a', 0)).toBeNull()
    expect(texts.line('a', 5)).toBeNull()
  })

  test('line and column lead back to the offset', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '名', '🎉')), fc.nat(), (pieces, random) => {
        const text = pieces.join('')
        const offset = random % (text.length + 1)
        const position = new SourceTexts([['a', text]]).positionAt('a', offset)
        const lines = text.split('\n')
        const before = lines
          .slice(0, (position?.line ?? 1) - 1)
          .reduce((sum, line) => sum + line.length + 1, 0)
        expect(before + (position?.column ?? 1) - 1).toBe(offset)
        expect(position?.column).toBeLessThanOrEqual((lines[(position?.line ?? 1) - 1] ?? '').length + 1)
      }),
    )
  })
})
