import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { writeFiles } from '../source/folders.ts'
import { git } from '../source/real-git.ts'
import { runHere } from './in-process.ts'
import { PEOPLE, sandbox } from './projects.ts'
import { iamSync, start } from './run.ts'

/** On stderr, before each plan: the time. */
const SEPARATOR = /^---- \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ----\n/gm

/** A watch that is running, what it has written since it was last asked, and its end. */
function watching(args: readonly string[]) {
  const child = start(['watch', ...args])
  let out = ''
  let err = ''
  let separators = 0
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const ended = new Promise<number | null>((done) => {
    child.on('close', done)
  })
  return {
    /** Waits until stdout and stderr together match, and forgets them. What separates one plan from the next is left out. */
    async until(pattern: RegExp): Promise<string> {
      for (let waited = 0; waited < 10_000; waited += 10) {
        if (pattern.test(out + err)) {
          await pause(50)
          separators += err.match(SEPARATOR)?.length ?? 0
          const text = (out + err).replace(SEPARATOR, '')
          out = ''
          err = ''
          return text
        }
        await pause(10)
      }
      throw new Error(`never came: ${pattern}\n${out}\n${err}`)
    },
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal)
      return ended
    },
    /** How many plans have begun. */
    separators: () => separators,
    /** What stderr holds since it was last asked. */
    errors: () => err,
  }
}

describe('watch', () => {
  test('a folder that goes away is waited for', async () => {
    const folder = sandbox()
    const watch = watching([folder])
    await watch.until(/to create\n/)
    renameSync(folder, `${folder}-away`)
    await watch.until(/source\.no-folder/)
    await pause(1000)
    renameSync(`${folder}-away`, folder)
    await watch.until(/as before: \d+ to create/)
    expect(await watch.end('SIGINT')).toBe(0)
  })

  test('prints a plan, then after each save what is new in it; an error does not end it; Ctrl-C does, with 0', async () => {
    const folder = sandbox()
    await runHere('apply', folder, '--yes')
    const watch = watching([folder])
    expect(await watch.until(/unchanged\n/)).toBe('sandbox (111122223333)\n\nno changes; 3 unchanged\n')
    expect(watch.separators()).toBe(1)

    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: { tags: { a: b } }') })
    expect(await watch.until(/unchanged\n/)).toBe(`
sandbox: since the last plan
new:
  ~ user keeper  people.yaml:3
      tags.a: (none) → b
1 to update; 2 unchanged
`)
    expect(watch.separators()).toBe(2)

    writeFiles(folder, { 'people.yaml': 'users: [\n' })
    expect(await watch.until(/help: /)).toContain('--> people.yaml:1:')

    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: { tags: { a: c } }') })
    expect(await watch.until(/unchanged\n/)).toContain('now:\n  ~ user keeper')

    writeFiles(folder, { 'people.yaml': `# a comment\n${PEOPLE}` })
    expect(await watch.until(/unchanged\n/)).toContain('no longer:\n  ~ user keeper')
    writeFiles(folder, { 'people.yaml': PEOPLE })
    expect(await watch.until(/unchanged\n/)).toBe('sandbox: as before: no changes; 3 unchanged\n')

    // Somebody else's apply: the next plan is made of what is there by then.
    writeFiles(folder, { 'more.yaml': 'users: { zoe: {} }\n' })
    await watch.until(/\+ user zoe[\s\S]*unchanged\n/)
    await runHere('apply', folder, '--yes')
    writeFiles(folder, { 'people.yaml': `${PEOPLE}\n` })
    expect(await watch.until(/unchanged\n/)).toContain('no longer:\n  + user zoe')
    expect(await watch.end('SIGINT')).toBe(0)
  })

  test('--json is one document a line, for an error too', async () => {
    const folder = sandbox()
    const watch = watching([folder, '--json'])
    const first = JSON.parse(await watch.until(/\n/))
    expect(Object.keys(first)).toEqual(['formatVersion', 'plans', 'diagnostics'])
    expect(first.plans[0].summary.create).toBe(3)
    writeFiles(folder, { 'people.yaml': 'users: [\n' })
    const broken = JSON.parse(await watch.until(/\n/))
    expect([broken.plans, broken.diagnostics.length]).toEqual([[], 1])
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
    expect(await watch.end('SIGTERM')).toBe(143)
    expect(watch.errors()).toMatch(/exit 143: stopped by SIGTERM\n$/)
  })

  test('--apply applies every save, and what the guard refuses not', async () => {
    const folder = sandbox()
    const watch = watching([folder, '--apply'])
    expect(await watch.until(/done; verified/)).toContain('+ user alice')
    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: {}\n  zoe: {}') })
    expect(await watch.until(/done; verified/)).toMatch(
      /new:\n {2}\+ user zoe[\s\S]*sandbox: 1 step done; verified/,
    )
    writeFiles(folder, { 'people.yaml': 'users: { alice: {} }\n' })
    expect(await watch.until(/to delete/)).toContain('refused by the guard (protect)')
    expect(await watch.end('SIGINT')).toBe(0)
    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: {}\n  zoe: {}') })
    expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
  })

  test('a folder that is not there can’t be watched', async () => {
    const ran = await iamSync(['watch', join(sandbox(), 'nowhere'), '--json'])
    expect(ran.code).toBe(1)
    expect(JSON.parse(ran.out).diagnostics[0].code).toBe('source.no-folder')
  })
})

test('nothing is applied while git is in the middle of something; it is as soon as that has ended', async () => {
  const folder = sandbox()
  git(folder, 'init -q', 'add .', 'commit -qm 1', 'checkout -qb side')
  writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'side: {}') })
  git(folder, 'commit -qam side', 'checkout -q main')
  writeFiles(folder, { 'people.yaml': `${PEOPLE}policies: {}\n` })
  git(folder, 'commit -qam main', 'merge -q --no-commit side')
  const watch = watching([folder, '--apply'])
  expect(await watch.until(/watch\.held/)).toContain(
    'warning[watch.held]: git is in the middle of a merge: nothing is applied until that has ended',
  )
  expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
  // Touches no file of the folder.
  git(folder, 'commit -qm merged')
  await watch.until(/verified/)
  expect(await watch.end('SIGINT')).toBe(0)
})
