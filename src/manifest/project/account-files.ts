import {
  type Diagnostic,
  didYouMean,
  entryOf,
  errorOf,
  type Located,
  type LocatedEntry,
  type Span,
  spanOf,
} from '../../diagnostics/index.ts'
import { PROJECT_FILE } from '../../model/project-file.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { LoadMemory } from '../cache/load-memory.ts'
import { folderOf, isYamlFile, pathsOf, resolvePath } from './file-paths.ts'
import type { Variables } from './variables.ts'

/** The files of an IAM folder, relative paths with `/`. */
export type Files = ReadonlyMap<string, string>

/** An account's `manifests:`, each with its place; null: it has none, and takes every file. */
export type ManifestEntries = readonly { readonly path: string; readonly span: Span }[] | null

/** A text that stands in a manifest, or in a file that one names. */
export interface TextInPlace {
  readonly text: string
  /** Of it, or of the file's name in the manifest. */
  readonly span: Span
  /** null: it stands in the manifest. */
  readonly file: string | null
}

interface TakenFiles {
  /** In the order of their paths. */
  readonly files: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export const manifestCandidates = (files: Files): readonly string[] =>
  [...files.keys()].filter((file) => isYamlFile(file) && file !== PROJECT_FILE).sort()

/** Which of the candidates an account takes. */
export function takenFiles(entries: ManifestEntries, candidates: readonly string[]): TakenFiles {
  if (entries === null) return { files: candidates, diagnostics: [] }
  const diagnostics: Diagnostic[] = []
  const taken = new Set<string>()
  for (const { path, span } of entries) {
    const resolved = resolvePath('', path)
    const found = candidates.filter(
      (file) =>
        resolved === '' || file === resolved || (resolved !== null && file.startsWith(`${resolved}/`)),
    )
    for (const file of found) taken.add(file)
    if (found.length > 0 || resolved === '') continue
    diagnostics.push(
      errorOf({
        code: 'manifest.no-such-manifests',
        message:
          resolved === null
            ? `\`${shorten(path)}\` leads out of the IAM folder`
            : `no manifest is called \`${shorten(path)}\` or stands under it`,
        help: didYouMean(
          path,
          pathsOf(candidates),
          `write the path of a folder or a YAML file, relative to ${PROJECT_FILE}`,
        ),
        span,
      }),
    )
  }
  return { files: candidates.filter((file) => taken.has(file)), diagnostics }
}

/** What files are called that may be named. */
const DOCUMENTS = 'a `.json`, `.yaml` or `.yml` file'
const TEXTS = 'an `.xml`, `.crt`, `.cer`, `.pem`, `.pub`, `.json`, `.yaml` or `.yml` file'

/** Reads an account's files: parsed, its variables substituted, each problem collected once. */
export class AccountFiles {
  readonly #files: Files
  readonly #memory: LoadMemory
  readonly #variables: Variables
  readonly #report: (diagnostics: readonly Diagnostic[]) => void
  readonly #roots = new Map<string, readonly Located[] | null>()
  /** Of documents, though not of manifests, more can be told than that a key stands twice: nothing else goes by their names. */
  readonly #besideDuplicates = new Map<string, readonly Located[]>()
  readonly #documents = new Set<string>()

  constructor(
    files: Files,
    memory: LoadMemory,
    variables: Variables,
    report: (diagnostics: readonly Diagnostic[]) => void,
  ) {
    this.#files = files
    this.#memory = memory
    this.#variables = variables
    this.#report = report
  }

  /** Files that a `{ file: … }` names: they hold documents, so they are no manifests. */
  get documents(): ReadonlySet<string> {
    return this.#documents
  }

  /** @returns null when the file can't be read, which has been reported */
  roots(file: string): readonly Located[] | null {
    const known = this.#roots.get(file)
    if (known !== undefined) return known
    const text = this.#files.get(file) ?? ''
    const parsed = this.#memory.parse(file, text)
    this.#report(parsed.diagnostics)
    const roots = (parsed.besideDuplicates ?? parsed.roots).map((root) => {
      const substituted = this.#memory.substitute(root, text, this.#variables)
      this.#report(substituted.diagnostics)
      return substituted.root
    })
    const result = parsed.diagnostics.length > 0 ? null : roots
    if (parsed.besideDuplicates !== undefined) this.#besideDuplicates.set(file, roots)
    this.#roots.set(file, result)
    return result
  }

  /**
   * The text that a value stands for: the value itself, or what is in the file that `{ file: … }` names, as it is.
   * @returns null when there is none, which has been reported, here or by the schema
   */
  text(value: Located): TextInPlace | null {
    if (value.kind === 'scalar')
      return typeof value.value === 'string' ? { text: value.value, span: spanOf(value), file: null } : null
    const reference = entryOf(value, 'file')
    const named = reference === null ? null : this.#named(value, reference, TEXTS)
    return named === null
      ? null
      : { text: this.#files.get(named.file) ?? '', span: spanOf(named.path), file: named.file }
  }

  /**
   * The document that a value stands for: the value itself, or what is in the file that `{ file: … }` names.
   * @returns null when there is none, which has been reported, here or by the schema
   */
  document(value: Located): Located | null {
    const reference = entryOf(value, 'file')
    if (value.kind !== 'map') return null
    if (reference === null) return value
    const named = this.#named(value, reference, DOCUMENTS)
    if (named === null) return null
    const { file, path } = named
    const roots = this.roots(file) ?? this.#besideDuplicates.get(file)
    if (roots === undefined) return null
    const [root, second] = roots
    if (root !== undefined && second === undefined) return root
    this.#report([
      errorOf({
        code: 'manifest.bad-document',
        message:
          root === undefined ? `\`${file}\` is empty` : `\`${file}\` holds more than one YAML document`,
        help: 'a file named by `file` holds one policy document',
        span: path,
        related: second === undefined ? [] : [{ message: 'the second one', span: second }],
      }),
    ])
    return null
  }

  /** The file that `{ file: … }` names, which stands alone. @returns null: there is none, which has been reported */
  #named(
    value: Located,
    { keySpan, value: path }: LocatedEntry,
    names: string,
  ): { readonly file: string; readonly path: Located } | null {
    const refused = (message: string, help: string, span: Span): null => {
      this.#report([errorOf({ code: 'manifest.bad-document', message, help, span })])
      return null
    }
    if (value.kind === 'map' && value.entries.length > 1)
      return refused(
        'a document is written here or in a file of its own, not both',
        'keep `file` alone, or remove it',
        keySpan,
      )
    if (path.kind !== 'scalar' || typeof path.value !== 'string' || path.value === '')
      return refused('`file` takes the path of a file', 'write `{ file: policies/name.json }`', path)
    const file = this.#find(path.value, path, names)
    if (file === null) return null
    this.#documents.add(file)
    return { file, path }
  }

  /** A path is relative to the manifest or, where no file is there, to the IAM folder. */
  #find(path: string, span: Span, names: string): string | null {
    const beside = resolvePath(folderOf(span.file), path)
    const below = /^\.\.?\//.test(path) ? beside : resolvePath('', path)
    const found = [...new Set([beside, below])].filter((file) => file !== null && this.#files.has(file))
    const [file, other] = found
    if (file !== undefined && file !== null && other === undefined) return file
    this.#report([
      errorOf({
        code: 'manifest.no-such-file',
        ...this.#whyNot(path, beside, below, found.length, names),
        span,
      }),
    ])
    return null
  }

  #whyNot(
    path: string,
    beside: string | null,
    below: string | null,
    found: number,
    names: string,
  ): { readonly message: string; readonly help: string } {
    const shown = `\`${shorten(path)}\``
    if (found > 1)
      return {
        message: `${shown} may be \`${beside}\` or \`${below}\``,
        help: `write \`./${path}\` for the one beside this manifest, or rename one of them`,
      }
    if (beside === null && below === null)
      return {
        message: `${shown} leads out of the IAM folder`,
        help: 'documents stand in the IAM folder; write a path relative to this manifest',
      }
    return {
      message: `there is no file ${shown}`,
      help: didYouMean(
        below ?? path,
        this.#files.keys(),
        `paths are relative to this manifest or to the IAM folder, and name ${names}`,
      ),
    }
  }
}
