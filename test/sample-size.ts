/** Set by `test/soak/whole-samples.mjs`: what isn't drawn at random is tried as a whole, and all of each sample, or half of it. */
export const IS_WHOLE = process.env.TEST_SAMPLES !== undefined
const IS_HALF = process.env.TEST_SAMPLES === 'half'

const PART = 1 / 8

/**
 * How many of a sample `npm test` tries: a part, the same at every run.
 * @param whole what the soak tries
 * @param part where less would be too little
 */
export const sampleOf = (whole: number, part = PART): number =>
  IS_WHOLE && !IS_HALF ? whole : Math.ceil(whole * (IS_HALF ? 1 / 2 : part))
