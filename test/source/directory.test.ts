import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { temporaryFolder, writeFiles } from './folders.ts'

const namesIn = (folder: string) => [...readDirectory(folder).files.keys()]
const codes = (folder: string) => readDirectory(folder).diagnostics.map(({ code }) => code)

describe('what is read', () => {
  test('every YAML and JSON file, in code unit order, whatever order the disk has them in', () => {
    const folder = temporaryFolder({
      'b/z.yml': '',
      'a.yaml': '',
      'B.yaml': '',
      'b/policies/x.json': '{}',
      'notes.md': '',
    })
    expect(namesIn(folder)).toEqual(['B.yaml', 'a.yaml', 'b/policies/x.json', 'b/z.yml'])
  })

  test('dot-names and node_modules are skipped', () => {
    const folder = temporaryFolder({
      '.gitlab-ci.yml': '',
      '.github/workflows/x.yaml': '',
      'node_modules/p/package.json': '{}',
      'a/node_modules/p/x.yaml': '',
      'iam-sync.yaml': '',
    })
    expect(namesIn(folder)).toEqual(['iam-sync.yaml'])
  })

  test('what git ignores is skipped, at each level up to the root of the repository', () => {
    const root = temporaryFolder({
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/info/exclude': 'scratch.yaml\n',
      '.gitignore': '*.local.yaml\n/iam/built/\n',
      'iam/.gitignore': 'drafts\n!kept.local.yaml\n',
      'iam/iam-sync.yaml': '',
      'iam/a.local.yaml': '',
      'iam/kept.local.yaml': '',
      'iam/scratch.yaml': '',
      'iam/built/x.yaml': '',
      'iam/team/built/x.yaml': '',
      'iam/team/drafts/x.yaml': '',
      'iam/team/.gitignore': 'old.yaml\n',
      'iam/team/old.yaml': '',
      'iam/old.yaml': '',
    })
    expect(namesIn(join(root, 'iam'))).toEqual([
      'iam-sync.yaml',
      'kept.local.yaml',
      'old.yaml',
      'team/built/x.yaml',
    ])
  })

  test('a .gitignore above the repository has no say', () => {
    const outer = temporaryFolder({
      '.gitignore': '*.yaml\n',
      'repo/.git/HEAD': 'ref: refs/heads/main\n',
      'repo/a.yaml': '',
    })
    expect(namesIn(join(outer, 'repo'))).toEqual(['a.yaml'])
  })

  test('a byte order mark is no part of the text', () => {
    const folder = temporaryFolder({ 'a.yaml': '\ufeffusers: {}' })
    expect(readDirectory(folder).files.get('a.yaml')).toBe('users: {}')
  })
})

describe('links', () => {
  test('are followed within the folder, and a loop ends', () => {
    const folder = temporaryFolder({ 'real/a.yaml': 'a', 'iam-sync.yaml': '' })
    symlinkSync('..', join(folder, 'real/up'))
    symlinkSync('real/a.yaml', join(folder, 'linked.yaml'))
    symlinkSync('real', join(folder, 'other'))
    expect(namesIn(folder)).toEqual(['iam-sync.yaml', 'linked.yaml', 'other/a.yaml', 'real/a.yaml'])
    expect(codes(folder)).toEqual([])
  })

  test('one that leads out of the repository is an error', () => {
    const outside = temporaryFolder({ 'secret.yaml': 'secret' })
    const folder = temporaryFolder({ 'iam-sync.yaml': '' })
    symlinkSync(join(outside, 'secret.yaml'), join(folder, 'a.yaml'))
    expect(codes(folder)).toEqual(['source.link-outside'])
    expect(namesIn(folder)).toEqual(['iam-sync.yaml'])
  })

  test('one that leads nowhere is an error for a manifest', () => {
    const folder = temporaryFolder()
    symlinkSync('gone.yaml', join(folder, 'a.yaml'))
    symlinkSync('gone.txt', join(folder, 'b.txt'))
    expect(codes(folder)).toEqual(['source.unreadable'])
  })
})

describe('what cannot be read', () => {
  const codeOfThrown = (read: () => unknown) => {
    try {
      read()
    } catch (error) {
      if (error instanceof DiagnosticError) return error.diagnostics.map(({ code }) => code)
      throw error
    }
    return []
  }

  test('no folder, or no folder by that name', () => {
    const folder = temporaryFolder({ 'a.yaml': '' })
    expect(codeOfThrown(() => readDirectory(join(folder, 'missing')))).toEqual(['source.no-folder'])
    expect(codeOfThrown(() => readDirectory(join(folder, 'a.yaml')))).toEqual(['source.not-a-folder'])
    expect(codeOfThrown(() => readDirectory(join(folder, 'a.yaml/b')))).toEqual(['source.no-folder'])
  })

  test('binary, UTF-16 and oversized manifests are errors that name the file', () => {
    const folder = temporaryFolder({
      'binary.yaml': new Uint8Array([0x61, 0, 0x62]),
      'latin.yaml': new Uint8Array([0xc3, 0xa9, 0x0a, 0x0a, 0xe9, 0x0a, 0xe9]),
      'utf16.yaml': new Uint8Array([0xff, 0xfe, 0x61, 0]),
      'huge.yaml': new Uint8Array(16 * 1024 * 1024 + 1).fill(0x20),
    })
    const { diagnostics } = readDirectory(folder)
    expect(diagnostics.map(({ code, message, help }) => [code, message, help]).sort()).toEqual([
      [
        'source.not-utf8',
        '`binary.yaml` is not UTF-8 text, in line 1',
        'save the file as UTF-8, or let git ignore it',
      ],
      [
        'source.not-utf8',
        '`latin.yaml` is not UTF-8 text, in line 3',
        'save the file as UTF-8, or let git ignore it',
      ],
      ['source.not-utf8', '`utf16.yaml` is UTF-16', 'save the file as UTF-8'],
      [
        'source.too-large',
        '`huge.yaml` is 17 MiB; a file may have 16 MiB',
        'split it into several files, or let git ignore it',
      ],
    ])
  })

  test('a JSON file that is no text matters only to who refers to it', () => {
    const folder = temporaryFolder({ 'data.json': new Uint8Array([0, 1, 2]), 'iam-sync.yaml': '' })
    const source = readDirectory(folder)
    expect(source.diagnostics).toEqual([])
    expect([...source.unreadDocuments.keys()]).toEqual(['data.json'])
  })

  test('a name with control characters is refused', () => {
    const folder = temporaryFolder({ 'a\u001b[2J.yaml': '' })
    expect(codes(folder)).toEqual(['source.file-name'])
  })

  test.skipIf(process.getuid?.() === 0)(
    'a file or folder without permission (root may read everything)',
    () => {
      const folder = temporaryFolder({ 'a.yaml': '', 'sub/b.yaml': '' })
      chmodSync(join(folder, 'a.yaml'), 0)
      chmodSync(join(folder, 'sub'), 0)
      expect(codes(folder)).toEqual(['source.unreadable', 'source.unreadable'])
      chmodSync(join(folder, 'sub'), 0o700)
      writeFiles(folder, {})
    },
  )
})
