import {
  DiagnosticError,
  errorOf,
  hasErrors,
  type LocatedMap,
  plainOf,
  type SourceTexts,
  type Span,
} from '../../diagnostics/index.ts'
import type { NamedDocument } from '../../evaluator/estate/estate-question.ts'
import type { PlacedDocument, PolicyDocument } from '../../model/index.ts'
import { hiddenLink } from '../../source/named-file.ts'
import { parseText } from '../../yaml/parse-text.ts'
import { FailedWith } from '../command.ts'
import { fileBytes, unreadReason } from '../opening/file-bytes.ts'

/** In place of a policy file: nobody holds anything. A file of that name is `./empty`. */
export const EMPTY = 'empty'

/** A policy that says nothing, as there is none to be stored. */
export const EMPTY_POLICY: PlacedDocument = { json: { Version: '2012-10-17', Statement: [] }, located: null }

/** What a file must hold, and how much of it is read. */
export interface FileKind {
  readonly code: string
  readonly noun: string
  readonly help: string
  readonly mostBytes: number
}

const POLICY_FILE: FileKind = {
  code: 'cli.policy-file',
  noun: 'policy document',
  help: 'a policy document is one map with `Version` and `Statement`, as JSON or YAML',
  mostBytes: 1024 * 1024,
}

/**
 * Reads a policy document, JSON or YAML, that a flag or an argument names.
 * @param flag how the path was given: `--resource-policy`
 * @param texts takes the file's text, for what is said of it later
 * @throws FailedWith when it can't be read, or holds no document
 */
export function readPolicyFile(flag: string, path: string, texts: SourceTexts): NamedDocument {
  const located = readMapFile(flag, path, texts, POLICY_FILE)
  return { id: path, document: { json: plainOf(located) as unknown as PolicyDocument, located } }
}

/** Reads a file, JSON or YAML, that holds one map. Throws as `readPolicyFile`. */
export function readMapFile(flag: string, path: string, texts: SourceTexts, kind: FileKind): LocatedMap {
  const problem = hiddenLink(path)
  if (problem !== null) throw new FailedWith(new DiagnosticError(problem), texts)
  const text = textOf(flag, path, kind)
  texts.add(path, text)
  const { roots, diagnostics } = parseText(path, text)
  if (hasErrors(diagnostics)) throw new FailedWith(new DiagnosticError(diagnostics), texts)
  const [located, second] = roots
  if (located?.kind === 'map' && second === undefined) return located
  const span: Span = { file: path, start: located?.start ?? 0, end: located?.start ?? 0 }
  const { code, noun, help } = kind
  const message = `\`${path}\` holds no ${noun}`
  throw new FailedWith(new DiagnosticError(errorOf({ code, message, help, span })), texts)
}

function textOf(flag: string, path: string, { code, noun, mostBytes }: FileKind): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fileBytes(path, mostBytes))
  } catch (error) {
    throw new DiagnosticError(
      errorOf({
        code,
        message: `${flag.startsWith('-') ? `\`${flag} ${path}\`` : `${flag} \`${path}\``} can't be read: ${unreadReason(error)}`,
        help: `name a ${noun}, JSON or YAML; paths are relative to the current folder`,
      }),
    )
  }
}
