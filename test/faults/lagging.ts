import { Random } from '../evaluator/random-cases.ts'
import type { Iam, Time } from './faulty-target.ts'

/** What two targets that are to become alike draw from and go by: the same for the same write. */
interface SharedSurroundings {
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

interface Pair<W> {
  /** Where everything is written at once. */
  readonly ahead: W
  /** The same, some time later. */
  readonly behind: W
}

interface NotedWrite {
  readonly number: number
  readonly at: number
  readonly operation: Parameters<Iam['write']>[0]
  readonly input: object
}

/**
 * A target whose reads answer as it was `lag` milliseconds ago: they go to a second one, in which all that was written is
 * done again once its time has come, with the same clock and chance, so that both give the same ids.
 * @param open called twice
 */
export async function openLagging<W extends { readonly iam: Iam }>(
  open: (surroundings: SharedSurroundings) => Promise<W>,
  time: Time,
  lag: number,
): Promise<Pair<W> & { readonly iam: Iam }> {
  const [ahead, behind] = [new Surroundings(time), new Surroundings(time)]
  const pair: Pair<W> = { ahead: await open(ahead), behind: await open(behind) }
  const noted: NotedWrite[] = []
  let count = 0
  let catchingUp = Promise.resolve()
  const catchUp = async () => {
    for (let first = noted[0]; first !== undefined && first.at + lag <= time.now(); first = noted[0]) {
      noted.shift()
      behind.turnTo(first.number, first.at)
      await pair.behind.iam.write(first.operation, first.input as never)
    }
    behind.turnTo(0, null)
  }
  const iam: Iam = {
    async read(operation, input) {
      // One after the other: reads come many at once.
      catchingUp = catchingUp.then(catchUp)
      await catchingUp
      return pair.behind.iam.read(operation, input)
    },
    async write(operation, input) {
      const number = ++count
      const at = time.now()
      ahead.turnTo(number, at)
      const answer = await pair.ahead.iam.write(operation, input)
      noted.push({ number, at, operation, input })
      return answer
    },
  }
  return { ...pair, iam }
}

class Surroundings implements SharedSurroundings {
  readonly #time: Time
  #at: number | null = null
  #random = new Random(1)

  constructor(time: Time) {
    this.#time = time
  }

  turnTo(write: number, at: number | null): void {
    this.#random = new Random(write + 1)
    this.#at = at
  }

  readonly clock = (): number => this.#at ?? this.#time.now()
  readonly randomBytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => this.#random.below(256))
}
