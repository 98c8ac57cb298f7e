import { describe, expect, it } from 'vitest'
import { type KeyAtom, passes } from '../../../src/access/symbolic/atom.ts'
import { parseDecimal } from '../../../src/access/symbolic/decimal.ts'
import { type KeyFacts, type Signed, solveKey } from '../../../src/access/symbolic/key-theory.ts'
import { addressOf, type Predicate } from '../../../src/access/symbolic/predicate.ts'
import { Symbols } from '../../../src/access/symbolic/symbols.ts'
import { canonical, foldedGlob, literalGlob, ONE, STAR } from '../../../src/access/symbolic/tokens.ts'
import fc from '../../fixed-seed.ts'

const symbols = new Symbols()
const { langs } = symbols

function textOf(pattern: string): Predicate {
  const folds = pattern.startsWith('~')
  const glob = folds
    ? foldedGlob(pattern.slice(1))
    : canonical(literalGlob(pattern).map((point) => (point === 0x2a ? STAR : point === 0x3f ? ONE : point)))
  const lang = langs.of([glob])
  return { kind: 'text', lang, upper: lang, lower: lang }
}
const number = (comparison: 'equals' | 'less' | 'greaterEquals', text: string): Predicate => ({
  kind: 'number',
  comparison,
  bounds: [parseDecimal(text) ?? { digits: 0n, scale: 0 }],
})
const address = (text: string): Predicate => ({
  kind: 'address',
  ranges: [addressOf(text)].filter((range) => range !== null),
})

interface Kind {
  readonly predicates: readonly Predicate[]
  readonly universe: readonly string[]
}
const KINDS: Readonly<Record<string, Kind>> = {
  text: {
    predicates: ['a', 'b', '~a', 'a*', '?', '*', '*b'].map(textOf),
    universe: ['a', 'b', 'A', 'ab', 'ax', 'q', 'qq', 'qb'],
  },
  number: {
    predicates: [
      number('equals', '1'),
      number('less', '1'),
      number('greaterEquals', '2'),
      number('less', '3'),
    ],
    universe: ['0', '-1', '1', '1.0', '1.5', '1.6', '2', '2.5', '3', '4', 'q', 'p'],
  },
  address: {
    predicates: ['10.0.0.0/8', '10.1.0.0/16', '::/0', '0.0.0.0/0'].map(address),
    universe: [
      '10.0.0.1',
      '10.0.0.2',
      '10.1.0.1',
      '10.1.0.2',
      '11.0.0.1',
      '11.0.0.2',
      '::1',
      '::2',
      'q',
      'p',
    ],
  },
  binary: {
    predicates: [['YQ=='], ['Yg==', 'YQ=='], ['q']].map((values) => ({ kind: 'binary' as const, values })),
    universe: ['YQ==', 'YR==', 'Yg==', 'Yw==', 'ZA==', 'q', 'p'],
  },
}

const allOf = ({ universe }: Kind): readonly (readonly string[] | null)[] => [
  null,
  ...universe.map((value) => [value]),
  ...universe.flatMap((one, at) => universe.slice(at + 1).map((two) => [one, two])),
  ...universe.flatMap((one, at) =>
    universe
      .slice(at + 1)
      .flatMap((two, next) => universe.slice(at + next + 2).map((three) => [one, two, three])),
  ),
]

const testsOf = (kind: Kind): fc.Arbitrary<readonly Signed[]> =>
  fc.array(
    fc.record({
      holds: fc.boolean(),
      atom: fc.record({
        on: fc.constant('key' as const),
        id: fc.constant(0),
        key: fc.constant('k'),
        spelling: fc.constant('k'),
        whenAbsent: fc.boolean(),
        predicate: fc.constantFrom<Predicate | null>(...kind.predicates, ...kind.predicates, null),
        several: fc.constantFrom<KeyAtom['several']>('never', 'always', 'all', 'any'),
        variables: fc.constant([]),
      }),
    }),
    { maxLength: 5 },
  )

const facts: fc.Arbitrary<KeyFacts> = fc.record({
  values: fc.constant(null),
  maySeveral: fc.boolean(),
  mayBeAbsent: fc.boolean(),
})

describe.each(Object.entries(KINDS))('a key with tests of kind %s', (_, kind) => {
  it('is what all of them ask for, whenever anything is', () => {
    const all = allOf(kind)
    fc.assert(
      fc.property(testsOf(kind), facts, (tests, what) => {
        const isWanted = (values: readonly string[] | null) =>
          (values === null ? what.mayBeAbsent : values.length === 1 || what.maySeveral) &&
          tests.every(({ atom, holds }) => passes(atom, values) === holds)
        const solved = solveKey(tests, what, symbols)
        if (solved.type === 'value') expect(isWanted(solved.values), JSON.stringify(solved.values)).toBe(true)
        else expect(all.find(isWanted)).toBeUndefined()
        expect(solved.type).not.toBe('budget')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a key', () => {
  const one: KeyFacts = { values: null, maySeveral: false, mayBeAbsent: false }
  const atom = (predicate: Predicate): KeyAtom => ({
    on: 'key',
    id: 0,
    key: 'k',
    spelling: 'k',
    whenAbsent: false,
    predicate,
    several: 'never',
    variables: [],
  })

  it('that is a boolean is nothing else', () => {
    const tests = ['true', 'false'].map((value) => ({ atom: atom(textOf(value)), holds: false }))
    expect(solveKey(tests, { ...one, values: 'boolean' }, symbols)).toEqual({ type: 'none' })
    expect(solveKey(tests, one, symbols).type).toBe('value')
  })

  it('that is a number is no other text', () => {
    const tests = ['less', 'greaterEquals'].map((comparison) => ({
      atom: atom(number(comparison as 'less', '1')),
      holds: false,
    }))
    expect(solveKey(tests, { ...one, values: 'number' }, symbols)).toEqual({ type: 'none' })
    expect(solveKey(tests, one, symbols).type).toBe('value')
  })

  it('with tests of two kinds is none where those of one kind exclude each other', () => {
    const holds = (predicate: Predicate) => ({ atom: atom(predicate), holds: true })
    const any = { ...one, maySeveral: true }
    expect(
      solveKey([holds(textOf('a')), holds(textOf('b*')), holds(number('less', '1'))], any, symbols),
    ).toEqual({
      type: 'none',
    })
    expect(
      solveKey([holds(textOf('*')), holds(number('less', '1')), holds(number('equals', '2'))], any, symbols),
    ).toEqual({ type: 'none' })
  })

  it('read in several ways is found, or not excluded', () => {
    const tests = [atom(textOf('1*')), atom(number('equals', '10'))].map((each) => ({
      atom: each,
      holds: true,
    }))
    expect(['value', 'budget']).toContain(solveKey(tests, one, symbols).type)
  })
})
