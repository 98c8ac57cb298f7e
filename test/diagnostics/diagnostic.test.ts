import { describe, expect, test } from 'vitest'
import {
  DiagnosticError,
  diagnosticJson,
  errorOf,
  hasErrors,
  InvariantError,
  infoOf,
  SourceTexts,
  sourceJson,
  warningOf,
} from '../../src/diagnostics/index.ts'

const parts = { code: 'test.code', message: 'message' }

test('what is left out is null or empty', () => {
  expect(errorOf(parts)).toEqual({ severity: 'error', ...parts, help: null, span: null, related: [] })
  expect(warningOf(parts).severity).toBe('warning')
  expect(infoOf(parts).severity).toBe('info')
})

test('only errors are errors', () => {
  expect(hasErrors([])).toBe(false)
  expect(hasErrors([warningOf(parts), infoOf(parts)])).toBe(false)
  expect(hasErrors([warningOf(parts), errorOf(parts)])).toBe(true)
})

test('a thrown diagnostic keeps all of them', () => {
  const error = new DiagnosticError([errorOf(parts), errorOf({ code: 'b.c', message: 'other' })])
  expect(error.message).toBe('test.code: message; b.c: other')
  expect(error.diagnostics).toHaveLength(2)
  expect(new DiagnosticError(errorOf(parts)).diagnostics).toEqual([errorOf(parts)])
  expect(new InvariantError('x').name).toBe('InvariantError')
})

describe('as JSON', () => {
  const texts = new SourceTexts([['a.yaml', 'users:\n  alice: 1\n']])
  const span = { file: 'a.yaml', start: 9, end: 14 }

  test('lines and columns start at 1, and related places have their line', () => {
    const diagnostic = errorOf({
      ...parts,
      help: 'help',
      span,
      related: [{ message: 'first', span: { ...span, start: 0 } }],
    })
    expect(diagnosticJson(diagnostic, texts)).toEqual({
      severity: 'error',
      code: 'test.code',
      message: 'message',
      help: 'help',
      file: 'a.yaml',
      start: { line: 2, column: 3 },
      end: { line: 2, column: 8 },
      related: [{ message: 'first', file: 'a.yaml', line: 1 }],
    })
  })

  test('without a place, file and positions are null', () => {
    expect(diagnosticJson(infoOf(parts), texts)).toMatchObject({
      file: null,
      start: null,
      end: null,
      related: [],
    })
  })

  test('a file whose text is not known has a name and no positions', () => {
    const lost = { file: 'lost.yaml', start: 0, end: 1 }
    expect(diagnosticJson(errorOf({ ...parts, span: lost }), texts)).toMatchObject({
      file: 'lost.yaml',
      start: null,
      end: null,
    })
    expect(sourceJson(lost, texts)).toEqual({ file: 'lost.yaml', line: null })
    expect(sourceJson(span, texts)).toEqual({ file: 'a.yaml', line: 2 })
  })
})
