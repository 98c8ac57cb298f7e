import { describe, expect, test } from 'vitest'
import { hasUnseen, outputWithoutUnseen, withoutUnseen } from '../../src/diagnostics/unseen.ts'

const span = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** Bidirectional marks, zero-width characters, breaks of lines and paragraphs, tags, and what a terminal obeys. */
const MARKS = [
  0x7f,
  0x85,
  0x9b,
  0xad,
  0x34f,
  0x115f,
  0x17b4,
  0x61c,
  ...span(0x180b, 0x180f),
  ...span(0x200b, 0x200f),
  ...span(0x2028, 0x202e),
  ...span(0x2060, 0x2064),
  ...span(0x2066, 0x2069),
  0x2800,
  0x3164,
  0xfe00,
  0xfe0f,
  0xfeff,
  0xffa0,
  0xfff9,
  0xe0001,
  0xe0041,
  0xe0100,
  0xe01ef,
]

describe('what nobody sees', () => {
  test.each(MARKS.map((mark) => [mark.toString(16), String.fromCodePoint(mark)] as const))(
    'U+%s is escaped, in a line and in output',
    (hex, mark) => {
      const text = `a${mark}b`
      expect(hasUnseen(text)).toBe(true)
      expect(withoutUnseen(text)).toBe(outputWithoutUnseen(text))
      expect(withoutUnseen(text)).toMatch(/^a(?:\\u[0-9a-f]{4}){1,2}b$/)
      // In JSON, an escape is the same text.
      expect(JSON.parse(`"${outputWithoutUnseen(text)}"`)).toBe(text)
      if (hex.length <= 4) expect(withoutUnseen(text)).toBe(`a\\u${hex.padStart(4, '0')}b`)
    },
  )

  test('lower control characters are no part of a line, but of output', () => {
    expect(withoutUnseen('a\u001b[2J\n\tb')).toBe('a\\u001b[2J\\u000a\\u0009b')
    expect(outputWithoutUnseen('a\u001b[31m\n\tb')).toBe('a\u001b[31m\n\tb')
  })

  test('what is seen stays as it is', () => {
    for (const text of ['plain', 'ß ü é', 'עברית', 'العربية', '日本語', '😀', '❤️', 'a b', 'e\u0301'])
      expect([hasUnseen(text), withoutUnseen(text), outputWithoutUnseen(text)]).toEqual([false, text, text])
  })
})
