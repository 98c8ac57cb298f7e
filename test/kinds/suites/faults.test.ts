// An apply to a target that fails in part, slows down, loses answers or lags behind, of every kind that is listed.
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ChildState } from '../../../src/model/index.ts'
import { applyAccount } from '../../../src/reconcile/apply-account.ts'
import { type Intent, planAccount } from '../../../src/reconcile/plan-account.ts'
import { Random } from '../../evaluator/random-cases.ts'
import { type Faults, type FaultyTarget, type Iam, wasDone, withFaults } from '../../faults/faulty-target.ts'
import { openLagging } from '../../faults/lagging.ts'
import fc from '../../fixed-seed.ts'
import { applyOptions } from '../../reconcile/world.ts'
import { sampleOf } from '../../sample-size.ts'
import { temporaryFolder } from '../../store/temporary-folder.ts'
import {
  type Declared,
  declared,
  declaredBy,
  differencesOf,
  intentOf,
  LISTED,
  SAMPLE_PORTS,
} from '../listed.ts'
import { openToyWorld, type ToyWorld } from '../toy/world.ts'

const LAG = 2000
const LOCKED_AT = join(temporaryFolder(), 'faults.db')
const pair = () => fc.tuple(declared(), declared())
type Pair = readonly [Declared, Declared]

class ManualTime {
  #now = Date.UTC(2026, 0, 1)
  paused = 0
  readonly now = () => this.#now
  readonly pass = (milliseconds: number) => {
    this.#now += milliseconds
  }
}

interface Setting {
  /** What is written is in it at once. */
  readonly world: ToyWorld
  readonly iam: Iam
  readonly time: ManualTime
}

async function withSetting(lag: number, use: (setting: Setting) => Promise<void>): Promise<void> {
  const time = new ManualTime()
  const { ahead, behind, iam } = await openLagging(
    ({ clock, randomBytes }) => openToyWorld(':memory:', {}, { clock, randomBytes, lockedAt: LOCKED_AT }),
    time,
    lag,
  )
  try {
    await use({ world: ahead, iam, time })
  } finally {
    await ahead.close()
    await behind.close()
  }
}

let entries = 0

/** Plans as what is there shows, and applies by what goes wrong. */
async function apply({ world, iam, time }: Setting, intent: Intent, faulty: FaultyTarget) {
  const { plan } = await planAccount(intent, { iam, journal: world.journal })
  const applied = await applyAccount(
    {
      intent,
      target: { journal: world.journal, iam: faulty.iam },
      consented: plan,
      entry: { id: `entry-${++entries}`, commit: null, dirty: null, actor: 'alice@laptop' },
      process: { pid: process.pid, host: hostname() },
      lockTimeout: 0,
    },
    {
      ...applyOptions(),
      secrets: SAMPLE_PORTS,
      clock: time.now,
      sleep: async (milliseconds) => {
        time.pass(milliseconds)
        time.paused += milliseconds
      },
    },
  )
  return { plan, applied }
}

const NO_FAULTS: Faults = {}
const faultyOf = ({ iam, time }: Setting, faults: Faults, lag = 0): FaultyTarget => {
  const random = new Random(7)
  return withFaults({ target: iam, faults, time, random: () => random.next(), lag })
}

/** What AWS alone names is known by its id. */
const withoutId = ({ id, identity, created, expires, ...one }: ChildState): string =>
  JSON.stringify(identity === id ? one : { identity, ...one })

/** What an account has, whatever the ids that were given, and when. */
const contentOf = async ({ world }: Setting): Promise<unknown> => {
  const { children, ...rest } = await world.observe()
  const unidentified = Object.entries(children).map(([kind, all]) => [
    kind,
    [...all].map(([parent, each]) => [parent, each.map(withoutId).toSorted()]),
  ])
  return JSON.parse(
    JSON.stringify({ ...rest, children: unidentified }, (_, value: unknown) =>
      value instanceof Map ? [...value].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : value,
    ),
  )
}

function countsOf(operations: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const operation of operations) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}

const makes = (operation: string) => /^(?:Create|Upload)/.test(operation)

/** @returns what an account has after it was applied to with nothing going wrong */
async function undisturbed(intents: readonly Intent[]): Promise<unknown> {
  let content: unknown
  await withSetting(0, async (setting) => {
    for (const intent of intents) await apply(setting, intent, faultyOf(setting, NO_FAULTS))
    content = await contentOf(setting)
  })
  return content
}

/** That one apply by what goes wrong does all that is planned, makes nothing twice, and knows that it is done. */
async function isWholeInOne(pair: Pair, faults: Faults, lag = 0): Promise<void> {
  const [start, goal] = [intentOf(pair[0]), intentOf(pair[1])]
  await withSetting(lag, async (setting) => {
    await apply(setting, start, faultyOf(setting, NO_FAULTS))
    setting.time.pass(10 * LAG)
    const faulty = faultyOf(setting, faults, lag)
    const { plan, applied } = await apply(setting, goal, faulty)
    if (applied.type === 'unchanged') return
    if (applied.type !== 'applied') throw new Error(applied.type)
    const undone = applied.results.flatMap(({ status, error, step: { operation, needs } }) =>
      status === 'done' ? [] : [{ operation, needs, status, error }],
    )
    expect(undone).toEqual([])
    expect(applied.verification).toEqual({ type: 'verified' })
    const made = faulty.writes.filter(wasDone).map(({ operation }) => operation)
    // Of what an answer tells the secret of, one whose answer was lost is deleted before the next: what is there shows it.
    const told = new Set(plan.steps.flatMap(({ operation, tells }) => (tells ? [operation as string] : [])))
    const makesOnce = (operation: string) => makes(operation) && !told.has(operation)
    expect(countsOf(made.filter(makesOnce))).toEqual(
      countsOf(plan.steps.map(({ operation }) => operation).filter(makesOnce)),
    )
    expect(await contentOf(setting)).toEqual(await undisturbed([start, goal]))
  })
}

/**
 * Every so many-th, but for some: a key whose answer is lost is deleted before the next attempt, so that every other one would
 * be each attempt, and no apply could make it.
 */
const losing =
  (each: number, first: number): NonNullable<Faults['losesAnswer']> =>
  (write) =>
    write % each === first % each && write % 5 !== 0

const runs = { numRuns: sampleOf(6), endOnFailure: true }

describe('of every kind that is listed', () => {
  it('an apply that is told to slow down goes on, and is whole', () =>
    fc.assert(
      fc.asyncProperty(pair(), (intents) => isWholeInOne(intents, { throttled: 0.05 })),
      runs,
    ))

  it('an apply whose answers are lost, or whose connection drops, does nothing twice', () =>
    fc.assert(
      fc.asyncProperty(pair(), fc.integer({ min: 2, max: 4 }), fc.nat(3), (intents, each, first) =>
        isWholeInOne(intents, {
          losesAnswer: losing(each, first),
          drops: (write) => write % 5 === 1,
          losesRead: (read) => read % 3 === 1,
        }),
      ),
      runs,
    ))

  it('an apply of what is seen two seconds later waits for it, and is whole', () =>
    fc.assert(
      fc.asyncProperty(pair(), (intents) => isWholeInOne(intents, NO_FAULTS, LAG)),
      runs,
    ))

  it('an apply with all of this at once is whole', () =>
    fc.assert(
      fc.asyncProperty(pair(), fc.integer({ min: 2, max: 4 }), (intents, each) =>
        isWholeInOne(intents, { throttled: 0.05, losesAnswer: losing(each, 0) }, LAG),
      ),
      runs,
    ))

  it('an apply of which every so many-th call is refused says which, and the next ones end it', () =>
    fc.assert(
      fc.asyncProperty(pair(), fc.integer({ min: 2, max: 6 }), (pair, each) =>
        withSetting(0, async (setting) => {
          const [start, goal] = [intentOf(pair[0]), intentOf(pair[1])]
          await apply(setting, start, faultyOf(setting, NO_FAULTS))
          const [before = {}] = declaredBy(start)
          for (let round = 1; ; round++) {
            const faulty = faultyOf(setting, { refuses: (write) => (write + round) % each === 0 })
            const { applied } = await apply(setting, goal, faulty)
            if (applied.type === 'unchanged') break
            if (applied.type !== 'applied') throw new Error(applied.type)
            const fates = (status: string) =>
              applied.results.filter((result) => result.status === status).map(({ step }) => step.operation)
            expect(fates('done')).toEqual(faulty.writes.filter(wasDone).map(({ operation }) => operation))
            expect(fates('failed')).toEqual(
              faulty.writes.filter(({ fate }) => fate === 'refused').map(({ operation }) => operation),
            )
            expect(faulty.writes.some(({ fate }) => fate === 'failed')).toBe(false)
            expect(applied.verification.type).toBe(fates('failed').length > 0 ? 'incomplete' : 'verified')
            expect(round).toBeLessThan(40)
          }
          const observed = await setting.world.observe()
          for (const kind of LISTED)
            expect(differencesOf(observed, goal, kind, before).differs, kind).toEqual([])
        }),
      ),
      runs,
    ))
})
