import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readIndex } from '../../src/source/git/git-index.ts'
import { findRepository } from '../../src/source/git/repository.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { git } from './real-git.ts'

let root: string
const indexOf = (folder = root) => {
  const repository = findRepository(folder)
  if (repository === null) throw new Error('no repository')
  return readIndex(repository)
}
const paths = () => indexOf().map(({ path }) => path)
const asGitSays = () =>
  execFileSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean)

beforeAll(() => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`dir${i % 7}/sub/file-${i}.yaml`, `${i}`]),
  )
  root = temporaryFolder({ ...files, 'café.yaml': 'x', ['long'.repeat(40)]: 'x' })
  git(root, 'init -q', 'add .', 'commit -qm 1')
})

describe('the index says what git says', () => {
  test.each([2, 3, 4])('in version %i', (version) => {
    git(root, `update-index --index-version ${version}`, 'update-index --skip-worktree dir1/sub/file-1.yaml')
    expect(paths()).toEqual(asGitSays())
    expect(
      indexOf()
        .filter(({ absence }) => absence === 'sparse')
        .map(({ path }) => path),
    ).toEqual(['dir1/sub/file-1.yaml'])
    git(root, 'update-index --no-skip-worktree dir1/sub/file-1.yaml')
  })

  test('where it is split, with what was replaced, removed and added since', () => {
    git(root, 'update-index --split-index')
    writeFiles(root, { 'new.yaml': 'x', 'dir2/sub/file-2.yaml': 'changed' })
    git(root, 'rm -q --cached dir3/sub/file-3.yaml dir4/sub/file-4.yaml', 'add new.yaml dir2/sub/file-2.yaml')
    git(root, 'update-index --assume-unchanged dir5/sub/file-5.yaml')
    expect(readFileSync(join(root, '.git/index')).includes('link')).toBe(true)
    expect(paths().sort()).toEqual(asGitSays().sort())
    expect(indexOf().filter(({ absence }) => absence !== 'noticed')).toEqual([
      { path: 'dir5/sub/file-5.yaml', type: 'file', absence: 'assumed-unchanged' },
    ])
    git(root, 'update-index --no-split-index')
  })

  test('with what is no file', () => {
    const commit = git(root, 'rev-parse HEAD').trim()
    git(root, `update-index --add --cacheinfo 160000,${commit},module`)
    expect(indexOf().find(({ path }) => path === 'module')?.type).toBe('submodule')
    git(root, 'rm -q --cached module')
  })

  test('also in a sparse index, where a folder is one entry', () => {
    git(root, 'reset -q --hard', 'sparse-checkout set --cone --sparse-index dir0')
    const folders = indexOf().filter(({ type }) => type === 'folder')
    expect(folders.map(({ path, absence }) => [path, absence])).toContainEqual(['dir1', 'sparse'])
    git(root, 'sparse-checkout disable')
  })
})

test('no index is an index without entries', () => {
  const folder = temporaryFolder()
  git(folder, 'init -q')
  expect(indexOf(folder)).toEqual([])
})

test('a damaged index is a coded problem, wherever it is cut or changed', () => {
  const bytes = readFileSync(join(root, '.git/index'))
  const copy = temporaryFolder()
  git(copy, 'init -q')
  for (let at = 0; at < bytes.length; at += 997) {
    writeFileSync(join(copy, '.git/index'), bytes.subarray(0, at))
    try {
      indexOf(copy)
    } catch (error) {
      expect(error).toMatchObject({ diagnostics: [{ code: 'git.unreadable' }] })
    }
  }
  rmSync(join(copy, '.git/index'))
  execFileSync('mkfifo', [join(copy, '.git/index')])
  expect(() => indexOf(copy)).toThrow(
    expect.objectContaining({ diagnostics: [expect.objectContaining({ code: 'git.unreadable' })] }),
  )
})
