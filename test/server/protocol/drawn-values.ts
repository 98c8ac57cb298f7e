// Values of any shape of a model, drawn: what the members of an operation can hold, and texts that are hard to carry.

import { membersIn, type Service, type Shape } from '../../../src/server/protocol/shapes.ts'
import fc from '../../fixed-seed.ts'

/** Texts that XML and forms have to escape, and that they carry. */
const TEXTS = fc.oneof(
  fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')),
  fc.constantFrom(
    '',
    ' a ',
    'a&b=c',
    '<a b="c">',
    "it's",
    '100%',
    'ü + 日本 😀',
    'line\nfeed\ttab',
    ']]>',
    '&amp;',
    '+',
    'a.b.1',
  ),
)

/** Of a structure within itself no more than so many. */
const DEEPEST = 3

function valuesOf(service: Service, shape: Shape, depth = 0): fc.Arbitrary<unknown> {
  if (typeof shape === 'string')
    switch (shape) {
      case 'text':
        return TEXTS
      case 'number':
        return fc.integer({ min: -2_000_000, max: 2_000_000_000 })
      case 'boolean':
        return fc.boolean()
      case 'time':
        return fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => new Date(seconds * 1000))
      case 'blob':
        return fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes))
    }
  if ('secret' in shape) return valuesOf(service, shape.secret, depth)
  if ('structure' in shape) return structuresOf(service, shape.structure, depth + 1)
  const maxLength = depth >= DEEPEST ? 0 : 3
  if ('list' in shape) return fc.array(valuesOf(service, shape.list, depth + 1), { maxLength })
  return fc.dictionary(
    fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', ':', '.', '&', '<') }),
    // Of an entry with nothing in it a request has the key alone, which says less than was drawn.
    valuesOf(service, shape.value, depth + 1).filter((value) => !isBare(value)),
    { maxKeys: maxLength, noNullPrototype: true },
  )
}

const isBare = (value: unknown): boolean =>
  value !== null &&
  typeof value === 'object' &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.values(value).every(isBare)

/** Any of its members, or none. @param structure null: nothing */
export function structuresOf(service: Service, structure: string | null, depth = 0): fc.Arbitrary<object> {
  if (structure === null) return fc.constant({})
  const members = Object.entries(membersIn(service, structure))
  const kept = depth > DEEPEST ? [] : members
  return fc.record(Object.fromEntries(kept.map(([name, shape]) => [name, valuesOf(service, shape, depth)])), {
    requiredKeys: [],
    noNullPrototype: true,
  })
}
