import { beforeAll, describe, expect, test } from 'vitest'
import { operationUnderWay } from '../../src/source/git/git-operation.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { git } from './real-git.ts'

describe('what git is in the middle of', () => {
  /** Two branches that change the same line, and so conflict. */
  let root: string
  beforeAll(() => {
    root = temporaryFolder({ 'a.yaml': 'a' })
    git(root, 'init -q', 'add .', 'commit -qm 1', 'checkout -qb side')
    for (const text of ['b', 'c']) {
      writeFiles(root, { 'a.yaml': text })
      git(root, `commit -qam ${text}`)
    }
    git(root, 'checkout -q main')
    writeFiles(root, { 'a.yaml': 'd' })
    git(root, 'commit -qam d')
  })

  test.each([
    ['rebase side', 'rebase --abort', 'a rebase'],
    ['rebase --apply side', 'rebase --abort', 'a rebase'],
    ['merge side', 'merge --abort', 'a merge'],
    ['cherry-pick side', 'cherry-pick --abort', 'a cherry-pick'],
    ['cherry-pick side~2..side', 'cherry-pick --abort', 'a cherry-pick'],
    ['revert --no-edit HEAD~1', 'revert --abort', 'a revert'],
    ['bisect start HEAD HEAD~1', 'bisect reset', 'a bisection'],
  ])('git %s', (begin, end, operation) => {
    expect(operationUnderWay(root)).toBeNull()
    try {
      git(root, begin)
    } catch {
      // It ends with 1, since there are conflicts.
    }
    expect(operationUnderWay(root)).toBe(operation)
    git(root, end)
    expect(operationUnderWay(root)).toBeNull()
  })
})

test('nothing, without a repository', () => {
  expect(operationUnderWay(temporaryFolder())).toBeNull()
})
