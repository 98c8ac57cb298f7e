import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { provenanceOf, readCommit } from '../../src/source/git/git.ts'
import { readIndex } from '../../src/source/git/git-index.ts'
import type { SourceFiles } from '../../src/source/source-files.ts'
import { temporaryFolder, writeFiles } from './folders.ts'
import { git } from './real-git.ts'

/** A repository with two commits, from which everything here is cloned. */
let origin: string
beforeAll(() => {
  origin = temporaryFolder({
    'iam/iam-sync.yaml': 'version: 1\n',
    'iam/a.yaml': 'users: {}\n',
    'iam/team/b.yaml': 'users: { bob: {} }\n',
    'iam/team/p.json': '{}',
    'other/x.txt': 'x',
  })
  git(origin, 'init -q', 'config uploadpack.allowFilter true', 'add .', 'commit -qm first')
  writeFiles(origin, { 'iam/a.yaml': 'users: { alice: {} }\n' })
  git(origin, 'commit -qam second', 'branch feature HEAD~1')
})

const cloned = (...flags: readonly string[]): string => {
  const folder = temporaryFolder()
  git(folder, ['clone -q', ...flags, `file://${origin} .`].join(' '))
  return folder
}
const NAMES = ['a.yaml', 'iam-sync.yaml', 'team/b.yaml', 'team/p.json']
const namesOf = ({ files }: SourceFiles) => [...files.keys()]
const problemsOf = ({ diagnostics, unreadDocuments }: SourceFiles) => ({
  errors: diagnostics.map(({ code, message, help }) => ({ code, message, help })),
  documents: [...unreadDocuments].map(([file, { code }]) => [file, code]),
})
const failureOf = async (reading: Promise<unknown>) => {
  try {
    await reading
  } catch (error) {
    if (error instanceof DiagnosticError)
      return error.diagnostics.map(({ code, message, help }) => ({ code, message, help }))[0]
    throw error
  }
  return null
}

describe('a clone that borrows its objects', () => {
  test.each(['clone -q --shared', 'clone -q --reference'])(
    'is read like any other: git %s',
    async (command) => {
      const outer = temporaryFolder()
      const source = command.endsWith('--reference') ? `${origin} file://${origin}` : origin
      git(outer, `${command} ${source} first`, 'clone -q --shared first second')
      for (const name of ['first', 'second']) {
        const iam = join(outer, name, 'iam')
        const { commit, source } = await readCommit(iam, 'HEAD~1')
        expect(namesOf(source)).toEqual(NAMES)
        expect((await readCommit(iam, commit.slice(0, 9))).commit).toBe(commit)
        expect(await provenanceOf(iam, readDirectory(iam))).toMatchObject({ dirty: false })
      }
    },
  )

  test('finds its alternates by relative and by quoted paths', async () => {
    const outer = temporaryFolder()
    git(outer, `clone -q --shared ${origin} häuser`, 'clone -q --shared häuser borrower')
    const file = join(outer, 'borrower/.git/objects/info/alternates')
    for (const line of [
      '# a comment\n../../../häuser/.git/objects',
      String.raw`"../../../h\303\244user/.git/objects"`,
    ]) {
      writeFileSync(file, `${line}\n`)
      expect(namesOf((await readCommit(join(outer, 'borrower/iam'), 'HEAD')).source)).toEqual(NAMES)
    }
  })
})

describe('a shallow clone', () => {
  test('says that it is one, where it lacks a commit', async () => {
    const iam = join(cloned('--depth 1'), 'iam')
    expect(namesOf((await readCommit(iam, 'HEAD')).source)).toEqual(NAMES)
    const first = git(origin, 'rev-parse HEAD~1').trim()
    for (const ref of ['HEAD~1', 'HEAD^', 'feature', 'origin/feature', first, first.slice(0, 9)])
      expect(await failureOf(readCommit(iam, ref))).toEqual({
        code: 'git.shallow',
        message: `this clone is shallow, and doesn't have \`${ref}\``,
        help: expect.stringContaining('`fetch-depth: 0`'),
      })
  })
})

describe('a partial clone', () => {
  test('names the command that brings what it left out', async () => {
    const folder = cloned('--filter=blob:none')
    const iam = join(folder, 'iam')
    expect(namesOf((await readCommit(iam, 'HEAD')).source)).toEqual(NAMES)
    const problem = await failureOf(readCommit(iam, 'HEAD~1'))
    expect(problem?.code).toBe('git.partial')
    git(folder, /`git (.*)`/.exec(problem?.help ?? '')?.[1] ?? 'no command')
    expect(namesOf((await readCommit(iam, 'HEAD~1')).source)).toEqual(NAMES)
  })

  test('without trees is one, too', async () => {
    const folder = cloned('--filter=tree:0')
    const problem = await failureOf(readCommit(join(folder, 'iam'), 'HEAD~1'))
    expect(problem?.code).toBe('git.partial')
    git(folder, /`git (.*)`/.exec(problem?.help ?? '')?.[1] ?? 'no command')
    expect(namesOf((await readCommit(join(folder, 'iam'), 'HEAD~1')).source)).toEqual(NAMES)
  })
})

describe('what git leaves out on purpose is an error, not a deletion:', () => {
  test.each([
    [
      'a sparse checkout',
      ['sparse-checkout set --no-cone /* !/iam/team/'],
      '1 manifest of this folder (sparse checkout): `team/b.yaml`',
    ],
    ['a sparse checkout by folders', ['sparse-checkout set other iam'], null],
    [
      'a sparse index',
      ['sparse-checkout set --cone --sparse-index other'],
      '1 path of this folder (sparse checkout): `iam/`',
    ],
    [
      'skip-worktree',
      ['update-index --skip-worktree iam/team/b.yaml iam/team/p.json', 'rm --sparse -q --cached other/x.txt'],
      '1 manifest of this folder (skip-worktree): `team/b.yaml`',
    ],
    [
      'assume-unchanged',
      ['update-index --assume-unchanged iam/team/b.yaml iam/team/p.json'],
      '1 manifest of this folder (assumed unchanged): `team/b.yaml`',
    ],
  ] as const)('%s', async (kind, commands, message) => {
    const folder = cloned()
    git(folder, ...commands)
    if (kind.includes('-')) {
      rmSync(join(folder, 'iam/team/b.yaml'))
      rmSync(join(folder, 'iam/team/p.json'))
    }
    const iam = kind === 'a sparse index' ? folder : join(folder, 'iam')
    const source = readDirectory(iam)
    if (message === null) {
      expect(namesOf(source)).toEqual(NAMES)
      return
    }
    const { errors, documents } = problemsOf(source)
    expect(errors).toEqual([
      { code: 'source.sparse', message: `git leaves out ${message}`, help: expect.any(String) },
    ])
    if (!kind.includes('index')) expect(documents).toEqual([['team/p.json', 'source.sparse']])
    // The commands of the help bring it.
    const [, command = '', then = ''] = /`git (.*?)`(?: and `git (.*?)`)?/.exec(errors[0]?.help ?? '') ?? []
    git(folder, command, ...(then === '' ? [] : [then]))
    expect(problemsOf(readDirectory(iam)).errors).toEqual([])
    expect(namesOf((await readCommit(iam, 'HEAD')).source).length).toBeGreaterThan(3)
  })

  test('what lies behind a link to a folder as well', () => {
    const folder = cloned()
    git(folder, 'config user.name x')
    writeFiles(folder, { 'own/iam-sync.yaml': 'version: 1\n' })
    git(folder, 'add .')
    const link = join(folder, 'own/shared')
    rmSync(link, { force: true })
    symlinkSync('../iam/team', link)
    git(folder, 'update-index --skip-worktree iam/team/b.yaml')
    rmSync(join(folder, 'iam/team/b.yaml'))
    expect(problemsOf(readDirectory(join(folder, 'own'))).errors.map(({ message }) => message)).toEqual([
      'git leaves out 1 manifest of this folder (skip-worktree): `shared/b.yaml`',
    ])
  })

  test('a file that somebody deleted is a deletion', () => {
    const folder = cloned()
    rmSync(join(folder, 'iam/team/b.yaml'))
    expect(problemsOf(readDirectory(join(folder, 'iam'))).errors).toEqual([])
  })

  test('what is hidden or ignored is of no concern', () => {
    const folder = cloned()
    writeFiles(folder, { 'iam/.gitignore': 'team/\n' })
    git(folder, 'update-index --skip-worktree iam/team/b.yaml')
    rmSync(join(folder, 'iam/team/b.yaml'))
    expect(problemsOf(readDirectory(join(folder, 'iam'))).errors).toEqual([])
  })
})

describe('a submodule', () => {
  /** A repository with an IAM folder at its root, and submodules of the given files. */
  const withSubmodule = (files: Readonly<Record<string, string>>, ignore = ''): string => {
    const outer = temporaryFolder({
      'sub/README.md': 'x',
      'top/iam-sync.yaml': 'version: 1\n',
      'top/.gitignore': ignore,
    })
    writeFiles(join(outer, 'sub'), files)
    git(join(outer, 'sub'), 'init -q', 'add .', 'commit -qm sub')
    git(join(outer, 'top'), 'init -q', 'add .', 'commit -qm top')
    git(join(outer, 'top'), 'submodule --quiet add ../sub shared', 'commit -qm module')
    return join(outer, 'top')
  }
  const both = async (folder: string) => {
    const disk = problemsOf(readDirectory(folder))
    expect(problemsOf((await readCommit(folder, 'HEAD')).source)).toEqual(disk)
    return disk
  }

  test('with manifests is an error, on disk as in a commit', async () => {
    const { errors } = await both(withSubmodule({ 'team/users.yaml': 'users: {}\n', '.hidden.yaml': 'x' }))
    expect(errors).toEqual([
      {
        code: 'source.submodule',
        message:
          "`shared` is a git submodule, and `team/users.yaml` in it is not read: submodules are another repository's",
        help: 'make it a project of its own, or copy its files into this repository',
      },
    ])
  })

  test('without manifests is no concern, and its tree is clean', async () => {
    const folder = withSubmodule({ 'src/x.c': 'x', '.ci.yaml': 'x' })
    expect(await both(folder)).toEqual({ errors: [], documents: [] })
    expect(await provenanceOf(folder, readDirectory(folder))).toMatchObject({ dirty: false })
  })

  test('with documents alone matters to who refers to them', async () => {
    const folder = withSubmodule({ 'p.json': '{}' })
    expect(await both(folder)).toEqual({ errors: [], documents: [['shared/p.json', 'source.submodule']] })
    expect(await provenanceOf(folder, readDirectory(folder))).toMatchObject({ dirty: false })
  })

  test('that git ignores by name is passed over', async () => {
    const folder = withSubmodule({ 'users.yaml': 'users: {}\n' })
    writeFiles(folder, { '.gitignore': 'shared\n' })
    git(folder, 'commit -qam ignored')
    expect(await both(folder)).toEqual({ errors: [], documents: [] })
  })

  test('that is not checked out may hold manifests', async () => {
    const folder = withSubmodule({ 'users.yaml': 'users: {}\n' })
    git(folder, 'submodule --quiet deinit -f shared')
    const { errors } = await both(folder)
    expect(errors.map(({ code, help }) => [code, help])).toEqual([
      ['source.submodule', expect.stringContaining('`git submodule update --init`')],
    ])
    rmSync(join(folder, 'shared'), { recursive: true })
    expect((await both(folder)).errors).toHaveLength(1)
  })

  test('is not entered by a link either', async () => {
    const folder = withSubmodule({ 'x/users.txt': 'users: {}\n' })
    symlinkSync('shared/x/users.txt', join(folder, 'a.yaml'))
    git(folder, 'add .', 'commit -qm link')
    expect((await both(folder)).errors.map(({ code }) => code)).toEqual(['source.submodule'])
  })
})

describe('a name that is not UTF-8', () => {
  test.each([
    ['caf\\351.yaml', 1],
    ['caf\\351/a.yaml', 1],
    ['caf\\351.json', 0],
    ['caf\\351.txt', 0],
  ])('%s is %i errors, on disk as in a commit', async (name, count) => {
    const folder = temporaryFolder({ 'iam-sync.yaml': 'version: 1\n' })
    execFileSync('sh', ['-c', `f="$(printf '${name}')"; mkdir -p "$(dirname "$f")"; echo x > "$f"`], {
      cwd: folder,
    })
    git(folder, 'init -q', 'add .', 'commit -qm 1')
    const disk = problemsOf(readDirectory(folder))
    expect(problemsOf((await readCommit(folder, 'HEAD')).source)).toEqual(disk)
    expect(disk.errors.map(({ code }) => code)).toEqual(
      Array.from({ length: count }, () => 'source.file-name'),
    )
  })
})

describe('what keeps a repository from being read is named:', () => {
  const said = async (folder: string, ref = 'HEAD') =>
    (await failureOf(readCommit(join(folder, 'iam'), ref)))?.message

  test('objects of a format that is not supported, for the index too', () => {
    const root = temporaryFolder({ 'a.yaml': '' })
    git(root, 'init -q --object-format=sha256', 'add .', 'commit -qm all')
    expect(() => readIndex({ root, gitdir: join(root, '.git'), commondir: join(root, '.git') })).toThrow(
      "the git repository can't be read: `objectformat = sha256` is not supported",
    )
  })

  test.each([
    ['nowhere', (_: string) => '/nowhere/objects', '`/nowhere/objects`, which is not there'],
    ['itself, however often', (objects: string) => `${objects}\n`.repeat(200), 'twice, or in a circle'],
  ])('a borrower of objects from %s', async (_, borrowed, why) => {
    const root = temporaryFolder({ 'iam/a.yaml': '' })
    git(root, 'init -q', 'add .', 'commit -qm all')
    const objects = join(root, '.git/objects')
    rmSync(objects, { recursive: true })
    mkdirSync(join(objects, 'info'), { recursive: true })
    writeFileSync(join(objects, 'info/alternates'), borrowed(objects))
    for (const ref of ['HEAD', '0123456789']) expect(await said(root, ref)).toContain(why)
    expect(await said(root, 'none')).toContain('there is no commit `none`')
  })

  test('a borrower over six levels', async () => {
    const root = temporaryFolder({ 'iam/a.yaml': '' })
    git(root, 'init -q', 'add .', 'commit -qm all')
    const chain = [join(root, '.git/objects'), ...Array.from({ length: 6 }, () => temporaryFolder())]
    rmSync(chain[0] ?? '', { recursive: true })
    chain.slice(1).forEach((next, level) => {
      const info = join(chain[level] ?? '', 'info')
      mkdirSync(info, { recursive: true })
      writeFileSync(join(info, 'alternates'), next)
    })
    expect(await said(root)).toContain('over more than 5 levels')
  })

  test.each(['packed-refs', 'branch', 'object', 'pack index'])('a FIFO as a %s', async (what) => {
    const root = temporaryFolder({ 'iam/a.yaml': '' })
    git(root, 'init -q -b master', 'add .', 'commit -qm all')
    const oid = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
    if (what === 'packed-refs' || what === 'pack index') git(root, 'gc -q')
    const found: Readonly<Record<string, () => string>> = {
      'packed-refs': () => 'packed-refs',
      branch: () => 'refs/heads/master',
      object: () => `objects/${oid.slice(0, 2)}/${oid.slice(2)}`,
      'pack index': () => {
        const names = readdirSync(join(root, '.git/objects/pack'))
        return `objects/pack/${names.find((name) => name.endsWith('.idx'))}`
      },
    }
    const file = join(root, '.git', found[what]?.() ?? '')
    rmSync(file)
    execFileSync('mkfifo', [file])
    expect(await said(root)).toBe(`the git repository can't be read: \`${file}\` is a FIFO`)
  })
})
