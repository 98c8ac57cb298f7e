import fc from 'fast-check'
import { expect } from 'vitest'
import { Random } from './evaluator/random-cases.ts'

/** Where what is drawn begins: the same at every run, so that what fails fails again. `PROPERTY_SEED` takes another one. */
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_126)

// By itself fast-check begins where the clock stands.
fc.configureGlobal({ seed: SEED })

export default fc

let random = new Random(SEED)
let drawnFor: string | undefined

/** In place of `randomBytes` of node: no two alike within a test file, and the same ones at every run of it. */
export function fixedBytes(count: number): Uint8Array {
  const { testPath } = expect.getState()
  if (testPath !== drawnFor) random = new Random(SEED)
  drawnFor = testPath
  return Uint8Array.from({ length: count }, () => random.below(256))
}
