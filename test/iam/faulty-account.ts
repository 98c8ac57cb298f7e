import { Random } from '../evaluator/random-cases.ts'
import { type Faults, type Iam, withFaults } from '../faults/faulty-target.ts'
import { openLagging } from '../faults/lagging.ts'
import { patientClient } from '../faults/patient-client.ts'

/** Milliseconds until what was written is seen. */
const LAG = 2000
/** Writes of which every so many-th goes wrong. */
const EACH = 3

interface Trouble {
  readonly faults: Faults
  readonly lag: number
}

const everyOther = (count: number) => count % EACH === 0

/** What may go wrong with an account, beside refusals that no retry helps against. */
export const TROUBLES = {
  'it slows down': { faults: { throttled: 0.05 }, lag: 0 },
  'answers are lost': { faults: { losesAnswer: everyOther, losesRead: everyOther }, lag: 0 },
  'the connection drops': { faults: { drops: everyOther }, lag: 0 },
  'it shows late what was written': { faults: {}, lag: LAG },
  'all of it at once': {
    faults: {
      throttled: 0.05,
      losesAnswer: everyOther,
      losesRead: everyOther,
      drops: (write) => write % (EACH + 2) === 0,
    },
    lag: LAG,
  },
} as const satisfies Readonly<Record<string, Trouble>>

export type TroubleName = keyof typeof TROUBLES

/** Time passes by calls and pauses alone. */
class Manual {
  #now = Date.UTC(2026, 0, 1)
  readonly now = (): number => this.#now
  readonly pass = (milliseconds: number): void => {
    this.#now += milliseconds
  }
}

interface Openable {
  readonly iam: Iam
  close(): Promise<void>
}

/**
 * An account by what goes wrong, asked as an apply asks.
 * @param open with a clock and chance of its own
 */
export async function withTrouble<A extends Openable>(
  name: TroubleName,
  open: (parts: {
    readonly clock: () => number
    readonly randomBytes: (count: number) => Uint8Array
  }) => Promise<A>,
): Promise<A> {
  const { faults, lag }: Trouble = TROUBLES[name]
  const time = new Manual()
  const { iam, ahead, behind } = await openLagging(open, time, lag)
  const [trouble, pauses] = [new Random(11), new Random(12)]
  const faulty = withFaults({ target: iam, faults, time, random: () => trouble.next(), lag })
  const client = patientClient(faulty, time, () => pauses.next())
  return {
    ...ahead,
    iam: client,
    close: async () => {
      await ahead.close()
      await behind.close()
    },
  }
}
