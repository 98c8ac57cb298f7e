import fs, { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import git from 'isomorphic-git'
import { beforeAll, describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { provenanceOf, readCommit } from '../../src/source/git/git.ts'
import { commitAll, temporaryFolder, writeFiles } from './folders.ts'

const problemOf = async (reading: Promise<unknown>) => {
  try {
    await reading
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.code
    throw error
  }
  return null
}

describe('reading a commit', () => {
  let root: string
  let iam: string
  let first: string
  let second: string

  beforeAll(async () => {
    root = temporaryFolder({
      'README.md': 'x',
      '.gitignore': '*.tmp.yaml\n',
      'iam/iam-sync.yaml': 'version: 1\n',
      'iam/users.yaml': 'users: {}\n',
      'iam/.hidden/x.yaml': 'x',
      'iam/policies/p.json': '{}',
    })
    iam = join(root, 'iam')
    symlinkSync('users.yaml', join(iam, 'linked.yaml'))
    symlinkSync('policies', join(iam, 'again'))
    symlinkSync('../../etc/passwd', join(iam, 'out.yaml'))
    first = await commitAll(root, 'first')
    await git.annotatedTag({
      fs,
      dir: root,
      ref: 'v1',
      message: 'v1',
      tagger: { name: 'T', email: 't@example.com' },
    })
    rmSync(join(iam, 'out.yaml'))
    writeFiles(root, { 'iam/users.yaml': 'users: { alice: {} }\n', 'iam/new.yaml': 'groups: {}\n' })
    second = await commitAll(root, 'second')
    await git.branch({ fs, dir: root, ref: 'feature/x', object: first })
  })

  test('yields the same files as the working tree of that commit', async () => {
    const { commit, source } = await readCommit(iam, 'HEAD')
    expect(commit).toBe(second)
    expect([...source.files]).toEqual([...readDirectory(iam).files])
    expect([...source.files.keys()]).toEqual([
      'again/p.json',
      'iam-sync.yaml',
      'linked.yaml',
      'new.yaml',
      'policies/p.json',
      'users.yaml',
    ])
    expect(source.files.get('linked.yaml')).toBe('users: { alice: {} }\n')
  })

  test('knows branches, tags, short and full commits, and steps back in history', async () => {
    for (const ref of [
      'feature/x',
      'v1',
      'refs/tags/v1',
      first,
      first.slice(0, 8),
      'HEAD~1',
      'HEAD^',
      'main~',
      '@^1',
      'HEAD^0~1',
    ])
      expect([ref, (await readCommit(iam, ref)).commit]).toEqual([ref, first])
    expect((await readCommit(iam, 'main')).commit).toBe(second)
  })

  // git rev-parse, "SPECIFYING REVISIONS", refname: the tag is taken; who pushes one must not say what a branch is
  test('a name that refs at different commits have is refused, and each is had by its whole name', async () => {
    const taken = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
    const before = await commitAll(taken, 'first')
    await git.tag({ fs, dir: taken, ref: 'same', object: before })
    await git.branch({ fs, dir: taken, ref: 'same', object: before })
    await git.tag({ fs, dir: taken, ref: 'main', object: before })
    await git.branch({ fs, dir: taken, ref: 'origin/main', object: before })
    writeFiles(taken, { 'users.yaml': 'users: {}\n' })
    const after = await commitAll(taken, 'second')
    await git.writeRef({ fs, dir: taken, ref: 'refs/remotes/origin/main', value: after })
    for (const ref of ['main', 'main~0', 'origin/main'])
      expect([ref, await problemOf(readCommit(taken, ref))]).toEqual([ref, 'git.ambiguous-ref'])
    const meant = { same: before, 'refs/heads/main': after, 'refs/tags/main': before }
    for (const [ref, commit] of Object.entries({ ...meant, 'refs/remotes/origin/main': after }))
      expect([ref, (await readCommit(taken, ref)).commit]).toEqual([ref, commit])
  })

  test('a link out of the repository is an error there too', async () => {
    const { source } = await readCommit(iam, 'v1')
    expect(source.diagnostics.map(({ code }) => code)).toEqual(['source.link-outside'])
  })

  test('the folder need not be in the working tree as the commit has it', async () => {
    const { source } = await readCommit(root, 'HEAD')
    expect([...source.files.keys()]).toContain('iam/users.yaml')
  })

  test('a ref that is not there, goes back too far, or names no commit', async () => {
    for (const ref of [
      'nope',
      'HEAD~9',
      'deadbeef',
      'deadbeef'.repeat(5),
      '',
      '--help',
      'config',
      '../../etc/passwd',
      'a b',
      '~1',
    ])
      expect([ref, await problemOf(readCommit(iam, ref))]).toEqual([ref, 'git.unknown-ref'])
    const { oid } = await git.readBlob({ fs, dir: root, oid: second, filepath: 'README.md' })
    expect(await problemOf(readCommit(iam, oid))).toBe('git.unknown-ref')
  })

  test('a folder that the commit does not have', async () => {
    mkdirSync(join(root, 'fresh'))
    expect(await problemOf(readCommit(join(root, 'fresh'), 'HEAD'))).toBe('git.folder-not-in-commit')
  })

  test('no repository', async () => {
    expect(await problemOf(readCommit(temporaryFolder(), 'HEAD'))).toBe('git.no-repository')
  })

  test('a linked worktree has its own HEAD and shares branches', async () => {
    const tree = temporaryFolder({ 'iam/iam-sync.yaml': 'version: 1\n' })
    const gitdir = join(root, '.git/worktrees/tree')
    mkdirSync(gitdir, { recursive: true })
    writeFileSync(join(gitdir, 'commondir'), '../..\n')
    writeFileSync(join(gitdir, 'HEAD'), 'ref: refs/heads/feature/x\n')
    writeFileSync(join(gitdir, 'gitdir'), join(tree, '.git\n'))
    writeFileSync(join(tree, '.git'), `gitdir: ${gitdir}\n`)
    const folder = join(tree, 'iam')
    expect((await readCommit(folder, 'HEAD')).commit).toBe(first)
    expect((await readCommit(folder, 'main')).commit).toBe(second)
    expect(await provenanceOf(folder, readDirectory(folder))).toEqual({ commit: first, dirty: true })
  })
})

describe('provenance', () => {
  const stateOf = async (folder: string) => provenanceOf(folder, readDirectory(folder))

  test('no repository and no commit are null, not clean', async () => {
    const folder = temporaryFolder({ 'a.yaml': '' })
    expect(await stateOf(folder)).toEqual({ commit: null, dirty: null })
    await git.init({ fs, dir: folder })
    expect(await stateOf(folder)).toEqual({ commit: null, dirty: null })
  })

  test('dirty means that a source file of the IAM folder differs, is new, or is gone', async () => {
    const root = temporaryFolder({
      'iam/a.yaml': 'a',
      'iam/b.yaml': 'b',
      'other.txt': 'x',
      '.gitignore': 'skip.yaml\n',
    })
    const commit = await commitAll(root, 'all')
    const iam = join(root, 'iam')
    expect(await stateOf(iam)).toEqual({ commit, dirty: false })
    writeFiles(root, { 'other.txt': 'y', 'iam/skip.yaml': 'x', 'iam/.iam-sync/x.db': '', 'iam/notes.md': '' })
    expect(await stateOf(iam)).toEqual({ commit, dirty: false })
    writeFiles(root, { 'iam/a.yaml': 'changed' })
    expect(await stateOf(iam)).toEqual({ commit, dirty: true })
    writeFiles(root, { 'iam/a.yaml': 'a', 'iam/c.yaml': '' })
    expect(await stateOf(iam)).toEqual({ commit, dirty: true })
    rmSync(join(iam, 'c.yaml'))
    rmSync(join(iam, 'b.yaml'))
    expect(await stateOf(iam)).toEqual({ commit, dirty: true })
  })

  test('a byte order mark is part of what git has, and no part of the text', async () => {
    const root = temporaryFolder({ 'a.yaml': '\ufeffa: é\n' })
    const commit = await commitAll(root, 'all')
    expect(readDirectory(root).files.get('a.yaml')).toBe('a: é\n')
    expect(await stateOf(root)).toEqual({ commit, dirty: false })
    writeFiles(root, { 'a.yaml': 'a: é\n' })
    expect(await stateOf(root)).toEqual({ commit, dirty: true })
  })

  test('files are in memory once, as text', () => {
    const root = temporaryFolder({ 'a.yaml': 'a', 'b.json': '{}' })
    const inside = (value: unknown): readonly unknown[] =>
      value instanceof Map || value instanceof Set ? [value, ...[...value].flat().flatMap(inside)] : [value]
    const held = Object.values(readDirectory(root)).flatMap(inside)
    expect(held.filter((each) => ArrayBuffer.isView(each))).toEqual([])
    expect(held.filter((each) => each === '{}')).toHaveLength(1)
  })

  test('line ends alone do not make a tree dirty', async () => {
    const root = temporaryFolder({ 'a.yaml': 'a\nb\n' })
    const commit = await commitAll(root, 'all')
    writeFiles(root, { 'a.yaml': 'a\r\nb\r\n' })
    expect(await stateOf(root)).toEqual({ commit, dirty: false })
  })

  test('a detached HEAD is a commit like any other', async () => {
    const root = temporaryFolder({ 'a.yaml': '' })
    const commit = await commitAll(root, 'all')
    writeFileSync(join(root, '.git/HEAD'), `${commit}\n`)
    expect(await stateOf(root)).toEqual({ commit, dirty: false })
  })

  test('a damaged repository is a coded problem', async () => {
    const root = temporaryFolder({ 'a.yaml': '' })
    await commitAll(root, 'all')
    rmSync(join(root, '.git/objects'), { recursive: true })
    expect(await problemOf(stateOf(root))).toBe('git.unreadable')
    writeFileSync(join(root, '.git/config'), '[extensions]\n\tobjectformat = sha256\n')
    expect(await problemOf(stateOf(root))).toBe('git.unreadable')
  })
})
