import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { readSecretFile } from '../../src/source/secret-file.ts'
import { temporaryFolder } from './folders.ts'
import { git } from './real-git.ts'

const SECRET = 'EXAMPLE'

/** A repository with an IAM folder in `iam`. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  '.gitignore': '*.key\nprivate/\n',
  '.env': SECRET,
  'common/shared.pem': SECRET,
  'iam/iam-sync.yaml': 'version: 1\n',
  'iam/keys/a.pem': `${SECRET}\n`,
  'iam/keys/crlf.pem': `\ufeff${SECRET}\r\n\r\n`,
  'iam/keys/empty': '',
  'iam/keys/.hidden': SECRET,
  'iam/keys/a.key': SECRET,
  'iam/private/a.pem': SECRET,
  'iam/node_modules/a.pem': SECRET,
  'iam/large.pem': SECRET.repeat(10_000),
  'iam/binary.der': Uint8Array.from([0x30, 0x82, 0xff, 0xfe]),
}
const LINKS: Readonly<Record<string, string>> = {
  'iam/to-own': 'keys/a.pem',
  'iam/folder': 'keys',
  'iam/to-shared': '../common/shared.pem',
  'iam/to-env': '../.env',
  'iam/to-ignored': 'keys/a.key',
  'iam/to-git': '../.git/config',
  'iam/outside': '/etc/hostname',
  'iam/above': '../../x',
  'iam/dangling': 'keys/none.pem',
  'iam/dangling-hidden': 'private/none.pem',
}

let root = ''
let commit = ''
beforeAll(() => {
  root = temporaryFolder(FILES)
  for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(root, path))
  git(root, 'init', 'add -A', 'commit -m all')
  commit = git(root, 'rev-parse HEAD').trim()
})

/** @returns the secret, or the code of why it isn't read */
async function read(path: string, from: 'disk' | 'commit'): Promise<string> {
  try {
    return await readSecretFile(join(root, 'iam'), path, from === 'disk' ? null : commit)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const [{ code, message, help } = { code: '', message: '', help: null }] = error.diagnostics
    expect(`${message} ${help}`).not.toContain(SECRET)
    expect(message).toContain(path)
    return code
  }
}

describe.each(['disk', 'commit'] as const)('a file with a secret, from a %s', (from) => {
  it.each([
    ['keys/a.pem', SECRET],
    ['keys/crlf.pem', `${SECRET}\r\n`],
    ['keys/empty', ''],
    ['to-own', SECRET],
    ['folder/a.pem', SECRET],
    ['to-shared', SECRET],
    ['keys/.hidden', 'secret.file-hidden'],
    ['keys/a.key', 'secret.file-hidden'],
    ['private/a.pem', 'secret.file-hidden'],
    ['private/none.pem', 'secret.file-hidden'],
    ['node_modules/a.pem', 'secret.file-hidden'],
    ['to-env', 'secret.file-hidden'],
    ['to-ignored', 'secret.file-hidden'],
    ['to-git', 'secret.file-hidden'],
    ['outside', 'secret.file-hidden'],
    ['above', 'secret.file-hidden'],
    ['dangling-hidden', 'secret.file-hidden'],
    ['../.env', 'secret.file-hidden'],
    ['keys/none.pem', 'secret.file-missing'],
    ['dangling', 'secret.file-missing'],
    ['keys', 'source.unreadable'],
    ['large.pem', 'secret.file-too-large'],
    ['binary.der', 'secret.file-not-text'],
  ])('%s: %s', async (path, expected) => {
    expect(await read(path, from)).toBe(expected)
  })
})

describe('a file with a secret', () => {
  it('is that of the commit, whatever the disk has', async () => {
    writeFileSync(join(root, 'iam/keys/a.pem'), 'another')
    expect(await read('keys/a.pem', 'commit')).toBe(SECRET)
    expect(await read('keys/a.pem', 'disk')).toBe('another')
  })

  it.skipIf(process.platform === 'win32')('that is a FIFO is never waited for', async () => {
    execFileSync('mkfifo', [join(root, 'iam/fifo')])
    expect(await read('fifo', 'disk')).toBe('source.unreadable')
  })

  it('needs no repository on the disk, and is in no commit without one', async () => {
    const folder = temporaryFolder({
      'iam-sync.yaml': '',
      'a.pem': SECRET,
      '.gitignore': 'b.pem\n',
      'b.pem': SECRET,
    })
    mkdirSync(join(folder, 'sub'))
    expect(await readSecretFile(folder, 'a.pem', null)).toBe(SECRET)
    await expect(readSecretFile(folder, 'b.pem', null)).rejects.toThrow('secret.file-hidden')
    await expect(readSecretFile(folder, 'a.pem', commit)).rejects.toThrow('secret.file-missing')
  })
})
