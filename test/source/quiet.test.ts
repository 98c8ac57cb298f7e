import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { QUIET, Quiet } from '../../src/source/quiet.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A file, how often it was told to be read, and what of the time goes by. */
function place() {
  const file = join(mkdtempSync(join(tmpdir(), 'iam-sync-quiet-')), 'a.yaml')
  let reads = 0
  const quiet = new Quiet(() => {
    reads++
  })
  let second = 1
  const write = (text: string): void => {
    writeFileSync(file, text)
    // Each write is later than the last, however coarse the file system's clock is.
    utimesSync(file, second, second)
    second++
  }
  return {
    quiet,
    file,
    write,
    save(text: string) {
      write(text)
      quiet.changed(file)
    },
    /** @returns how often the file was told to be read so far */
    after(milliseconds: number) {
      vi.advanceTimersByTime(milliseconds)
      return reads
    },
  }
}

test('a finished save is read after 15 ms at most', () => {
  expect(QUIET).toBeLessThanOrEqual(15)
  const { save, after, quiet } = place()
  save('users: {}\n')
  expect([after(QUIET - 1), quiet.isWaiting]).toEqual([0, true])
  expect([after(1), quiet.isWaiting]).toEqual([1, false])
  expect(after(1000)).toBe(1)
})

test('each change begins the wait anew', () => {
  const { save, after } = place()
  for (let nth = 0; nth < 5; nth++) {
    save(`a: ${nth}\n`)
    expect(after(QUIET - 1)).toBe(0)
  }
  expect(after(1)).toBe(1)
})

test.each([
  ['a file that was emptied', ''],
  ['a part that ends in a line', 'users: { ada: {}, be'],
])('%s is not read before the rest has had its time', (_, part) => {
  const { save, after } = place()
  save(part)
  expect(after(2 * QUIET)).toBe(0)
  save('users: { ada: {}, ben: {} }\n')
  expect(after(QUIET - 1)).toBe(0)
  expect(after(1)).toBe(1)
})

test('a file that is meant to be empty is read a little later', () => {
  const { save, after } = place()
  save('')
  expect(after(3 * QUIET - 1)).toBe(0)
  expect(after(1)).toBe(1)
})

test('a write that was not told yet is waited for', () => {
  const { save, write, after } = place()
  save('a: 1\n')
  after(QUIET - 1)
  write('a: 1\nb: 2\n')
  expect(after(QUIET)).toBe(0)
  expect(after(1)).toBe(1)
  save('')
  after(QUIET + 1)
  write('a: 3\n')
  expect(after(2 * QUIET - 2)).toBe(1)
  expect(after(1 + QUIET)).toBe(2)
})

test('what is removed is a change like others, and a closed one is never told', () => {
  const { save, file, quiet, after } = place()
  save('a: 1\n')
  rmSync(file)
  quiet.changed(file)
  expect(after(QUIET)).toBe(1)
  save('a: 2\n')
  quiet.close()
  expect(after(1000)).toBe(1)
})
