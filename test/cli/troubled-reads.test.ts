import { beforeEach, expect, it, vi } from 'vitest'
import { WatchSession } from '../../src/cli/planning/watch-session.ts'
import { Random } from '../evaluator/random-cases.ts'
import { type Faults, type Iam, withFaults } from '../faults/faulty-target.ts'
import { runHere } from './in-process.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import { PEOPLE, sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

/** What goes wrong with the next targets that are opened, and how many reads they were asked for. */
const trouble: { faults: Faults; reads: number } = { faults: {}, reads: 0 }
const random = new Random(7)

vi.mock('../../src/target/kinds.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/target/kinds.ts')>()
  const kindOf = (...args: Parameters<typeof original.kindOf>) => {
    const kind = original.kindOf(...args)
    return {
      ...kind,
      openReadable: async (...parts: Parameters<typeof kind.openReadable>) => {
        const target = await kind.openReadable(...parts)
        const { faults } = trouble
        const { iam } = withFaults({
          // Nothing is written to what is opened for reading.
          target: target.iam as Iam,
          faults: {
            ...faults,
            losesRead: (read) => {
              trouble.reads++
              return faults.losesRead?.(read) === true
            },
          },
          time: { now: () => 0, pass: () => {} },
          random: () => random.next(),
        })
        return { ...target, iam: { read: iam.read } }
      },
    }
  }
  return { ...original, kindOf }
})

beforeEach(() => {
  trouble.reads = 0
})

it.each<[string, Faults]>([
  ['is slowed down', { throttled: 0.2 }],
  ['loses the answers of its first reads', { losesRead: (read) => read <= 2 }],
])('a plan of a target that %s is made all the same', async (_, faults) => {
  const folder = sandbox(PEOPLE)
  trouble.faults = {}
  const plain = await runHere('plan', '--dir', folder, '--json')
  trouble.faults = faults
  const { code, out, err } = await runHere('plan', '--dir', folder, '--json')
  expect(err).toBe(plain.err)
  expect([code, JSON.parse(out).plans]).toEqual([plain.code, jsonOf(plain).plans])
  expect(trouble.reads).toBeGreaterThan(0)
})

it('a tick of a watcher is as patient, and so is a question about what is applied', async () => {
  const folder = sandbox(PEOPLE)
  trouble.faults = { losesRead: (read) => read === 1 }
  let out = ''
  const streams = {
    ...NOT_A_TERMINAL,
    out: (text: string) => {
      out += text
    },
    outAll: async (text: string | Uint8Array) => {
      out += text.toString()
    },
    err: () => {},
  }
  const session = new WatchSession(
    { folder, accounts: [], format: 'json', isDocument: true, flags: {}, streams },
    { type: 'plan' },
  )
  await session.tick(() => false)
  session.close()
  expect(JSON.parse(out).plans[0].summary.create).toBeGreaterThan(0)
  const { code } = await runHere('who-can', 's3:GetObject', '*', '--as-of', 'target', '--dir', folder)
  expect(code).toBe(0)
})
