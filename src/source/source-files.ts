import { isUtf8 } from 'node:buffer'
import { type Diagnostic, errorOf } from '../diagnostics/index.ts'
import { hasUnseen } from '../diagnostics/unseen.ts'
import { PROJECT_FILE } from '../model/project-file.ts'

/**
 * What an IAM folder held when it was read, from disk or from a commit.
 * Paths are relative to the folder, with `/`, in code unit order.
 */
export interface SourceFiles {
  /** Text of every manifest and document that could be read; without a byte order mark. Never one that holds a private key. */
  readonly files: ReadonlyMap<string, string>
  /** Which of them begin with a byte order mark. */
  readonly marked: ReadonlySet<string>
  /** What stops everything: a manifest that can't be read, a folder that can't be listed. */
  readonly diagnostics: readonly Diagnostic[]
  /** Documents that aren't read. They matter only if a manifest refers to them: most JSON is no concern of ours. */
  readonly unreadDocuments: ReadonlyMap<string, Diagnostic>
  /** Whether something by the project file's name is there: where it isn't among the files, it could not be read, or is ignored. */
  readonly hasProjectFile: boolean
}

/** Larger than any account that fits AWS's quotas: in one file, and in all. Bytes, but for `files`. */
export const BOUNDS = { file: 16 * 1024 * 1024, project: 256 * 1024 * 1024, files: 50_000 } as const
const MEBIBYTE = 1024 * 1024

export const isManifestName = (name: string): boolean => /\.ya?ml$/i.test(name) && !name.startsWith('.')
/** What a manifest may name by `{ file: … }`: policies, metadata of SAML, certificates. */
export const isDocumentName = (name: string): boolean =>
  /\.(?:json|xml|crt|cer|pem|pub)$/i.test(name) && !name.startsWith('.')
export const isSourceName = (name: string): boolean => isManifestName(name) || isDocumentName(name)

/**
 * Dot-files too, not only dot-folders: an IAM folder is often the root of a repository,
 * where `.gitlab-ci.yml` and its like are no manifests.
 */
export const isSkippedName = (name: string): boolean => name.startsWith('.') || name === 'node_modules'

/** Collects the files of one folder; the one place that decides which bytes become text. */
export class SourceCollector {
  readonly #files = new Map<string, string>()
  readonly #marked = new Set<string>()
  readonly #diagnostics: Diagnostic[] = []
  readonly #admitted = { files: 0, bytes: 0 }
  readonly #unread = new Map<string, Diagnostic>()

  add(file: string, bytes: Uint8Array): void {
    const text = textOf(bytes)
    if (text === null) this.refuse(file, notText(file, bytes))
    else if (!isManifestName(file) && PRIVATE_KEY.test(text)) this.refuse(file, holdsPrivateKey(file))
    else {
      const isMarked = text.startsWith(MARK)
      this.#files.set(file, isMarked ? text.slice(1) : text)
      if (isMarked) this.#marked.add(file)
    }
  }

  /**
   * Asked before a file is read: whether it and all before it keep to the bounds. Manifests come first: other files, which
   * no manifest need name, don't take their place.
   * @param size in bytes
   */
  admits(file: string, size: number): boolean {
    const problem =
      tooLarge(file, size) ??
      (this.#admitted.files >= BOUNDS.files
        ? TOO_MANY_FILES
        : this.#admitted.bytes + size > BOUNDS.project
          ? PROJECT_TOO_LARGE
          : null)
    if (problem === null) {
      this.#admitted.files++
      this.#admitted.bytes += size
      return true
    }
    // What is said of the project as a whole is said once.
    if (isDocumentName(file) || !this.#diagnostics.includes(problem)) this.refuse(file, problem)
    return false
  }

  /** A file that can't be read: of no consequence yet if it is a document. */
  refuse(file: string, problem: Diagnostic): void {
    if (isDocumentName(file)) this.#unread.set(file, problem)
    else this.#diagnostics.push(problem)
  }

  report(problem: Diagnostic): void {
    this.#diagnostics.push(problem)
  }

  /** @param hasProjectFile whether one is there, read or not */
  result(hasProjectFile = this.#files.has(PROJECT_FILE)): SourceFiles {
    const sorted = [...this.#files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return {
      files: new Map(sorted),
      marked: this.#marked,
      diagnostics: this.#diagnostics,
      unreadDocuments: this.#unread,
      hasProjectFile,
    }
  }
}

/** PEM's line before one. @see RFC 7468, "Textual Encodings of PKIX, PKCS, and CMS Structures" */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/

const holdsPrivateKey = (file: string): Diagnostic =>
  errorOf({
    code: 'source.private-key',
    message: `\`${file}\` holds a private key, so that it is read as a secret alone`,
    help: 'keep the certificate in a file without the key; the key is named by `privateKey: { file: … }`',
  })

const TOO_MANY_FILES: Diagnostic = errorOf({
  code: 'source.too-many-files',
  message: `the IAM folder has more than ${BOUNDS.files.toLocaleString('en')} YAML and JSON files`,
  help: 'let git ignore what is no manifest, or put `iam-sync.yaml` into a folder of its own',
})

const PROJECT_TOO_LARGE: Diagnostic = errorOf({
  code: 'source.project-too-large',
  message: `the YAML and JSON files of the IAM folder have more than ${BOUNDS.project / MEBIBYTE} MiB together`,
  help: 'let git ignore what is no manifest, or put `iam-sync.yaml` into a folder of its own',
})

/** The project file, manifests, then other files, each in the order that they had. */
export const manifestsFirst = <T>(
  files: Iterable<readonly [string, T]>,
): readonly (readonly [string, T])[] => {
  const all = [...files]
  const rank = (file: string) => (file === PROJECT_FILE ? 0 : isDocumentName(file) ? 2 : 1)
  return [0, 1, 2].flatMap((wanted) => all.filter(([file]) => rank(file) === wanted))
}

function tooLarge(file: string, size: number): Diagnostic | null {
  if (size <= BOUNDS.file) return null
  return errorOf({
    code: 'source.too-large',
    message: `\`${file}\` is ${Math.ceil(size / MEBIBYTE)} MiB; a file may have ${BOUNDS.file / MEBIBYTE} MiB`,
    help: 'split it into several files, or let git ignore it',
  })
}

/** A name that could write to the reader's terminal, or that git and editors show differently, is refused as a whole. */
export function unprintableName(file: string): Diagnostic | null {
  if (!hasUnseen(file)) return null
  return errorOf({
    code: 'source.file-name',
    message: `the name of the file ${JSON.stringify(file)} has control characters, or marks that nobody sees, in it`,
    help: 'rename the file',
  })
}

const MARK = '\ufeff'

const textOf = (bytes: Uint8Array): string | null =>
  isUtf8(bytes) && !bytes.includes(0)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
    : null

/**
 * The bytes of a file that was read, which git's hashes are over. Made of its text, which has all of them: text is only what
 * is UTF-8, and to keep both would be to keep every file twice.
 */
export const bytesOf = ({ marked }: Pick<SourceFiles, 'marked'>, file: string, text: string): Uint8Array =>
  Buffer.from(marked.has(file) ? MARK + text : text, 'utf8')

function notText(file: string, bytes: Uint8Array): Diagnostic {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return errorOf({
    code: 'source.not-utf8',
    message: `\`${file}\` is ${utf16 ? 'UTF-16' : `not UTF-8 text, in line ${oddLine(bytes)}`}`,
    help: utf16 ? 'save the file as UTF-8' : 'save the file as UTF-8, or let git ignore it',
  })
}

/** The first line that is no text, from 1: a byte of a line end is never part of another character. */
function oddLine(bytes: Uint8Array): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start)
    const end = found === -1 ? bytes.length : found
    if (textOf(bytes.subarray(start, end)) === null) break
    start = end + 1
  }
  return line
}
