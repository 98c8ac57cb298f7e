import { sampleOf } from '../sample-size.ts'

const TIMES = Number(process.env.INTAKE_TIMES ?? 1)

/** How many cases a test of what others wrote tries: a few in `npm test`, `INTAKE_TIMES` times as many in the soak. */
export const times = (few: number): number => sampleOf(few) * TIMES
