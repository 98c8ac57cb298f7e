import { type Document, visit, type YAMLError } from 'yaml'
import { type Diagnostic, errorOf, type Span } from '../diagnostics/index.ts'
import { missingCommas } from './missing-commas.ts'
import { mergeConflict, unquotedVariable } from './text-problems.ts'
import { yamlDiagnostic } from './yaml-errors.ts'

/** What the `yaml` package finds wrong with one document of a file, in our words and at the place that is meant. */
export function syntaxErrors(file: string, text: string, document: Document.Parsed): Diagnostic[] {
  const all: YAMLError[] = [...document.errors, ...document.warnings]
  if (all.length === 0) return []
  const conflict = mergeConflict(file, text)
  if (conflict !== null) return [conflict]
  const commas = missingCommas(text)
  const diagnostics = commas.map(({ at }) => missingComma({ file, start: at, end: at + 1 }))
  // What the parser made of the rest of those brackets says nothing.
  const errors = all.filter(({ pos }) => !commas.some(({ from, to }) => from <= pos[0] && pos[0] <= to))
  // `key: {{ name }}` is a map as the key of a map to YAML; its further errors in that line say nothing.
  const variableLines = new Set<number>()
  const starts = new Set<number>()
  for (const error of errors) {
    if (error.code !== 'NON_STRING_KEY') continue
    const at = text.startsWith('{{', error.pos[0]) ? error.pos[0] : error.pos[0] - 1
    if (!text.startsWith('{{', at) || starts.has(at)) continue
    starts.add(at)
    variableLines.add(lineStart(text, at))
    const close = text.indexOf('}}', at)
    diagnostics.push(unquotedVariable({ file, start: at, end: close === -1 ? at + 2 : close + 2 }))
  }
  const positions = new Set<number>()
  // What the parser didn't expect makes it stumble again and again in the same line.
  const unexpectedLines = new Set<number>()
  let isIndentedLess = false
  const indentation = /^[ \t]*(?=[^\s#])/m.exec(text)?.[0].length ?? 0
  for (const error of errors) {
    const [start, end] = error.pos
    if (variableLines.has(lineStart(text, start)) || positions.has(start)) continue
    positions.add(start)
    if (error.code === 'UNEXPECTED_TOKEN') {
      const line = lineStart(text, start)
      if (unexpectedLines.has(line)) continue
      unexpectedLines.add(line)
      if (start - line < indentation) {
        // Said once: it is the first line that stands wrong.
        if (!isIndentedLess) diagnostics.push(indentedLess({ file, start, end }))
        isIndentedLess = true
        continue
      }
    }
    const bracket = openBracket(document, error, text)
    if (bracket === null) {
      diagnostics.push(yamlDiagnostic(error, openingQuote(document, error, file) ?? { file, start, end }))
    } else if (!positions.has(-bracket)) {
      positions.add(-bracket)
      diagnostics.push(unclosedBracket(text, { file, start: bracket, end: bracket + 1 }))
    }
  }
  return diagnostics
}

const missingComma = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.yaml-missing-comma',
    message: 'a comma is missing here',
    help: 'within `[ ]` and `{ }` a comma stands between two values',
    span,
  })

const indentedLess = (span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.yaml-bad-indent',
    message: 'this line is indented less than the first one',
    help: 'begin both in the same column; indent with spaces',
    span,
  })

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1

/** A missing closing quote is noticed at the end of the file, but it is the opening one that people look for. */
function openingQuote(document: Document.Parsed, error: YAMLError, file: string): Span | null {
  if (error.code !== 'MISSING_CHAR' || !error.message.endsWith('quote')) return null
  let found: Span | null = null
  visit(document, {
    Scalar(_, node) {
      const start = node.range?.[0]
      if (start !== undefined && node.range?.[1] === error.pos[0]) found = { file, start, end: start + 1 }
    },
  })
  return found
}

/** The innermost bracket before an error that has no counterpart, if that is what the error is about. */
function openBracket(document: Document.Parsed, error: YAMLError, text: string): number | null {
  if (!/ end with a /.test(error.message) && !/^Flow (map|sequence) in block/.test(error.message)) return null
  let found: number | null = null
  visit(document, {
    Collection(_, node) {
      const [start, end] = node.range ?? [0, 0]
      const close = text[start] === '[' ? ']' : text[start] === '{' ? '}' : null
      if (close !== null && start < error.pos[0] && text[end - 1] !== close) found = start
    },
  })
  return found
}

const unclosedBracket = (text: string, span: Span): Diagnostic =>
  errorOf({
    code: 'manifest.yaml-unclosed',
    message: `this \`${text[span.start]}\` is not closed`,
    help: `add \`${text[span.start] === '[' ? ']' : '}'}\` where it ends; lines inside of it are indented deeper than the key before it`,
    span,
  })
