import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readDirectory } from '../../src/source/directory.ts'
import { readCommit } from '../../src/source/git/git.ts'
import { hiddenLink } from '../../src/source/named-file.ts'
import type { SourceFiles } from '../../src/source/source-files.ts'
import { temporaryFolder } from './folders.ts'
import { git } from './real-git.ts'

const SECRET = 'DEPLOY_TOKEN=EXAMPLE'

/** A repository with an IAM folder in `iam`, and all kinds of things that a link may lead to. */
const FILES = {
  '.gitignore': '.env\nsecrets/\n*.local.yaml\n',
  '.ci.yaml': SECRET,
  '.env': SECRET,
  'common/roles.yaml': 'roles: {}\n',
  'common/.gitignore': 'private.yaml\n',
  'common/private.yaml': SECRET,
  'common/.hidden.yaml': SECRET,
  'secrets/token.yaml': SECRET,
  'notes.md': 'notes',
  'iam/iam-sync.yaml': 'version: 1\n',
  'iam/.env': SECRET,
  'iam/own.local.yaml': SECRET,
  'iam/deep/users.yaml': 'users: {}\n',
  'iam/notes.txt': 'notes',
  'iam/node_modules/p/index.yaml': SECRET,
}

const shown = ({ files, diagnostics, unreadDocuments }: SourceFiles) => ({
  files: [...files.keys()],
  problems: [...diagnostics, ...unreadDocuments.values()].map(({ code }) => code),
})

type Links = Readonly<Record<string, string>>

const REFUSED: Readonly<Record<string, Links>> = {
  'a hidden file': { 'iam/x.yaml': '.env' },
  'an ignored file': { 'iam/x.yaml': 'own.local.yaml' },
  'a file of an ignored folder': { 'iam/x.yaml': '../secrets/token.yaml' },
  "git's own configuration": { 'iam/x.yaml': '../.git/config' },
  'a hidden manifest': { 'iam/x.yaml': '../.ci.yaml' },
  'a file that a .gitignore at its own place ignores': { 'iam/x.yaml': '../common/private.yaml' },
  'a hidden file beside manifests': { 'iam/x.json': '../common/.hidden.yaml' },
  'what is no YAML or JSON': { 'iam/x.yaml': 'notes.txt' },
  'what is no YAML or JSON, out of the folder': { 'iam/x.yml': '../notes.md' },
  'an installed package': { 'iam/x.yaml': 'node_modules/p/index.yaml' },
  'a hidden folder': { 'iam/x': '../.git' },
  'an ignored folder': { 'iam/x': '../secrets' },
  'a hidden file by another link': { 'iam/x.yaml': 'y.txt', 'iam/y.txt': '.env' },
  'a hidden file through a linked folder': { 'iam/x.yaml': 'up/.hidden.yaml', 'iam/up': '../common' },
}

const BROKEN: readonly (readonly [where: string, links: Links, code: string])[] = [
  ['out of the repository', { 'iam/x.yaml': '../../x.yaml' }, 'source.link-outside'],
  ['out of the repository, a folder', { 'iam/x': '../..' }, 'source.link-outside'],
  ['an absolute path', { 'iam/x.yaml': '/etc/hosts' }, 'source.link-outside'],
  ['nowhere', { 'iam/x.yaml': 'gone.yaml' }, 'source.unreadable'],
  ['itself', { 'iam/x.yaml': 'y.yaml', 'iam/y.yaml': 'x.yaml' }, 'source.unreadable'],
  ['a folder, by the name of a file within a file', { 'iam/x.yaml': 'iam-sync.yaml/y' }, 'source.unreadable'],
]

const FOLLOWED: readonly (readonly [where: string, links: Links, files: readonly string[]])[] = [
  ['a manifest', { 'iam/x.yaml': 'deep/users.yaml' }, ['x.yaml']],
  ['a manifest of another folder', { 'iam/x.yaml': '../common/roles.yaml' }, ['x.yaml']],
  ['a folder, of which it is read what would be there', { 'iam/x': '../common' }, ['x/roles.yaml']],
  [
    'a manifest through a linked folder',
    { 'iam/x.yaml': 'y/roles.yaml', 'iam/y': '../common' },
    ['x.yaml', 'y/roles.yaml'],
  ],
  ['a link', { 'iam/x.yaml': 'y.yaml', 'iam/y.yaml': 'deep/../deep/users.yaml' }, ['x.yaml', 'y.yaml']],
  ['a file that is no concern', { 'iam/x.txt': '.env', 'iam/y.md': 'gone' }, []],
  [
    'a folder above, without going round in circles',
    { 'iam/deep/up': '..', 'iam/top': '../common' },
    ['top/roles.yaml'],
  ],
]

/** One repository for all rows: each has an IAM folder of its own, beside what the links lead to. */
let shared: string
const folderOf = new Map<Links, string>()

beforeAll(() => {
  shared = temporaryFolder(FILES)
  const rows = [...Object.values(REFUSED), ...BROKEN.map((row) => row[1]), ...FOLLOWED.map((row) => row[1])]
  for (const [at, links] of rows.entries()) {
    const folder = join(shared, `iam${at}`)
    folderOf.set(links, folder)
    cpSync(join(shared, 'iam'), folder, { recursive: true })
    for (const [link, target] of Object.entries(links)) {
      const path = join(folder, link.slice('iam/'.length))
      mkdirSync(dirname(path), { recursive: true })
      symlinkSync(target, path)
    }
  }
  git(shared, 'init -q', 'add .', 'commit -qm 1')
})

/** What comes of links in the IAM folder, on disk and in the commit of the same tree. */
async function readBoth(links: Links) {
  const folder = folderOf.get(links) ?? 'none'
  const disk = readDirectory(folder)
  const commit = (await readCommit(folder, 'HEAD')).source
  for (const { diagnostics, unreadDocuments, files } of [disk, commit]) {
    expect(JSON.stringify([...diagnostics, ...unreadDocuments])).not.toContain('TOKEN')
    expect([...files.values()].join()).not.toContain('TOKEN')
  }
  expect(shown(commit)).toEqual(shown(disk))
  return shown(disk)
}

describe('a link is refused, on disk as in a commit, that leads to', () => {
  test.each(Object.entries(REFUSED))('%s', async (_, links) => {
    const { problems } = await readBoth(links)
    expect(problems).toEqual(['source.link-hidden'])
  })

  test.each(BROKEN)('%s', async (_, links, code) => {
    expect(new Set((await readBoth(links)).problems)).toEqual(new Set([code]))
  })
})

describe('a link is followed, on disk as in a commit, that leads to', () => {
  const OWN = ['deep/users.yaml', 'iam-sync.yaml']
  test.each(FOLLOWED)('%s', async (_, links, more) => {
    expect(await readBoth(links)).toEqual({ files: [...OWN, ...more].sort(), problems: [] })
  })
})

test('a file out of the IAM folder that git does not track is not read through a link', () => {
  const root = temporaryFolder(FILES)
  git(root, 'init -q', 'add .', 'commit -qm 1')
  writeUntracked(root)
  symlinkSync('../ci/token.yaml', join(root, 'iam/x.yaml'))
  symlinkSync('../common', join(root, 'iam/y'))
  const { files, diagnostics } = readDirectory(join(root, 'iam'))
  expect([...files.keys()]).toContain('y/roles.yaml')
  expect([...files.values()].join()).not.toContain('TOKEN')
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
    ['source.link-hidden', '`x.yaml` is behind a link out of the IAM folder, and git does not track it'],
    [
      'source.link-hidden',
      '`y/token.yaml` is behind a link out of the IAM folder, and git does not track it',
    ],
  ])
})

function writeUntracked(root: string): void {
  mkdirSync(join(root, 'ci'))
  for (const file of ['ci/token.yaml', 'common/token.yaml'])
    execFileSync('sh', ['-c', `printf %s "${SECRET}" > ${join(root, file)}`])
}

test('an IAM folder with a hidden name is meant as it is named', () => {
  const root = temporaryFolder({ '.infra/iam/a.yaml': 'a', '.infra/iam/.b.yaml': 'b' })
  git(root, 'init -q')
  symlinkSync('a.yaml', join(root, '.infra/iam/x.yaml'))
  symlinkSync('.b.yaml', join(root, '.infra/iam/y.yaml'))
  expect(shown(readDirectory(join(root, '.infra/iam')))).toEqual({
    files: ['a.yaml', 'x.yaml'],
    problems: ['source.link-hidden'],
  })
})

describe('a file that is named by hand', () => {
  const root = () => {
    const folder = temporaryFolder(FILES)
    git(folder, 'init -q', 'add .', 'commit -qm 1')
    return folder
  }

  test('is read wherever it is, and through links of the user’s own', () => {
    const repository = root()
    const own = temporaryFolder()
    symlinkSync(join(repository, 'iam/.env'), join(own, 'x.json'))
    for (const path of ['iam/deep/users.yaml', '.ci.yaml', 'secrets/token.yaml', 'gone.json'])
      expect(hiddenLink(join(repository, path))).toBeNull()
    expect(hiddenLink(join(own, 'x.json'))).toBeNull()
    symlinkSync('iam/deep', join(repository, 'link'))
    expect(hiddenLink(join(repository, 'link/users.yaml'))).toBeNull()
  })

  test.each([
    ['.env', 'source.link-hidden'],
    ['secrets/token.yaml', 'source.link-hidden'],
    ['.git/config', 'source.link-hidden'],
    ['notes.md', 'source.link-hidden'],
    ['../x', 'source.link-outside'],
    ['/etc/hosts', 'source.link-outside'],
  ])('is refused when it is a link of a repository to %s', (target, code) => {
    const repository = root()
    symlinkSync(target, join(repository, 'policy.json'))
    expect(hiddenLink(join(repository, 'policy.json'))).toMatchObject({ code })
  })
})

describe('a FIFO or a socket is refused at once, never waited for:', () => {
  const fifo = (path: string) => {
    rmSync(path, { force: true })
    execFileSync('mkfifo', [path])
  }

  test.each(['a.yaml', 'a.json', '.gitignore', 'deep/.gitignore'])('as %s', (name) => {
    const folder = temporaryFolder({ 'deep/b.yaml': 'b', 'iam-sync.yaml': '' })
    fifo(join(folder, name))
    const { diagnostics, unreadDocuments } = readDirectory(folder)
    expect([...diagnostics, ...unreadDocuments.values()].map(({ code, message }) => [code, message])).toEqual(
      [['source.unreadable', `\`${name}\` can't be read: it is a FIFO`]],
    )
  })

  test('behind a link', () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': '' })
    fifo(join(folder, 'b.yaml'))
    symlinkSync('b.yaml', join(folder, 'a.yaml'))
    expect(readDirectory(folder).diagnostics).toHaveLength(2)
  })

  test.each([
    '.git',
    '.git/HEAD',
    '.git/index',
    '.git/config',
    '.git/info/exclude',
    '.git/packed-refs',
    '.git/refs/heads/main',
  ])('as %s', async (name) => {
    const root = temporaryFolder({ 'iam-sync.yaml': 'x' })
    git(root, 'init -q', 'add .', 'commit -qm 1')
    if (name === '.git') rmSync(join(root, name), { recursive: true })
    fifo(join(root, name))
    const problem = expect.objectContaining({
      diagnostics: [expect.objectContaining({ code: 'git.unreadable' })],
    })
    await expect(readCommit(root, 'HEAD').then(() => readDirectory(root))).rejects.toEqual(problem)
  })
  test.each(['pack', 'idx'])('as a pack’s .%s', async (kind) => {
    const root = temporaryFolder({ 'iam-sync.yaml': 'x' })
    git(root, 'init -q', 'add .', 'commit -qm 1', 'gc -q')
    const packs = join(root, '.git/objects/pack')
    fifo(join(packs, readdirSync(packs).find((name) => name.endsWith(`.${kind}`)) ?? ''))
    const problem = expect.objectContaining({
      diagnostics: [expect.objectContaining({ code: 'git.unreadable' })],
    })
    await expect(readCommit(root, 'HEAD')).rejects.toEqual(problem)
  })
})
