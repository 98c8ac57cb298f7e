import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import Module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { keepCompiledCode } from '../../src/source/code-cache.ts'
import { BIN } from '../built.ts'

afterEach(() => vi.unstubAllEnvs())

const BUILD = '0123456789ab'
const fresh = (): string => mkdtempSync(join(tmpdir(), 'iam-sync-code-'))

/** @returns the folders that Node is told to keep code in */
function told(cache: string, build = BUILD, now = 0): readonly string[] {
  vi.stubEnv('IAM_SYNC_CACHE', cache)
  const folders: string[] = []
  keepCompiledCode(
    build,
    (folder) => folders.push(folder),
    () => now,
  )
  return folders
}

describe('compiled code is kept', () => {
  test('in the user’s cache folder, each build’s in its own', () => {
    const cache = join(fresh(), 'cache')
    expect(told(cache)).toEqual([join(cache, 'code-v1', BUILD)])
    expect(told(cache, 'ba9876543210')).toEqual([join(cache, 'code-v1', 'ba9876543210')])
    expect(readdirSync(join(cache, 'code-v1')).sort()).toEqual([BUILD, 'ba9876543210'])
  })

  test('by the rules of the parse cache: not where it is off, and not in CI', () => {
    expect(told('off')).toEqual([])
    vi.stubEnv('CI', 'true')
    vi.stubEnv('XDG_CACHE_HOME', fresh())
    expect(told('')).toEqual([])
  })

  test('not where nothing can be written', () => {
    const file = join(fresh(), 'file')
    writeFileSync(file, '')
    expect(told(join(file, 'cache'))).toEqual([])
    expect(told('/proc/none/cache')).toEqual([])
  })

  test.each([
    ['a repository', '.git'],
    ['a project', 'iam-sync.yaml'],
  ])('not in %s: what stands there is run', (_, name) => {
    const folder = fresh()
    const cache = join(folder, 'deep', 'cache')
    expect(told(cache)).toHaveLength(1)
    mkdirSync(join(folder, name))
    expect(told(cache)).toEqual([])
  })

  test.skipIf(process.platform === 'win32').each(['', 'code-v1', `code-v1/${BUILD}`])(
    'not where others can write: %j',
    (within) => {
      const cache = fresh()
      expect(told(cache)).toHaveLength(1)
      chmodSync(join(cache, within), 0o777)
      expect(told(cache)).toEqual([])
    },
  )

  test('until a new build finds it a month old, and nothing else is taken away', () => {
    const cache = fresh()
    const day = 24 * 60 * 60
    const others = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'somebody’s own']
    for (const name of others) mkdirSync(join(cache, 'code-v1', name), { recursive: true, mode: 0o700 })
    for (const name of others) utimesSync(join(cache, 'code-v1', name), 60 * day, 60 * day)
    utimesSync(join(cache, 'code-v1', 'bbbbbbbbbbbb'), 80 * day, 80 * day)
    told(cache, BUILD, 100 * day * 1000)
    expect(readdirSync(join(cache, 'code-v1')).sort()).toEqual([BUILD, 'bbbbbbbbbbbb', 'somebody’s own'])
  })

  test.skipIf(!('enableCompileCache' in Module))('by the command (needs a Node that can)', () => {
    const cache = fresh()
    const run = (place: string) =>
      spawnSync(process.execPath, [BIN, '--version'], { env: { ...process.env, IAM_SYNC_CACHE: place } })
    expect(run('off').status).toBe(0)
    expect(existsSync(join(cache, 'code-v1'))).toBe(false)
    expect(run(cache).status).toBe(0)
    const kept = readdirSync(join(cache, 'code-v1'), { recursive: true })
    expect(kept.length).toBeGreaterThan(2)
  })
})
