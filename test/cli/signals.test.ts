import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { IS_WHOLE } from '../sample-size.ts'
import { runHere } from './in-process.ts'
import { iamSync, jsonOf } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'iam-sync-'))
const SIGNALLING = new URL('signal-itself.mjs', import.meta.url).href

beforeAll(async () => {
  writeFileSync(
    join(folder, 'iam-sync.yaml'),
    'version: 1\naccounts:\n  main:\n    id: "111122223333"\n    target: { kind: local, database: .iam-sync/a.db }\n',
  )
  writeFileSync(join(folder, 'iam.yaml'), 'groups:\n  one: {}\n')
  const applied = await runHere('apply', folder, '--yes')
  if (applied.code !== 0) throw new Error(applied.err)
  const backup = await runHere('backup', join(folder, 'made.db'), '--dir', folder)
  if (backup.code !== 0) throw new Error(backup.err)
  writeFileSync(join(folder, 'iam.yaml'), 'groups:\n  one: {}\n  two: {}\n')
  mkdirSync(join(folder, 'other'))
})

const signalled = (args: readonly string[], at: string, signal: 'SIGINT' | 'SIGTERM') =>
  iamSync([...args, '--dir', folder], {
    env: { SIGNAL_AT: at, SIGNAL: signal, NODE_OPTIONS: `--import ${SIGNALLING}`, IAM_SYNC_CACHE: 'off' },
  })

const READING = 'iam-sync.yaml'
const OPENING = 'a.db'

/** Each command, where a signal comes, and what is in its document besides. */
const COMMANDS: readonly (readonly [readonly string[], string, object])[] = [
  [['validate'], READING, {}],
  [['plan'], READING, { plans: [] }],
  [['plan'], OPENING, { plans: [] }],
  [['apply', '--yes'], READING, {}],
  [['apply', '--yes'], OPENING, { results: [{ summary: { done: 0, skipped: 1 } }] }],
  [['history'], OPENING, { entries: [] }],
  [['test'], READING, {}],
  [['who-can', 's3:GetObject', '*'], READING, {}],
  [['evaluate', '--principal', 'root', '--action', 's3:GetObject'], READING, {}],
  [['access', 'diff', 'observed', 'desired'], READING, {}],
  [['access', 'check', '--no-public-access'], READING, {}],
  [['access', 'escalations'], READING, {}],
  [['restore', join(folder, 'made.db'), '--account', 'main', '--yes'], READING, { restored: null }],
]

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s in the middle of a command', (signal, code) => {
  // Of a sample each meets one of the two.
  test.each(COMMANDS.filter((_, at) => IS_WHOLE || at % 2 === code % 2))(
    'ends with one document and a reason: %j at %s',
    async (args, at, body) => {
      const ran = await signalled([...args, '--json'], at, signal)
      expect(ran.code).toBe(code)
      expect(jsonOf(ran)).toMatchObject({ formatVersion: '1.0', ...body })
      expect(jsonOf(ran).diagnostics).toEqual([
        expect.objectContaining({
          severity: 'error',
          code: expect.stringMatching(/^(?:cli|apply)\.interrupted$/),
        }),
      ])
      expect(ran.err).toMatch(new RegExp(`(?:^|\\n)exit ${code}: stopped by ${signal}.*\\n$`))
    },
  )

  test('is told in text too, and nothing is written', async () => {
    const ran = await signalled(['apply', '--yes'], OPENING, signal)
    expect(ran.code).toBe(code)
    expect(ran.err).toMatch(new RegExp(`\\nexit ${code}: stopped by ${signal}.*\\n$`))
    expect(jsonOf(await runHere('plan', folder, '--json')).plans[0].summary.create).toBe(1)
  })
})

test('a watch that is just beginning ends with Ctrl-C as it always does', async () => {
  const ran = await signalled(['watch'], READING, 'SIGINT')
  expect([ran.code, ran.err]).toEqual([0, ''])
})

// As a watcher does whose folder is removed while it is being closed
test('a handle that is left open keeps no process', async () => {
  const watching = new URL('leave-watching.mjs', import.meta.url).href
  const ran = await iamSync(['plan', '--dir', folder], { env: { NODE_OPTIONS: `--import ${watching}` } })
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toContain('group two')
})
