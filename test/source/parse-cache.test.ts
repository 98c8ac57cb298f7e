import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cachePlace, isWithin } from '../../src/source/cache-place.ts'
import { fileParseCache } from '../../src/source/parse-cache.ts'
import { temporaryFolder } from './folders.ts'

const HASH = 'abcdef123456'
const DAY = 24 * 60 * 60 * 1000

const cacheIn = (place: string, build = 'build one', clock?: () => number) =>
  fileParseCache(place, build, clock)
const directoryOf = (place: string) => join(place, 'parsed-v1')
const entriesIn = (place: string) => readdirSync(directoryOf(place)).filter((name) => name.includes('-'))
const filled = (value = 'value') => {
  const place = temporaryFolder()
  cacheIn(place).put(HASH, value)
  return place
}
const entryOf = (place: string) => join(directoryOf(place), entriesIn(place)[0] ?? 'none')

test('keeps what was put, for the next run too, and leaves no half-written file', () => {
  const place = filled()
  expect(cacheIn(place).get(HASH)).toBe('value')
  expect(cacheIn(place).get('000000000000')).toBeNull()
  expect(readdirSync(directoryOf(place)).filter((name) => name.startsWith('.'))).toEqual([])
  expect(entriesIn(place)).toHaveLength(1)
})

test('reading alone writes nothing', () => {
  const place = temporaryFolder()
  expect(cacheIn(place).get(HASH)).toBeNull()
  expect(readdirSync(place)).toEqual([])
})

test('what is put after a look that found no cache is found', () => {
  const cache = cacheIn(temporaryFolder())
  expect(cache.get(HASH)).toBeNull()
  cache.put(HASH, 'value')
  expect(cache.get(HASH)).toBe('value')
})

test('fails in silence when its place is taken, read-only or gone', () => {
  const taken = temporaryFolder({ 'parsed-v1': 'a file' })
  cacheIn(taken).put(HASH, 'value')
  expect(cacheIn(taken).get(HASH)).toBeNull()
  cacheIn('/proc/no/such').put(HASH, 'value')
  const readOnly = temporaryFolder()
  chmodSync(readOnly, 0o500)
  cacheIn(readOnly).put(HASH, 'value')
  chmodSync(readOnly, 0o700)
})

test('a key that is no hash never becomes a path', () => {
  const place = temporaryFolder()
  cacheIn(place).put('../../../escape', 'value')
  expect(readdirSync(place)).toEqual([])
  expect(cacheIn(place).get('../../../etc/passwd')).toBeNull()
})

describe('what the cache did not write for this user, key and build is as if it were not there', () => {
  const NOT_BELIEVED: Readonly<Record<string, (place: string) => void>> = {
    'another content': (place) =>
      writeFileSync(entryOf(place), readFileSync(entryOf(place), 'utf8').replace('value', 'other')),
    'no code at all': (place) => writeFileSync(entryOf(place), 'value'),
    'an empty entry': (place) => writeFileSync(entryOf(place), ''),
    'the entry of another key': (place) => {
      cacheIn(place).put('fedcba654321', 'other')
      const [other = ''] = entriesIn(place).filter((name) => name.endsWith('fedcba654321'))
      renameSync(join(directoryOf(place), other), join(directoryOf(place), other.replace(/-.*/, `-${HASH}`)))
    },
    'the entry of another build': (place) => {
      const name = entriesIn(place)[0] ?? ''
      cacheIn(place, 'build two').put(HASH, 'other')
      const [other = ''] = entriesIn(place).filter((each) => each !== name)
      renameSync(join(directoryOf(place), other), join(directoryOf(place), name))
    },
    'an entry under the secret of somebody else': (place) => {
      const elsewhere = filled('other')
      cpSync(entryOf(elsewhere), entryOf(place))
    },
    'a secret that others can read': (place) => chmodSync(join(directoryOf(place), 'secret'), 0o644),
    'a secret that is a link': (place) => {
      renameSync(join(directoryOf(place), 'secret'), join(place, 'secret'))
      symlinkSync('../secret', join(directoryOf(place), 'secret'))
    },
    'an entry that is a link': (place) => {
      renameSync(entryOf(place), join(place, 'entry'))
      mkdirSync(directoryOf(place), { recursive: true })
      cacheIn(place).put('fedcba654321', 'other')
      const name = entriesIn(place)[0]?.replace(/-.*/, `-${HASH}`) ?? ''
      symlinkSync('../entry', join(directoryOf(place), name))
    },
    'a folder that others can write': (place) => chmodSync(directoryOf(place), 0o777),
    'a folder that is a link': (place) => {
      renameSync(directoryOf(place), join(place, 'elsewhere'))
      symlinkSync('elsewhere', directoryOf(place))
    },
  }

  test.each(Object.entries(NOT_BELIEVED))('%s', (_, spoil) => {
    const place = filled()
    spoil(place)
    expect(cacheIn(place).get(HASH)).toBeNull()
  })

  test('and is written anew', () => {
    const place = filled()
    writeFileSync(entryOf(place), 'forged')
    cacheIn(place).put(HASH, 'value')
    expect(cacheIn(place).get(HASH)).toBe('value')
  })

  test('the secret is the user’s alone, and made anew when it is worth nothing', () => {
    const place = filled()
    const secret = join(directoryOf(place), 'secret')
    expect([statSync(secret).size, statSync(secret).mode & 0o777]).toEqual([32, 0o600])
    expect(statSync(directoryOf(place)).mode & 0o777).toBe(0o700)
    writeFileSync(secret, 'short')
    cacheIn(place).put(HASH, 'value')
    expect(cacheIn(place).get(HASH)).toBe('value')
  })
})

describe('pruning', () => {
  /** What is written now is as old as the file system says; nothing else tells the time here. */
  const writtenAt = (place: string) => statSync(join(directoryOf(place), 'secret')).mtimeMs
  const aged = (place: string, name: string, days: number, now = writtenAt(place)) => {
    const file = join(directoryOf(place), name)
    if (!existsSync(file)) writeFileSync(file, '')
    utimesSync(file, (now - days * DAY) / 1000, (now - days * DAY) / 1000)
    return file
  }
  const putLater = (place: string) => {
    rmSync(join(directoryOf(place), 'pruned'), { force: true })
    cacheIn(place).put('fedcba654321', 'later')
  }

  test('drops what is long unused, entries of other builds sooner', () => {
    const place = filled()
    const [first = ''] = entriesIn(place)
    cacheIn(place, 'build two').put(HASH, 'value')
    const [second = ''] = entriesIn(place).filter((name) => name !== first)
    for (const name of [first, second]) aged(place, name, 8)
    putLater(place)
    expect(entriesIn(place)).toEqual(expect.arrayContaining([first]))
    expect(entriesIn(place)).not.toContain(second)
    aged(place, first, 31)
    putLater(place)
    expect(entriesIn(place)).not.toContain(first)
  })

  test('an entry that is in use stays', () => {
    const place = filled()
    const now = Date.UTC(2030, 0, 1)
    aged(place, entriesIn(place)[0] ?? '', 29, now)
    expect(cacheIn(place, 'build one', () => now).get(HASH)).toBe('value')
    expect(statSync(entryOf(place)).mtimeMs).toBe(now)
  })

  test('removes only names that the cache gave, and never what a link leads to', () => {
    const place = filled()
    const victim = temporaryFolder({ [`${'0'.repeat(12)}-${HASH}`]: 'mail' })
    const kept = ['mail1', 'README.md', `${HASH}`, `${'g'.repeat(12)}-${HASH}`, 'secret']
    for (const name of kept) aged(place, name, 400)
    const link = `${'1'.repeat(12)}-${HASH}`
    symlinkSync(victim, join(directoryOf(place), link))
    putLater(place)
    expect(readdirSync(directoryOf(place))).toEqual(expect.arrayContaining([...kept, link]))
    expect(lstatSync(join(directoryOf(place), link)).isSymbolicLink()).toBe(true)
    expect(readdirSync(victim)).toHaveLength(1)
  })

  test('is done once a day', () => {
    const place = filled()
    aged(place, entriesIn(place)[0] ?? '', 400)
    cacheIn(place).put('fedcba654321', 'later')
    expect(entriesIn(place)).toHaveLength(2)
    cacheIn(place, 'build one', () => writtenAt(place) + 2 * DAY).put('fedcba654321', 'later')
    expect(entriesIn(place)).toHaveLength(1)
  })

  test('half-written entries of a process that was killed go after a day', () => {
    const place = filled()
    const partial = `.${entriesIn(place)[0]}.4711`
    aged(place, partial, 2)
    putLater(place)
    expect(readdirSync(directoryOf(place))).not.toContain(partial)
  })
})

describe('where it is', () => {
  const place = (
    env: Record<string, string>,
    platform: NodeJS.Platform = 'linux',
    home: string | null = '/own/home',
  ) => cachePlace({ env, platform, home })

  test.each([
    [{}, 'linux', '/own/home/.cache/iam-sync'],
    [{ XDG_CACHE_HOME: '/x' }, 'linux', '/x/iam-sync'],
    [{ XDG_CACHE_HOME: 'relative' }, 'linux', '/own/home/.cache/iam-sync'],
    [{}, 'darwin', '/own/home/Library/Caches/iam-sync'],
    [{ IAM_SYNC_CACHE: '/own', XDG_CACHE_HOME: '/x', CI: 'true' }, 'linux', '/own'],
    [{ IAM_SYNC_CACHE: '', XDG_CACHE_HOME: '/x' }, 'linux', '/x/iam-sync'],
    [{ IAM_SYNC_CACHE: 'off' }, 'linux', null],
    [{ CI: 'true', XDG_CACHE_HOME: '/x' }, 'linux', null],
    [{ CI: '1' }, 'linux', null],
    [{ CI: 'false' }, 'linux', '/own/home/.cache/iam-sync'],
  ] as const)('%j on %s', (env, platform, expected) => {
    expect(place(env, platform)).toBe(expected)
  })

  test('nowhere without a home', () => {
    expect(place({}, 'linux', null)).toBeNull()
    expect(place({}, 'win32')).toBeNull()
  })

  test('within a folder is told by where links lead, also of what is not there yet', () => {
    const outer = temporaryFolder({ 'repo/x': '', 'elsewhere/x': '' })
    const repo = join(outer, 'repo')
    symlinkSync('repo', join(outer, 'again'))
    symlinkSync('../elsewhere', join(repo, 'out'))
    expect(isWithin(join(repo, 'cache/deep'), repo)).toBe(true)
    expect(isWithin(join(outer, 'again/cache'), repo)).toBe(true)
    expect(isWithin(repo, repo)).toBe(true)
    expect(isWithin(join(outer, 'repository'), repo)).toBe(false)
    expect(isWithin(join(repo, 'out/cache'), repo)).toBe(false)
    expect(isWithin(outer, repo)).toBe(false)
  })
})
