import fs, { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { IS_WHOLE } from '../sample-size.ts'
import { temporaryFolder } from '../store/temporary-folder.ts'
import { runHere } from './in-process.ts'

/** What Linux says of opening, making, writing, syncing, linking, renaming or removing a file, in its manual pages. */
const ERRNOS = [
  ...['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM'],
  ...['ENAMETOOLONG', 'ELOOP', 'ENOTDIR', 'EISDIR', 'EBUSY', 'ETXTBSY', 'ENXIO', 'ENODEV', 'EINVAL'],
  ...['EMLINK', 'EXDEV', 'EOVERFLOW', 'ENOTSUP', 'ESTALE', 'ETIMEDOUT', 'EINTR', 'EAGAIN'],
] as const
type Errno = (typeof ERRNOS)[number]

/** The calls that this program itself makes of its state; SQLite has calls of its own. */
const CALLS = [
  ...['openSync', 'writeSync', 'writeFileSync', 'mkdirSync', 'rmSync', 'linkSync', 'renameSync', 'fsyncSync'],
  ...['statSync', 'lstatSync', 'realpathSync', 'readFileSync', 'readSync'],
] as const
type Call = (typeof CALLS)[number]

const root = temporaryFolder()
const folder = join(root, 'iam')
const state = join(folder, '.iam-sync')

type AnyCall = (...args: readonly unknown[]) => unknown
const calls = fs as unknown as Record<Call, AnyCall>
const real = Object.fromEntries(CALLS.map((call) => [call, calls[call]])) as Record<Call, AnyCall>

/**
 * Has the system refuse one call about the state, or none.
 * @param at the first such call is 1; 0: none
 * @returns how many such calls there were, of each
 */
function refusing(call: Call, at: number, code: Errno): ReadonlyMap<Call, number> {
  const opened = new Set<unknown>()
  const seen = new Map<Call, number>()
  const isOfState = ([first, second]: readonly unknown[]): boolean =>
    opened.has(first) || [first, second].some((path) => typeof path === 'string' && path.startsWith(state))
  for (const each of CALLS)
    calls[each] = (...args) => {
      if (isOfState(args)) {
        const number = (seen.get(each) ?? 0) + 1
        seen.set(each, number)
        if (each === call && number === at) throw systemError(code, call.replace('Sync', ''), args[0])
      }
      const result = real[each](...args)
      if (each === 'openSync' && isOfState(args)) opened.add(result)
      return result
    }
  syncBuiltinESMExports()
  return seen
}

/** As Node makes it. */
function systemError(code: Errno, syscall: string, path: unknown): Error {
  const [errno, [, text]] = [...getSystemErrorMap()].find(([, [name]]) => name === code) ?? [-1, ['', code]]
  return Object.assign(new Error(`${code}: ${text}, ${syscall}`), { errno, code, syscall, path })
}

function asItIs(): void {
  Object.assign(calls, real)
  syncBuiltinESMExports()
}

const run = (...args: readonly string[]) => runHere(...args, '--dir', folder, '--json')

/** What `applied` holds, made once. */
const kept = join(root, 'applied')

/** An account in which nothing was ever applied; or one where this was. */
async function account(which: 'new' | 'applied'): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  if (which === 'new') declare('one')
  else {
    if (!existsSync(kept)) await makeApplied()
    cpSync(kept, folder, { recursive: true })
  }
}

function declare(group: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'iam-sync.yaml'),
    'version: 1\naccounts:\n  main:\n    id: "111122223333"\n    target: { kind: local, database: .iam-sync/a.db }\n',
  )
  writeFileSync(join(folder, 'iam.yaml'), `groups:\n  ${group}: {}\n`)
}

async function makeApplied(): Promise<void> {
  declare('one')
  const before = await run('apply', '--yes')
  if (before.code !== 0) throw new Error(before.out)
  declare('two')
  const backup = await run('backup', join(state, 'made.db'))
  if (backup.code !== 0) throw new Error(backup.out)
  renameSync(folder, kept)
}

beforeAll(() => {
  process.env.XDG_STATE_HOME = join(root, 'state')
  process.env.IAM_SYNC_CACHE = 'off'
})
afterEach(asItIs)
afterAll(asItIs)

const COMMANDS = [
  { name: 'a first apply', account: 'new', args: ['apply', '--yes'] },
  { name: 'an apply', account: 'applied', args: ['apply', '--yes'] },
  { name: 'plan', account: 'applied', args: ['plan'] },
  { name: 'history', account: 'applied', args: ['history'] },
  { name: 'backup', account: 'applied', args: ['backup', join(state, 'new.db')] },
  {
    name: 'restore',
    account: 'applied',
    args: ['restore', join(state, 'made.db'), '--account', 'main', '--yes'],
  },
] as const

/** Runs a command with one call refused. @returns what is wrong with how it ended; null: nothing */
async function faultOf(command: (typeof COMMANDS)[number], call: Call, at: number, code: Errno) {
  await account(command.account)
  refusing(call, at, code)
  const { code: exit, out } = await run(...command.args)
  asItIs()
  const codes = (JSON.parse(out).diagnostics as { severity: string; code: string }[])
    .filter(({ severity }) => severity === 'error')
    .map((each) => each.code)
  const what = `${command.name}, ${call} ${at}, ${code}: exit ${exit}, ${codes.join(' ')}`
  // What only clears up, or is read another way instead, may fail without a word.
  if (exit === 0 && codes.length === 0) return null
  if ((exit !== 1 && exit !== 5) || codes.length === 0) return what
  return codes.every((each) => /^(?:store|source|system|apply)\./.test(each)) ? null : what
}

describe.each(COMMANDS)('when the system refuses a call about the state, $name', (command) => {
  test('says so in words of its own, whichever call it is', async () => {
    const faults: string[] = []
    await account(command.account)
    const counts = refusing('openSync', 0, 'EIO')
    await run(...command.args)
    asItIs()
    for (const call of CALLS) {
      for (let at = 1; at <= Math.min(counts.get(call) ?? 0, 12); at++) {
        const fault = await faultOf(command, call, at, 'EIO')
        if (fault !== null) faults.push(fault)
      }
    }
    expect(faults).toEqual([])
  })
})

describe('whatever the system refuses it for', () => {
  test.each([
    ['making the folder', 'mkdirSync', 0],
    ['making the database', 'openSync', 1],
    ['keeping room for how the apply ends', 'writeSync', 2],
  ] as const)('%s', async (_, call, part) => {
    const faults: string[] = []
    // Of a sample each error comes in one place.
    for (const code of ERRNOS.filter((_, nth) => IS_WHOLE || nth % 3 === part)) {
      const fault = await faultOf(COMMANDS[0], call, 2, code)
      if (fault !== null) faults.push(fault)
    }
    expect(faults).toEqual([])
  })

  test('an apply goes on afterwards where it stopped', async () => {
    for (const code of ['EFBIG', 'EIO'] as const) {
      await account('new')
      // The first writes `.gitignore`.
      refusing('writeSync', 2, code)
      const failed = await run('apply', '--yes')
      asItIs()
      expect(failed.code).toBe(1)
      expect(JSON.parse(failed.out).diagnostics).toMatchObject([{ code: 'store.io', severity: 'error' }])
      expect((await run('apply', '--yes')).code).toBe(0)
      expect(JSON.parse((await run('plan')).out).plans[0].changes).toEqual([])
    }
  })
})
