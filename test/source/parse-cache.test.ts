import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileParseCache } from '../../src/source/parse-cache.ts'
import { temporaryFolder } from './folders.ts'

test('keeps what was put, for the next run too, and leaves no half-written file', () => {
  const folder = temporaryFolder()
  fileParseCache(folder).put('abcdef123456', 'value')
  expect(fileParseCache(folder).get('abcdef123456')).toBe('value')
  expect(fileParseCache(folder).get('000000000000')).toBeNull()
  expect(readdirSync(join(folder, '.iam-sync/cache/v1'))).toEqual(['abcdef123456'])
})

test('what it writes is ignored by git', () => {
  const folder = temporaryFolder()
  fileParseCache(folder).put('abcdef123456', 'value')
  expect(readFileSync(join(folder, '.iam-sync/.gitignore'), 'utf8')).toBe('*\n')
})

test('reading alone writes nothing', () => {
  const folder = temporaryFolder()
  fileParseCache(folder).get('abcdef123456')
  expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
})

test('fails in silence when its place is taken, read-only or gone', () => {
  const folder = temporaryFolder({ '.iam-sync': 'a file' })
  const cache = fileParseCache(folder)
  cache.put('abcdef123456', 'value')
  expect(cache.get('abcdef123456')).toBeNull()
  const readOnly = temporaryFolder()
  chmodSync(readOnly, 0o500)
  fileParseCache(readOnly).put('abcdef123456', 'value')
  chmodSync(readOnly, 0o700)
})

test('a key that is no hash never becomes a path', () => {
  const folder = temporaryFolder()
  fileParseCache(folder).put('../../../escape', 'value')
  expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
  expect(fileParseCache(folder).get('../../../etc/passwd')).toBeNull()
})

test('does not grow without end', () => {
  const folder = temporaryFolder()
  const directory = join(folder, '.iam-sync/cache/v1')
  mkdirSync(directory, { recursive: true })
  for (let i = 0; i < 1001; i++) writeFileSync(join(directory, `hash${String(i).padStart(8, '0')}`), '')
  fileParseCache(folder).put('abcdef123456', 'value')
  expect(readdirSync(directory).length).toBeLessThan(600)
})
