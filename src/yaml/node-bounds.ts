import { CST, Lexer } from 'yaml'
import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'

/** Ten times what the largest account by AWS's default quotas has in all its files. A tree takes some hundred bytes a node. */
export const MOST_NODES = { file: 500_000, project: 4_000_000 } as const

/** What stands between nodes is kept as well while a tree is built: eight tokens a node are more than any manifest has. */
const MOST_TOKENS = 8 * MOST_NODES.file

/**
 * Refuses a YAML text that would become too large a tree, before one is built of it: fifteen megabytes of brackets take more
 * than the memory that there is.
 * @returns null: it may be parsed
 */
export function tooManyNodes(
  file: string,
  text: string,
  most = { nodes: MOST_NODES.file as number, tokens: MOST_TOKENS as number },
): Diagnostic | null {
  // A node takes a character at least.
  if (text.length < most.nodes) return null
  let nodes = 0
  let tokens = 0
  let at = 0
  /** Whether a place for a value has been opened that nothing stands in yet: then nothing is what stands there. */
  let isOpen = false
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token)
    switch (type) {
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
      case 'block-scalar-header':
      case 'alias':
      case 'flow-map-start':
      case 'flow-seq-start':
        nodes++
        isOpen = type === 'flow-map-start' || type === 'flow-seq-start'
        break
      case 'seq-item-ind':
      case 'map-value-ind':
      case 'explicit-key-ind':
      case 'comma':
        if (isOpen) nodes++
        isOpen = true
        break
      case 'flow-map-end':
      case 'flow-seq-end':
        isOpen = false
        break
    }
    tokens++
    if (nodes > most.nodes) return tooManyError({ file, start: at, end: at + 1 })
    if (tokens > most.tokens) return tooManyTokens({ file, start: at, end: at + 1 })
    // Marks of the lexer's own stand nowhere in the text.
    if (type !== 'doc-mode' && type !== 'flow-error-end' && token !== SCALAR_FOLLOWS) at += token.length
  }
  return null
}

/** What the lexer says before the text of a plain or block scalar. */
const SCALAR_FOLLOWS = CST.SCALAR

const tooManyTokens = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.too-many-nodes',
    message: `the file has more than ${MOST_TOKENS.toLocaleString('en')} words, signs and line ends`,
    help: 'split it into several files',
    span,
  })

/** @param span of the first node too many */
export const tooManyError = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.too-many-nodes',
    message: `the file has more than ${MOST_NODES.file.toLocaleString('en')} keys, values, lists and maps`,
    help: 'split it into several files',
    span,
  })

export const projectTooLarge = (file: string): Diagnostic =>
  errorOf({
    code: 'manifest.project-too-large',
    message: `the files up to this one have more than ${MOST_NODES.project.toLocaleString('en')} keys, values, lists and maps`,
    help: 'split the project into several, or let git ignore what is no manifest',
    span: { file, start: 0, end: 0 },
  })
