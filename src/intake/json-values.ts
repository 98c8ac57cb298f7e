import { DiagnosticError, errorOf } from '../diagnostics/index.ts'

/**
 * The JSON values of a text: one, or several, one after another, as JSON lines or as pages that were appended to a file.
 * What is wrong is said by its line alone, never shown: there may be secrets beside it.
 * @param file as the user named it
 * @throws DiagnosticError `intake.not-json`, `intake.truncated`, `intake.too-deep`
 */
export function jsonValues(file: string, text: string): readonly unknown[] {
  const values: unknown[] = []
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const end = endOfValue(file, text, at)
    try {
      values.push(JSON.parse(text.slice(at, end)))
    } catch {
      throw notJson(file, text, at)
    }
    at = skipSpace(text, end)
  }
  return values
}

const skipSpace = (text: string, from: number): number => {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  return at
}

/** More than any input has by far, and few enough for what goes through a value by recursion. */
const MOST_DEPTH = 500

/** Of a map or a list; others are no inputs. */
function endOfValue(file: string, text: string, start: number): number {
  if (!'{['.includes(text.charAt(start))) throw notJson(file, text, start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfText(text, at)
        break
      case 0x7b:
      case 0x5b:
        if (++depth > MOST_DEPTH)
          throw refusal(
            'intake.too-deep',
            `\`${file}\` is nested too deeply`,
            'no input is nested so: is it the right file?',
          )
        break
      case 0x7d:
      case 0x5d:
        if (--depth === 0) return at + 1
        break
    }
  }
  throw refusal(
    'intake.truncated',
    `\`${file}\` ends in the middle of a value that begins in line ${lineAt(text, start)}`,
    'it was not written to its end: write it again',
  )
}

/** The offset of the closing quote; the end of the text where there is none. */
function endOfText(text: string, quote: number): number {
  for (let at = text.indexOf('"', quote + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === 0x5c) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const notJson = (file: string, text: string, at: number): DiagnosticError =>
  refusal(
    'intake.not-json',
    `\`${file}\` is not JSON: what begins in line ${lineAt(text, at)} can't be read`,
    'name the file that the command wrote, as JSON (`aws … --output json`, `terraform show -json`)',
  )

const refusal = (code: string, message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code, message, help }))
