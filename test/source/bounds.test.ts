import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { CommitView } from '../../src/source/git/commit-view.ts'
import { provenanceOf, readCommit } from '../../src/source/git/git.ts'
import { objectStores } from '../../src/source/git/git-files.ts'
import { ObjectSizes } from '../../src/source/git/object-sizes.ts'
import { ObjectStore } from '../../src/source/git/object-store.ts'
import { findRepository } from '../../src/source/git/repository.ts'
import { sourcesOfSubmodule } from '../../src/source/git/submodules.ts'
import { manifestsFirst, SourceCollector } from '../../src/source/source-files.ts'
import { answerLater, answerNow } from '../../src/source/walk/asking.ts'
import { DiskView } from '../../src/source/walk/disk-view.ts'
import { IgnoreBudget } from '../../src/source/walk/ignore-budget.ts'
import { IgnoreRules } from '../../src/source/walk/ignore-rules.ts'
import { SourceWalk } from '../../src/source/walk/source-walk.ts'
import { commitAll, temporaryFolder, writeFiles } from './folders.ts'

const FEW = { folders: 100, entries: 10_000 }
const MEBIBYTE = 1024 * 1024

async function problemOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading
  } catch (error) {
    if (error instanceof DiagnosticError)
      return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n')
    throw error
  }
  return 'none'
}

/** Writes a loose object, whatever its header says of it. @returns its id */
function writeObject(root: string, header: string, content: Uint8Array): string {
  const bytes = Buffer.concat([Buffer.from(`${header}\0`), content])
  const oid = createHash('sha1').update(bytes).digest('hex')
  mkdirSync(join(root, '.git/objects', oid.slice(0, 2)), { recursive: true })
  writeFileSync(join(root, '.git/objects', oid.slice(0, 2), oid.slice(2)), deflateSync(bytes))
  return oid
}

const writeTree = (
  root: string,
  entries: readonly (readonly [mode: string, name: string, oid: string])[],
): string => {
  const content = Buffer.concat(
    entries.map(([mode, name, oid]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
    ),
  )
  return writeObject(root, `tree ${content.length}`, content)
}

function writeCommit(root: string, tree: string): string {
  const who = 'Tester <tester@example.com> 1700000000 +0000'
  const content = Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nx\n`)
  return writeObject(root, `commit ${content.length}`, content)
}

async function repository(): Promise<string> {
  const root = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
  await commitAll(root, 'first')
  return root
}

describe('the bounds of a folder', () => {
  test('a file of 16 MiB is read, a larger one isn’t; JSON that nobody names is of no consequence', () => {
    const folder = temporaryFolder({ 'fits.yaml': '', 'large.yaml': '', 'large.json': '' })
    truncateSync(join(folder, 'fits.yaml'), 16 * MEBIBYTE)
    for (const name of ['large.yaml', 'large.json']) truncateSync(join(folder, name), 16 * MEBIBYTE + 1)
    const { diagnostics, unreadDocuments } = readDirectory(folder)
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'source.not-utf8: `fits.yaml` is not UTF-8 text, in line 1',
      'source.too-large: `large.yaml` is 17 MiB; a file may have 16 MiB',
    ])
    expect([...unreadDocuments.keys()]).toEqual(['large.json'])
  })

  test('256 MiB in all, and 50,000 files: the project file and manifests first, and said once', () => {
    const bytes = new SourceCollector()
    for (let number = 0; number < 20; number++) bytes.admits(`${number}.yaml`, 15 * MEBIBYTE)
    expect(bytes.result().diagnostics.map(({ message }) => message)).toEqual([
      'the YAML and JSON files of the IAM folder have more than 256 MiB together',
    ])
    const files = new SourceCollector()
    const names = [
      ...Array.from({ length: 60_000 }, (_, number) => [`${number}.json`, 1] as const),
      ...Array.from({ length: 50_000 }, (_, number) => [`${number}.yaml`, 1] as const),
      ['iam-sync.yaml', 1] as const,
    ]
    const admitted = manifestsFirst(names).filter(([name, size]) => files.admits(name, size))
    expect(admitted.every(([name]) => name.endsWith('.yaml'))).toBe(true)
    expect(admitted).toHaveLength(50_000)
    expect(admitted[0]?.[0]).toBe('iam-sync.yaml')
    expect(files.result().diagnostics.map(({ code }) => code)).toEqual(['source.too-many-files'])
    expect(files.result().unreadDocuments.size).toBe(60_000)
  })

  test('a line of `.gitignore` that is longer than any path matches nothing, the others count', () => {
    const rules = new IgnoreRules().with('', `${'a'.repeat(70_000)}\nb.yaml\n`)
    expect(['a.yaml', 'b.yaml'].map((path) => rules.ignores(path, 'file'))).toEqual([false, true])
  })

  test('ignore rules: work is counted by lines and names, gaps by what they can be tried at, equal files once', () => {
    const code = (ask: () => unknown): string => {
      try {
        ask()
      } catch (error) {
        return error instanceof DiagnosticError ? (error.diagnostics[0]?.code ?? '') : String(error)
      }
      return 'none'
    }
    const asked = (gitignore: string, folders: number, times: number, most: number) =>
      code(() => {
        const rules = new IgnoreRules([], new IgnoreBudget(most)).with('', gitignore)
        for (let time = 0; time < times; time++) rules.ignores(`${'a/'.repeat(folders)}${time}`, 'file')
      })
    // A line is 1,000, and so many more for its characters.
    expect(asked('x\n', 1, 90, 1100)).toBe('none')
    expect(asked('x\n', 1, 110, 1100)).toBe('source.too-many-ignore-rules')
    expect(asked(`${'a/**/'.repeat(8)}b\n`, 8, 1, 1e6)).toBe('none')
    expect(asked(`${'a/**/'.repeat(8)}b\n`, 60, 1, 1e6)).toBe('source.too-many-ignore-rules')
    const many = (text: (folder: number) => string) =>
      code(() => {
        let rules = new IgnoreRules([], new IgnoreBudget(20_000))
        for (let folder = 0; folder < 100; folder++) rules = rules.with(`f${folder}`, text(folder))
      })
    expect(many(() => '# nothing\n\nx\n')).toBe('none')
    expect(many((folder) => `x${folder}\n`)).toBe('source.too-many-ignore-rules')
  })

  test('a `.gitignore` of more than 16 MiB is an error, and hides what is beside it', () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': '', 'deep/a.yaml': '', 'deep/.gitignore': '' })
    truncateSync(join(folder, 'deep/.gitignore'), 16 * MEBIBYTE + 1)
    const { diagnostics, files } = readDirectory(folder)
    expect([...files.keys()]).toEqual(['iam-sync.yaml'])
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "`deep/.gitignore` can't be read: it has more than 16 MiB",
    ])
  })

  test('links that stand for more folders than there are end the walk', () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
    // Ten folders, each of which leads ten times to the next: ten billion paths.
    for (let level = 0; level < 10; level++) {
      mkdirSync(join(folder, `l${level}`))
      for (let link = 0; link < 10; link++)
        if (level > 0) symlinkSync(`../l${level - 1}`, join(folder, `l${level}`, `k${link}`))
    }
    const view = new DiskView(folder, null, '', () => {})
    const { problems, folders } = answerNow(new SourceWalk('', null, FEW).run(), view)
    expect(problems.map(({ problem }) => problem.code)).toEqual(['source.too-many-files'])
    expect(folders.size).toBe(FEW.folders)
  })
})

describe('the bounds of a commit', () => {
  test('a ref has 1,024 characters', async () => {
    const root = await repository()
    expect(await problemOf(readCommit(root, 'x'.repeat(1024)))).toMatch(/^git\.unknown-ref/)
    expect(await problemOf(readCommit(root, `HEAD${'^'.repeat(1021)}`))).toBe(
      'git.ref-too-long: a ref of 1,025 characters (it begins `HEAD^^^^^^^^^^^^^^^^`); it may have 1,024',
    )
  })

  test('a file that is too large is known by its header, and is said as on disk', async () => {
    const root = await repository()
    const large = writeObject(root, `blob ${17 * MEBIBYTE}`, new Uint8Array(64))
    const commit = writeCommit(root, writeTree(root, [['100644', 'large.yaml', large]]))
    const { source } = await readCommit(root, commit)
    expect(source.diagnostics.map(({ message }) => message)).toEqual([
      '`large.yaml` is 17 MiB; a file may have 16 MiB',
    ])
  })

  test('an object that holds more than its header says is damaged', async () => {
    const root = await repository()
    const lying = writeObject(root, 'blob 10', new Uint8Array(40 * MEBIBYTE))
    const commit = writeCommit(root, writeTree(root, [['100644', 'a.yaml', lying]]))
    expect(await problemOf(readCommit(root, commit))).toBe(
      `git.unreadable: the git repository can't be read: the object ${lying.slice(0, 12)} is damaged`,
    )
  })

  test('a tree that stands for more paths than a repository has ends the walk', async () => {
    const root = await repository()
    let tree = writeTree(root, [['100644', 'a.txt', writeObject(root, 'blob 1', Buffer.from('x'))]])
    for (let level = 0; level < 10; level++)
      tree = writeTree(
        root,
        Array.from({ length: 10 }, (_, number) => ['40000', `d${number}`, tree] as const),
      )
    const found = findRepository(root)
    if (found === null) throw new Error('the repository is gone')
    const view = new CommitView(new ObjectStore(found), tree)
    const { problems, folders } = await answerLater(new SourceWalk('', null, FEW).run(), view)
    expect(problems.map(({ problem }) => problem.code)).toEqual(['source.too-many-files'])
    expect(folders.size).toBe(FEW.folders)
  })

  test('a tag leads to no object that is too large, from a detached HEAD neither', async () => {
    const root = await repository()
    const large = writeObject(root, `commit ${17 * MEBIBYTE}`, new Uint8Array(64))
    const tag = (object: string) => {
      const content = Buffer.from(`object ${object}\ntype commit\ntag t\ntagger T <t@e.x> 1 +0000\n\nx\n`)
      return writeObject(root, `tag ${content.length}`, content)
    }
    const said = `git.unreadable: the git repository can't be read: the object ${large.slice(0, 12)} is larger than 16 MiB`
    const outer = tag(tag(large))
    expect(await problemOf(readCommit(root, outer))).toBe(said)
    writeFileSync(join(root, '.git/HEAD'), `${outer}\n`)
    expect(await problemOf(provenanceOf(root, readDirectory(root)))).toBe(said)
    const sound = writeCommit(root, writeTree(root, []))
    expect((await readCommit(root, tag(tag(sound)))).commit).toBe(sound)
  })

  test('names that are no sources count too, a tree at each of its paths', async () => {
    const root = await repository()
    const blob = writeObject(root, 'blob 1', Buffer.from('x'))
    const many = (number: number, mode: string, oid: string) =>
      writeTree(
        root,
        Array.from({ length: number }, (_, each) => [mode, `a${each}`, oid] as const),
      )
    const tree = many(90, '40000', many(200, '100644', blob))
    const found = findRepository(root)
    if (found === null) throw new Error('the repository is gone')
    const view = new CommitView(new ObjectStore(found), tree)
    const { problems, folders } = await answerLater(new SourceWalk('', null, FEW).run(), view)
    expect(problems.map(({ problem }) => problem.code)).toEqual(['source.too-many-files'])
    expect(folders.size).toBe(51)
  })

  test('of a submodule no more is looked at than of the folder itself', async () => {
    const root = await repository()
    let tree = writeTree(root, [['100644', 'a.txt', writeObject(root, 'blob 1', Buffer.from('x'))]])
    for (let level = 0; level < 4; level++)
      tree = writeTree(
        root,
        Array.from({ length: 4 }, (_, number) => ['40000', `d${number}`, tree] as const),
      )
    const commit = writeCommit(root, tree)
    expect(await sourcesOfSubmodule(root, commit)).toEqual([])
    expect(await sourcesOfSubmodule(root, commit, 500)).toBeNull()
  })

  test('a damaged tree is called that', async () => {
    const root = await repository()
    const tree = writeObject(root, 'tree 3', Buffer.from('abc'))
    const commit = writeCommit(root, tree)
    const damaged = (what: string) => `git.unreadable: the git repository can't be read: ${what} is damaged`
    expect(await problemOf(readCommit(root, commit))).toBe(damaged('a tree object'))
    const nothing = writeCommit(root, writeObject(root, 'blob 3', Buffer.from('tre')))
    expect(await problemOf(readCommit(root, nothing))).not.toMatch(/isomorphic|report|internal/i)
    const lying = writeCommit(root, writeObject(root, 'tree 300', Buffer.from('abc')))
    expect(await problemOf(readCommit(root, lying))).not.toMatch(/isomorphic|report|internal/i)
  })

  test('what isomorphic-git says of itself reaches nobody', async () => {
    const root = await repository()
    for (const [header, content] of [
      ['commit 3', 'abc'],
      ['nonsense 3', 'abc'],
      ['commit 10', 'tree \nabcd'],
    ] as const) {
      const said = await problemOf(readCommit(root, writeObject(root, header, Buffer.from(content))))
      expect(said).toMatch(/^git\.un[a-z-]+: (?!.*(?:isomorphic|report|bug|internal|undefined))/i)
    }
  })

  test.skipIf(spawnSync('git', ['--version']).status !== 0)(
    'sizes in packs, deltas among them, are those that git tells (needs git)',
    async () => {
      const root = await repository()
      const git = (...args: readonly string[]) =>
        spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
          cwd: root,
          encoding: 'utf8',
        })
      const lines = Array.from({ length: 400 }, (_, number) => `line ${number} of a file`)
      for (let version = 0; version < 12; version++) {
        lines[version * 7] = `changed ${version}`
        writeFiles(root, { 'a.yaml': lines.join('\n'), [`b${version}.yaml`]: `# ${version}\n` })
        git('add', '.')
        git('commit', '-qm', String(version))
      }
      git('repack', '-adfq', '--depth=50')
      git('prune-packed')
      expect(existsSync(join(root, '.git/objects/pack'))).toBe(true)
      const told = git(
        'cat-file',
        '--batch-check=%(objectname) %(objectsize) %(deltabase)',
        '--batch-all-objects',
      ).stdout
      const rows = told
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' '))
      expect(rows.filter(([, , base = '']) => !/^0+$/.test(base)).length).toBeGreaterThan(5)
      const sizes = new ObjectSizes(objectStores(join(root, '.git')), 16 * MEBIBYTE)
      expect(rows.map(([oid = '']) => sizes.sizeOf(oid))).toEqual(rows.map(([, size]) => Number(size)))
      expect(sizes.sizeOf('0'.repeat(40))).toBeNull()
    },
  )
})
