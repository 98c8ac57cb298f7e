import fc from '../fixed-seed.ts'

/** Some of what there is, in its order. */
export const fewOf = (names: readonly string[] = [], most: number): fc.Arbitrary<readonly string[]> =>
  fc.subarray([...names]).map((some) => some.slice(0, most))

export const tags = fc.dictionary(fc.constantFrom('team', 'size'), fc.constantFrom('a', 'b'), { maxKeys: 2 })
