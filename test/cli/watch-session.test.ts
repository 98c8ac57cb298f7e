import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Streams } from '../../src/cli/output/streams.ts'
import { WatchSession } from '../../src/cli/planning/watch-session.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { temporaryFolder } from '../source/folders.ts'
import { EDITED_FILES } from './edited-files.ts'
import { runHere } from './in-process.ts'
import { NOT_A_TERMINAL } from './no-terminal.ts'
import { PEOPLE, sandbox } from './projects.ts'

/** A session, and what it says at each tick. */
function open(folder: string, mode: 'plan' | 'apply') {
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
      folder,
      accounts: [],
      format: 'json',
      isDocument: true,
      flags: mode === 'apply' ? { apply: true } : {},
      streams,
    },
    mode === 'apply' ? { type: mode, signal: new AbortController().signal } : { type: mode },
  )
  const told = async (isOutdated: boolean) => {
    out = ''
    await session.tick(() => isOutdated)
    return out
  }
  return { told, close: () => session.close() }
}

test('what was read before another save is planned, and applied by the next tick alone', async () => {
  const session = open(sandbox(PEOPLE), 'apply')
  const told = async (isOutdated: boolean) => {
    const { plans, results } = JSON.parse(await session.told(isOutdated))
    return { toCreate: plans[0].summary.create, results: results.length }
  }
  const { toCreate } = await told(true)
  expect(toCreate).toBeGreaterThan(0)
  expect(await told(true)).toEqual({ toCreate, results: 0 })
  expect(await told(false)).toEqual({ toCreate, results: 1 })
  expect(await told(false)).toEqual({ toCreate: 0, results: 0 })
  session.close()
})

const RUNS = Number(process.env.WATCHED_EDITS ?? sampleOf(12))

const TEXTS = Object.entries(EDITED_FILES).flatMap(([file, { good, bad }]) => [
  ...good.map((text) => ({ file, text, isGood: true })),
  ...bad.map((text) => ({ file, text, isGood: false })),
])
const goodEdit = fc.constantFrom(...TEXTS.filter(({ isGood }) => isGood))
const badEdit = fc.constantFrom(...TEXTS.filter(({ isGood }) => !isGood))
const edits = fc.oneof(
  { weight: 5, arbitrary: fc.array(goodEdit, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.tuple(badEdit) },
)

test('property: whatever was edited before, a session that goes on says what a new one says', {
  timeout: 10_000 * RUNS,
}, async () => {
  const texts = Object.fromEntries(Object.entries(EDITED_FILES).map(([file, { good }]) => [file, good[0]]))
  const folder = temporaryFolder(texts)
  const { code, err } = await runHere('apply', folder, '--yes', '--allow-briefly-wider')
  expect(code, err).toBe(0)
  const kept = open(folder, 'plan')
  let planned = 0
  await fc.assert(
    fc.asyncProperty(edits, async (edited) => {
      for (const { file, text } of edited) writeFileSync(join(folder, file), text)
      const fresh = open(folder, 'plan')
      const expected = await fresh.told(false)
      fresh.close()
      if (expected.includes('"digest"')) planned++
      expect(await kept.told(false)).toBe(expected)
      for (const { file, text, isGood } of edited)
        if (isGood) texts[file] = text
        else writeFileSync(join(folder, file), texts[file] ?? '')
    }),
    { numRuns: RUNS },
  )
  kept.close()
  expect(planned).toBeGreaterThan(RUNS / 2)
})
