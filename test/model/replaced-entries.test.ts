import { expect, test } from 'vitest'
import { UnlikeEntries } from '../../src/access/principals/unlike-entries.ts'
import { replacedBetween, withReplaced } from '../../src/model/replaced-entries.ts'
import fc from '../fixed-seed.ts'

type Values = ReadonlyMap<string, number>

const KEYS = ['a', 'b', 'c', 'd']
const values = fc
  .shuffledSubarray(KEYS, { minLength: 2 })
  .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(fc.constant(key), fc.nat({ max: 3 })))))
  .map((entries): Values => new Map(entries))

/** Either some values of the map before are replaced, or it is another one. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), fc.nat({ max: 3 })) },
  { weight: 1, arbitrary: values },
)
const history = fc.tuple(values, fc.array(step, { maxLength: 5 })).map(([first, steps]) => {
  const maps = [first]
  for (const each of steps) {
    const last = maps.at(-1) ?? first
    maps.push(
      each instanceof Map
        ? each
        : withReplaced(
            last,
            Object.entries(each as Record<string, number>).filter(([key]) => last.has(key)),
          ),
    )
  }
  return maps
})

const replacedByLooking = (earlier: Values, later: Values) =>
  [...earlier.keys()].join() === [...later.keys()].join()
    ? [...later].flatMap(([key, value]) => (earlier.get(key) === value ? [] : [key])).sort()
    : null

test('property: what was replaced is what a look at both maps shows', () => {
  fc.assert(
    fc.property(history, (maps) => {
      for (const earlier of maps)
        for (const later of maps)
          expect(replacedBetween(earlier, later)?.toSorted() ?? null).toEqual(
            replacedByLooking(earlier, later),
          )
    }),
  )
})

test('property: who is unlike is who all of both maps show, whatever was compared before', () => {
  fc.assert(
    fc.property(history, values, (maps, before) => {
      const isSame = (a: number, b: number) => a % 2 === b % 2
      const unlike = new UnlikeEntries<number>(isSame)
      for (const after of [...maps, ...maps.toReversed()])
        expect([...unlike.between(before, after)].sort()).toEqual(
          KEYS.filter((key) => {
            const [old, now] = [before.get(key), after.get(key)]
            return old !== now && (old === undefined || now === undefined || !isSame(old, now))
          }),
        )
    }),
  )
})

test('a map of which nothing is replaced stays the same map; no key can be added', () => {
  const map: Values = new Map([['a', 1]])
  expect(withReplaced(map, [['a', 1]])).toBe(map)
  expect(() => withReplaced(map, [['b', 1]])).toThrow('only values are replaced')
  expect([...map]).toEqual([['a', 1]])
})
