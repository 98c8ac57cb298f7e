import { expect, test } from 'vitest'
import type { Streams } from '../../src/cli/output/streams.ts'
import { WatchSession } from '../../src/cli/planning/watch-session.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import { PEOPLE, sandbox } from './projects.ts'

test('what was read before another save is planned, and applied by the next tick alone', async () => {
  let out = ''
  const streams: Streams = {
    ...NOT_A_TERMINAL,
    out: (text) => {
      out += text
    },
    outAll: async (text) => {
      out += text
    },
    err: () => {},
  }
  const session = new WatchSession(
    {
      folder: sandbox(PEOPLE),
      accounts: [],
      format: 'json',
      isDocument: true,
      flags: { apply: true },
      streams,
    },
    { type: 'apply', signal: new AbortController().signal },
  )
  const told = async (isOutdated: boolean) => {
    out = ''
    await session.tick(() => isOutdated)
    const { plans, results } = JSON.parse(out)
    return { toCreate: plans[0].summary.create, results: results.length }
  }
  const { toCreate } = await told(true)
  expect(toCreate).toBeGreaterThan(0)
  expect(await told(true)).toEqual({ toCreate, results: 0 })
  expect(await told(false)).toEqual({ toCreate, results: 1 })
  expect(await told(false)).toEqual({ toCreate: 0, results: 0 })
  session.close()
})
