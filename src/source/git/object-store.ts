import { join } from 'node:path'
import git from 'isomorphic-git'
import { DiagnosticError, didYouMean, errorOf } from '../../diagnostics/index.ts'
import { BOUNDS } from '../source-files.ts'
import { MOST_FOUND, TOO_MANY_PATHS } from '../walk/path-bounds.ts'
import { gitFiles, objectStores, wrongAlternate } from './git-files.ts'
import { gitUnreadable } from './git-problems.ts'
import type { CommitLinks } from './merge-base.ts'
import { ObjectSizes } from './object-sizes.ts'
import { refNames } from './refs.ts'
import { blobText, type Repository, settingOf, unsupportedFormat } from './repository.ts'
import { type TreeEntry, treeEntries } from './tree-object.ts'

/** Tags of tags, more than anybody makes. */
const MOST_TAGS = 40

/** The objects of one repository. Works in linked worktrees, which isomorphic-git doesn't know of. */
export class ObjectStore {
  readonly #repository: Repository
  readonly #git: { readonly fs: ReturnType<typeof gitFiles>; readonly gitdir: string; readonly cache: object }

  readonly #sizes: ObjectSizes

  /** By id: one tree may stand at any number of paths. */
  readonly #trees = new Map<string, readonly TreeEntry[]>()
  /** Of all trees that were read. */
  #entries = 0

  /** The commit whose files are being read. */
  #commit: string | null = null

  constructor(repository: Repository) {
    this.#repository = repository
    this.#git = { fs: gitFiles(repository.commondir), gitdir: repository.commondir, cache: {} }
    this.#sizes = new ObjectSizes(objectStores(repository.commondir), BOUNDS.file)
    const unsupported = unsupportedFormat(repository)
    if (unsupported !== null) throw gitUnreadable(`\`${unsupported}\` is not supported`)
  }

  /** @returns null in a repository without a commit */
  async head(): Promise<string | null> {
    const head = blobText(join(this.#repository.gitdir, 'HEAD'))?.trim() ?? ''
    const branch = /^ref: (.+)$/.exec(head)?.[1]
    if (branch === undefined) return /^[0-9a-f]{40}$/.test(head) ? head : null
    try {
      return await git.resolveRef({ ...this.#git, ref: branch })
    } catch (error) {
      if (isGitError(error, 'NotFoundError')) return null
      throw error
    }
  }

  async resolve(ref: string): Promise<string> {
    const [, base = '', steps = ''] = /^(.*?)((?:[~^]\d*)*)$/s.exec(ref) ?? []
    let commit = await this.#commitOf(base, ref)
    for (const [, kind, digits] of steps.matchAll(/([~^])(\d*)/g)) {
      const count = digits === '' ? 1 : Number(digits)
      const generations = kind === '~' ? count : 1
      const parent = kind === '~' ? 0 : count - 1
      if (kind === '^' && count === 0) continue
      for (let generation = 0; generation < generations; generation++)
        commit = await this.#parentOf(commit, parent, ref)
    }
    return commit
  }

  /** Parents of a commit, and when it was made. null: it isn't here. */
  async linksOf(oid: string): Promise<CommitLinks | null> {
    try {
      const { parent, committer } = (await this.#commitAt(oid)).commit
      return { parents: parent, time: committer.timestamp }
    } catch (error) {
      if (isGitError(error, 'NotFoundError')) return null
      throw error
    }
  }

  async #parentOf(commit: string, parent: number, ref: string): Promise<string> {
    const next = (await this.#commitAt(commit)).commit.parent[parent]
    if (next === undefined) throw this.#unknownRef(ref, 'history does not go back that far')
    try {
      return (await this.#commitAt(next)).oid
    } catch (error) {
      if (isGitError(error, 'NotFoundError') && this.#isShallow()) throw shallow(ref)
      throw this.#explained(error, next)
    }
  }

  #isShallow(): boolean {
    return (blobText(join(this.#repository.commondir, 'shallow')) ?? '').trim() !== ''
  }

  /** Objects that a partial clone left out come with the first command of git that needs them. */
  #isPartial(): boolean {
    return (
      settingOf(this.#repository, 'extensions', 'partialclone') !== null ||
      settingOf(this.#repository, 'remote', 'promisor') === 'true'
    )
  }

  /** What an object that isn't there means in this repository. */
  #explained(error: unknown, oid: string): unknown {
    if (!isGitError(error, 'NotFoundError')) return error
    return this.#isPartial()
      ? leftOut(oid, this.#commit ?? oid)
      : gitUnreadable(`the object ${oid.slice(0, 12)} is missing${this.#elsewhere()}`)
  }

  /** Where an object that isn't there may be, as far as it is known; an empty text: nobody says. */
  #elsewhere(): string {
    const wrong = wrongAlternate(this.#repository.commondir)
    return wrong === null ? '' : `; objects are borrowed from ${wrong}`
  }

  /** A name of an object that isn't there. */
  #withoutObject(ref: string): DiagnosticError {
    const elsewhere = this.#elsewhere()
    return elsewhere === ''
      ? this.#unknownRef(ref, null)
      : gitUnreadable(`there is no object for \`${ref}\`${elsewhere}`)
  }

  #unknownRef(ref: string, why: string | null): DiagnosticError {
    if (why === null && this.#isShallow()) return shallow(ref)
    return unknownRef(ref, why, why === null ? refNames(this.#repository.root) : [])
  }

  async #commitOf(name: string, ref: string): Promise<string> {
    const oid = await this.#oidOf(name, ref)
    try {
      return (await this.#commitAt(oid)).oid
    } catch (error) {
      if (isGitError(error, 'ObjectTypeError')) throw this.#unknownRef(ref, 'it names no commit')
      if (isGitError(error, 'NotFoundError')) throw this.#withoutObject(ref)
      throw error
    }
  }

  async #oidOf(name: string, ref: string): Promise<string> {
    if (name === 'HEAD' || name === '@') {
      const head = await this.head()
      if (head === null) throw this.#unknownRef(ref, 'the repository has no commit yet')
      return head
    }
    const named = await this.#refOf(name)
    if (named !== null) {
      await this.#refuseAmbiguous(name)
      return named
    }
    if (!/^[0-9a-f]{4,40}$/i.test(name)) throw this.#unknownRef(ref, null)
    try {
      return await git.expandOid({ ...this.#git, oid: name.toLowerCase() })
    } catch (error) {
      if (isGitError(error, 'AmbiguousError'))
        throw new DiagnosticError(
          errorOf({
            code: 'git.ambiguous-ref',
            message: `\`${ref}\` is the beginning of more than one object`,
            help: 'write more digits of the commit',
          }),
        )
      if (isGitError(error, 'NotFoundError')) throw this.#withoutObject(ref)
      throw error
    }
  }

  /** @returns the id that a branch or tag has; null: there is none of that name */
  async #refOf(name: string): Promise<string | null> {
    try {
      return await git.resolveRef({ ...this.#git, ref: name })
    } catch (error) {
      if (isGitError(error, 'NotFoundError') || isGitError(error, 'InvalidRefNameError')) return null
      throw error
    }
  }

  /**
   * Git takes the tag, and warns: whoever may push one would say what a branch of its name is.
   * @see git rev-parse, "SPECIFYING REVISIONS": refname
   */
  async #refuseAmbiguous(name: string): Promise<void> {
    const meant = new Map<string, string>()
    for (const place of ['tags', 'heads', 'remotes']) {
      const ref = `refs/${place}/${name}`
      const oid = await this.#refOf(ref)
      if (oid !== null) meant.set(ref, (await this.#commitAt(oid)).oid)
    }
    if (new Set(meant.values()).size < 2) return
    throw new DiagnosticError(
      errorOf({
        code: 'git.ambiguous-ref',
        message: `\`${name}\` is the name of several refs, which are at different commits`,
        help: `write which is meant: ${[...meant.keys()].map((ref) => `\`${ref}\``).join(' or ')}`,
      }),
    )
  }

  async rootTree(commit: string): Promise<string> {
    this.#commit = commit
    try {
      return (await this.#commitAt(commit)).commit.tree
    } catch (error) {
      throw this.#explained(error, commit)
    }
  }

  /** How large an object is, in bytes, before it is read; 0: it isn't there, which reading it says. */
  sizeOf(oid: string): number {
    return this.#sizes.sizeOf(oid) ?? 0
  }

  /** @throws DiagnosticError `source.too-many-files` once all trees together have more entries than a repository has */
  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid)
    if (known !== undefined) return known
    const { type, object } = await this.#read(oid, () =>
      git.readObject({ ...this.#git, oid, format: 'content' }),
    )
    if (type !== 'tree' || !(object instanceof Uint8Array))
      throw gitUnreadable(`${oid.slice(0, 12)} is no tree`)
    const entries = treeEntries(Buffer.from(object.buffer, object.byteOffset, object.byteLength))
    this.#entries += entries.length
    if (this.#entries > MOST_FOUND.entries) throw new DiagnosticError(TOO_MANY_PATHS)
    this.#trees.set(oid, entries)
    return entries
  }

  async blob(oid: string): Promise<Uint8Array> {
    // `readBlob` would go on from a tag to whatever that names.
    const { type, object } = await this.#read(oid, () =>
      git.readObject({ ...this.#git, oid, format: 'content' }),
    )
    if (type !== 'blob' || !(object instanceof Uint8Array))
      throw gitUnreadable(`${oid.slice(0, 12)} is no file`)
    return object
  }

  async text(oid: string): Promise<string> {
    return Buffer.from(await this.blob(oid)).toString('utf8')
  }

  /** Follows annotated tags, each looked at before it is read, and what it names. */
  async #commitAt(oid: string): ReturnType<typeof git.readCommit> {
    let at = oid
    for (let tags = 0; ; tags++) {
      this.#assertReadable(at)
      const { type, object } = await git.readObject({ ...this.#git, oid: at, format: 'content' })
      if (type !== 'tag' || !(object instanceof Uint8Array)) return git.readCommit({ ...this.#git, oid: at })
      const next = /^object ([0-9a-f]{40})\n/.exec(Buffer.from(object).toString('latin1', 0, 48))?.[1]
      if (next === undefined || tags >= MOST_TAGS)
        throw gitUnreadable(`the object ${at.slice(0, 12)} is damaged`)
      at = next
    }
  }

  #assertReadable(oid: string): void {
    if (this.sizeOf(oid) > BOUNDS.file)
      throw gitUnreadable(`the object ${oid.slice(0, 12)} is larger than ${BOUNDS.file / 1024 / 1024} MiB`)
  }

  async #read<T>(oid: string, read: () => Promise<T>): Promise<T> {
    this.#assertReadable(oid)
    try {
      return await read()
    } catch (error) {
      throw this.#explained(error, oid)
    }
  }
}

const isGitError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** @param known the branches and tags that there are */
const unknownRef = (ref: string, why: string | null, known: readonly string[]): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'git.unknown-ref',
      message: `there is no commit \`${ref}\` in this repository${why === null ? '' : `: ${why}`}`,
      help: ref.startsWith('git:')
        ? `write \`${ref.slice('git:'.length)}\`: where a ref is asked for, it stands alone`
        : didYouMean(ref, known, 'name a branch, a tag or a commit; `git fetch` first if it is a remote one'),
    }),
  )

const shallow = (ref: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'git.shallow',
      message: `this clone is shallow, and doesn't have \`${ref}\``,
      help: '`fetch-depth: 0` in the checkout step of CI brings all of history; by hand: `git fetch --unshallow`, and `git fetch origin NAME` for a branch',
    }),
  )

const leftOut = (oid: string, commit: string): DiagnosticError =>
  new DiagnosticError(
    errorOf({
      code: 'git.partial',
      message: `this is a partial clone, and the object ${oid.slice(0, 12)} of the commit ${commit.slice(0, 12)} was left out`,
      help: `\`git archive -o /dev/null ${commit.slice(0, 12)}\` brings all files of that commit`,
    }),
  )
