import { isUtf8 } from 'node:buffer'
import { lstatSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { folderOnDisk } from './directory.ts'
import { CommitView } from './git/commit-view.ts'
import { gitFailureText, gitUnreadable } from './git/git-problems.ts'
import { ObjectStore } from './git/object-store.ts'
import { blobText, findRepository } from './git/repository.ts'
import { readRegularFile } from './regular-file.ts'
import { answerLater, answerNow } from './walk/asking.ts'
import { DiskView } from './walk/disk-view.ts'
import { unreadable } from './walk/source-problems.ts'
import { type FoundFile, joined, SourceWalk } from './walk/source-walk.ts'

/** Bytes. A private key has some thousand, a password 128. @see IAM API Reference, UploadServerCertificate: PrivateKey */
const LARGEST = 64 * 1024

/**
 * Reads a file of the IAM folder that holds a secret, by the rules for manifests: what is hidden or ignored by git is not read,
 * nor what a link leads to outside of the repository. One line break at its end doesn't count.
 * @param path relative to the IAM folder
 * @param commit what the manifests were read from; null: from disk
 * @returns an empty text of an empty file
 * @throws DiagnosticError `secret.*`, `source.*`, `git.*`, without anything of what the file holds
 */
export async function readSecretFile(folder: string, path: string, commit: string | null): Promise<string> {
  const root = folderOnDisk(folder)
  const bytes = commit === null ? readFromDisk(root, path) : await readFromCommit(root, path, commit)
  if (!isUtf8(bytes) || bytes.includes(0))
    throw refused('secret.file-not-text', path, 'is not UTF-8 text', 'save it as UTF-8, a key as PEM')
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/\r?\n$/, '')
}

function readFromDisk(root: string, path: string): Uint8Array {
  const repository = findRepository(root)
  const boundary = repository === null ? root : realpathSync(repository.root)
  const inside = relative(boundary, root).split(sep).join('/')
  const problems: Diagnostic[] = []
  const view = new DiskView(boundary, repository, inside, (problem) => problems.push(problem))
  const exclude = repository === null ? null : blobText(join(repository.commondir, 'info/exclude'))
  const found = answerNow(new SourceWalk(inside, exclude).named(joined(inside, path)), view)
  const [unreadRules] = problems
  if (unreadRules !== undefined) throw new DiagnosticError(unreadRules)
  const file = join(boundary, pathOf(found, path))
  try {
    refuseLarge(path, lstatSync(file).size)
    return readRegularFile(file, 'refused')
  } catch (error) {
    throw error instanceof DiagnosticError ? error : new DiagnosticError(unreadable(path, error))
  }
}

async function readFromCommit(root: string, path: string, commit: string): Promise<Uint8Array> {
  const repository = findRepository(root)
  if (repository === null) throw missing(path)
  try {
    const store = new ObjectStore(repository)
    const view = new CommitView(store, await store.rootTree(commit))
    const inside = relative(realpathSync(repository.root), root).split(sep).join('/')
    const walk = new SourceWalk(inside, blobText(join(repository.commondir, 'info/exclude')))
    const found = await answerLater(walk.named(joined(inside, path)), view)
    const entry = await view.entryAt(pathOf(found, path))
    if (entry === null) throw missing(path)
    refuseLarge(path, store.sizeOf(entry.oid))
    return await store.blob(entry.oid)
  } catch (error) {
    throw error instanceof DiagnosticError ? error : gitUnreadable(gitFailureText(error))
  }
}

/** @throws DiagnosticError why it isn't read */
function pathOf(found: FoundFile, path: string): string {
  switch (found.kind) {
    case 'read':
      return found.path
    case 'nowhere':
      throw missing(path)
    case 'odd':
      throw new DiagnosticError(unreadable(path, `it is ${found.type}`))
    case 'hidden':
      throw refused(
        'secret.file-hidden',
        path,
        'is hidden, ignored by git, or behind a link to what is, or out of the repository',
        'name a file that git does not ignore, or hand the secret over in a variable: `{ env: NAME }`',
      )
  }
}

function refuseLarge(path: string, size: number): void {
  if (size > LARGEST)
    throw refused(
      'secret.file-too-large',
      path,
      `is ${size.toLocaleString('en')} bytes`,
      `a secret has ${LARGEST.toLocaleString('en')} at most`,
    )
}

const missing = (path: string): DiagnosticError =>
  refused('secret.file-missing', path, 'is not there', 'paths are relative to the manifest that names them')

const refused = (code: string, path: string, what: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code, message: `the file \`${path}\` ${what}`, help }))
