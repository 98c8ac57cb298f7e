import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchDirectory } from '../../src/source/watcher.ts'
import { temporaryFolder, writeFiles } from './folders.ts'

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

/** Makes edits one after the other and says which of them were reported. */
async function reported(
  folder: string,
  edits: Readonly<Record<string, () => void>>,
): Promise<Record<string, boolean>> {
  let changes = 0
  const watcher = watchDirectory(folder, {
    onChange: () => {
      changes++
    },
    onError: (error) => {
      throw error
    },
  })
  await watcher.ready
  const result: Record<string, boolean> = {}
  for (const [name, edit] of Object.entries(edits)) {
    const before = changes
    edit()
    for (let waited = 0; waited < 400 && changes === before; waited += 20) await pause(20)
    result[name] = changes > before
    await pause(60)
  }
  await watcher.close()
  return result
}

test('saves, new, renamed and deleted manifests are reported; what is skipped is not', async () => {
  const folder = temporaryFolder({
    'a.yaml': 'a',
    'team/b.yaml': 'b',
    'p.json': '{}',
    '.gitignore': 'drafts/\n',
    'drafts/d.yaml': '',
  })
  expect(
    await reported(folder, {
      save: () => writeFiles(folder, { 'a.yaml': 'b' }),
      'save by rename': () => {
        writeFiles(folder, { '.a.swp': 'c' })
        renameSync(join(folder, '.a.swp'), join(folder, 'a.yaml'))
      },
      document: () => writeFiles(folder, { 'p.json': '{"a":1}' }),
      'new folder': () => writeFiles(folder, { 'fresh/deep/x.yaml': '' }),
      'in the new folder': () => writeFiles(folder, { 'fresh/deep/x.yaml': 'x' }),
      delete: () => rmSync(join(folder, 'team/b.yaml')),
      'delete folder': () => rmSync(join(folder, 'fresh'), { recursive: true }),
      state: () => writeFiles(folder, { '.iam-sync/x.yaml': '' }),
      ignored: () => writeFiles(folder, { 'drafts/d.yaml': 'x' }),
      'other file': () => writeFiles(folder, { 'README.md': 'x' }),
      gitignore: () => writeFiles(folder, { '.gitignore': '' }),
    }),
  ).toEqual({
    save: true,
    'save by rename': true,
    document: true,
    'new folder': true,
    'in the new folder': true,
    delete: true,
    'delete folder': true,
    state: false,
    ignored: false,
    'other file': false,
    gitignore: true,
  })
})

test('saves that come close together are one change', async () => {
  const folder = temporaryFolder({ 'a.yaml': 'a', 'b.yaml': 'b' })
  let changes = 0
  const watcher = watchDirectory(folder, { onChange: () => changes++, onError: () => {}, quiet: 500 })
  await watcher.ready
  for (let i = 0; i < 5; i++) {
    writeFiles(folder, { 'a.yaml': `a${i}\n`, 'b.yaml': `b${i}\n` })
    await pause(5)
  }
  // Far longer than the quiet that ends a change, and that far longer than a busy machine takes between two saves.
  await pause(1000)
  await watcher.close()
  expect(changes).toBe(1)
})
