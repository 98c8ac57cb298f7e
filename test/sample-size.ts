/** Set by `test/soak/whole-samples.mjs`: all of each sample is tried. */
export const IS_WHOLE = process.env.TEST_SAMPLES === 'whole'

const PART = 1 / 5

/** How many of a sample `npm test` tries: a part, the same at every run. @param whole what the soak tries */
export const sampleOf = (whole: number): number => (IS_WHOLE ? whole : Math.ceil(whole * PART))
