import fc from 'fast-check'
import { Random } from './evaluator/random-cases.ts'

/** Where what is drawn begins: the same at every run, so that what fails fails again. `PROPERTY_SEED` takes another one. */
const SEED = Number(process.env.PROPERTY_SEED ?? 20_261_126)

// By itself fast-check begins where the clock stands.
fc.configureGlobal({ seed: SEED })

export default fc

const random = new Random(SEED)

/** In place of `randomBytes` of node: no two alike within a test file, and the same ones at every run. */
export const fixedBytes = (count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => random.below(256))
