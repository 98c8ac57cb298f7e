import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isReaderGone, writeFailureText, writeWhole } from '../../src/cli/output/write-failure.ts'
import { BIN } from '../built.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { sandbox } from './projects.ts'
import { finished, iamSync, jsonOf, start } from './run.ts'

const PEOPLE = 'users: { alice: {}, bob: {} }\n'
const REQUEST =
  '{"request":{"principal":"arn:aws:iam::111122223333:user/alice","action":"s3:GetObject","resource":"arn:aws:s3:::b/x"}}\n'

/** Runs with standard output on a device that takes nothing. */
async function onFullDisk(...args: readonly string[]) {
  const full = openSync('/dev/full', 'w')
  const child = start(args, { out: full })
  closeSync(full)
  return finished(child)
}

test.skipIf(!existsSync('/dev/full')).each([
  ['text', ['validate']],
  ['a JSON document', ['plan', '--json']],
  ['help', ['--help']],
])('%s that can’t be written is exit 1 (needs /dev/full)', async (_, [command = '', ...flags]) => {
  const folder = command === '--help' ? [] : [sandbox(PEOPLE)]
  const { code, err } = await onFullDisk(command, ...folder, ...flags)
  expect(err).toContain('error[cli.write-error]: write error: no space left on device')
  expect(err.trimEnd().split('\n').at(-1)).toBe('exit 1: write error: no space left on device')
  expect(code).toBe(1)
})

/** Runs with a reader that takes the first of the output and goes. */
function untilRead(args: readonly string[], input?: string) {
  const child = start(args)
  child.stdout?.once('data', () => child.stdout?.destroy())
  return finished(child, input)
}

test('a reader that leaves early makes no good line an error', async () => {
  const { code, err } = await untilRead(['evaluate', '--batch', '-'], REQUEST.repeat(6000))
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

test('a line that was not decided counts, whoever reads the answers', async () => {
  const { code, err } = await untilRead(['evaluate', '--batch', '-'], `{}\n${REQUEST.repeat(6000)}`)
  expect(err).toMatch(/^exit 1: 1 of \d+ requests could not be decided \(the first: line 1\)\n$/)
  expect(code).toBe(1)
})

test('an apply goes on to its end when its reader leaves, and the exit code of a plan stays', async () => {
  const folder = sandbox(PEOPLE)
  const leaving = start(['apply', folder, '--yes'])
  leaving.stdout?.destroy()
  expect(await finished(leaving)).toMatchObject({ code: 0, err: '' })
  writeFiles(folder, { 'more.yaml': 'users: { carol: {} }\n' })
  const planning = start(['plan', folder, '--exit-code'])
  planning.stdout?.destroy()
  expect(await finished(planning)).toMatchObject({ code: 2 })
  const [{ summary }] = jsonOf(await iamSync(['plan', folder, '--json'])).plans
  expect(summary).toMatchObject({ create: 1, unchanged: 2 })
})

test.skipIf(process.platform === 'win32').each([
  ['its result', ''],
  ['all that it writes', ' 2>&1'],
])('an apply in a pipe of the shell goes on to its end when `head -1` has read of %s', async (_, both) => {
  const users = Array.from({ length: 200 }, (_, nth) => `  user-${nth}: { tags: { team: "${nth}" } }\n`)
  const folder = sandbox(`users:\n${users.join('')}`)
  const code = join(temporaryFolder(), 'code')
  const line = `{ "$0" "$1" apply "$2" --yes${both}; echo $? >"$3"; } | head -1`
  const { status, stdout } = spawnSync('sh', ['-c', line, process.execPath, BIN, folder, code], {
    encoding: 'utf8',
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'sandbox (111122223333): 200 to create\n' })
  expect(readFileSync(code, 'utf8')).toBe('0\n')
  const { entries } = jsonOf(await iamSync(['history', folder, '--json']))
  expect(entries).toMatchObject([{ outcome: 'complete', summary: { done: 200 } }])
})

test('what a nearly full disk takes in parts is written as a whole, or fails', () => {
  const written: number[] = []
  const inParts = (_: number, bytes: Uint8Array, at: number) => {
    const part = Math.min(3, bytes.byteLength - at)
    written.push(...bytes.subarray(at, at + part))
    return part
  }
  writeWhole(1, 'grün und rot', inParts)
  expect(Buffer.from(written).toString()).toBe('grün und rot')
  expect(() => writeWhole(1, 'x', () => 0)).toThrow('nothing was written')
})

test('a device that fails is an error, a reader that has gone is none', () => {
  const failed = (code: string, errno: number) => Object.assign(new Error(code), { code, errno })
  const { EIO, ENOSPC, EPIPE } = constants.errno
  expect([failed('EIO', -EIO), failed('ENOSPC', -ENOSPC)].map(writeFailureText)).toEqual([
    'i/o error',
    'no space left on device',
  ])
  expect([failed('EIO', -EIO), failed('ENOSPC', -ENOSPC), failed('EPIPE', -EPIPE)].map(isReaderGone)).toEqual(
    [false, false, true],
  )
})

// Node opens the null device in its place before anything of ours runs, so that nobody can tell.
test.skipIf(process.platform === 'win32')(
  'what goes to a standard output that is closed is lost, and the code is as ever',
  () => {
    const closed = (people: string) =>
      spawnSync('sh', ['-c', '"$0" "$1" validate "$2" >&-', process.execPath, BIN, sandbox(people)], {
        encoding: 'utf8',
      })
    expect(closed(PEOPLE)).toMatchObject({ status: 0, stdout: '' })
    expect(closed('users: { alice: { groups: [none] } }\n').status).toBe(1)
  },
)
