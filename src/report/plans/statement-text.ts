// Not all of the package: most of it is about lines and words, and loads as slowly as our own rooms.
import { diffArrays } from 'diff/lib/diff/array.js'
import type { Detail } from '../../model/detail.ts'
import type { PolicyDocument, PolicyStatement } from '../../model/index.ts'
import type { StatementChange } from '../../model/statement-change.ts'
import { counted, type Paint, printable, shown } from '../layout/paint.ts'

type PolicyDetail = Extract<Detail, { readonly type: 'policy' }>

/**
 * A policy's difference, statement by statement in the author's order. Unchanged statements are folded;
 * a changed one is shown line by line, and each line is one value, so that lists differ by what differs.
 * @returns lines without indentation of their own
 */
export function policyLines(detail: PolicyDetail, paint: Paint): readonly string[] {
  const lines: string[] = []
  const version = versionChange(detail.before, detail.after)
  if (version !== null) lines.push(paint('changed', `~ Version: ${version}`))
  const before = listedStatements(detail.before)
  const after = listedStatements(detail.after)
  let at = 0
  const foldUpTo = (index: number) => {
    if (index <= at) return
    lines.push(...folded(index - at, paint))
    at = index
  }
  for (const change of detail.statements) {
    if (change.after !== null) {
      const index = indexOf(after, change.after, at)
      foldUpTo(index)
      at = Math.max(at, index + 1)
    } else if (change.before !== null) {
      // What was removed is shown where it stood: behind the statement that stood before it.
      const previous = before[indexOf(before, change.before, 0) - 1]
      if (previous !== undefined) foldUpTo(indexOf(after, previous, at) + 1)
    }
    lines.push(...changeLines(change, paint))
  }
  lines.push(...folded(detail.after === null ? 0 : after.length - at, paint))
  return lines
}

/**
 * A statement as lines of one value each: `Action: s3:GetObject`, `Condition: Bool aws:SecureTransport = true`.
 * The Sid stands in the title, and is left out here.
 */
export function statementLines(statement: PolicyStatement): readonly string[] {
  return Object.entries(statement).flatMap(([element, value]: [string, unknown]): string[] => {
    if (element === 'Sid') return []
    if (element === 'Condition') return conditionLines(value)
    if (element === 'Principal' || element === 'NotPrincipal') return principalLines(element, value)
    return listOf(value).map((entry) => `${printable(element)}: ${shown(entry)}`)
  })
}

function changeLines({ change, sid, before, after }: StatementChange, paint: Paint): readonly string[] {
  const title = sid === null || sid === '' ? '(statement without a Sid)' : printable(sid)
  switch (change) {
    case 'added':
      return entire('+', title, after, (line) => paint('added', line))
    case 'removed':
      return entire('-', title, before, (line) => paint('removed', line))
    case 'changed': {
      const renamed = before !== null && after !== null && (before.Sid ?? '') !== (after.Sid ?? '')
      const sids = renamed ? [[`Sid: ${shown(before.Sid)}`], [`Sid: ${shown(after.Sid)}`]] : [[], []]
      return [
        paint('changed', `~ ${title}`),
        ...differingLines(
          [...(sids[0] ?? []), ...(before === null ? [] : statementLines(before))],
          [...(sids[1] ?? []), ...(after === null ? [] : statementLines(after))],
          paint,
        ),
      ]
    }
  }
}

const entire = (
  symbol: string,
  title: string,
  statement: PolicyStatement | null,
  painted: (line: string) => string,
): readonly string[] => [
  painted(`${symbol} ${title}`),
  ...(statement === null ? [] : statementLines(statement).map((line) => painted(`    ${line}`))),
]

/** Unchanged lines kept on each side of a changed one. */
const CONTEXT = 2

function differingLines(
  before: readonly string[],
  after: readonly string[],
  paint: Paint,
): readonly string[] {
  const parts = diffArrays([...inOrderOf(before, after)], [...after])
  return parts.flatMap(({ value, added, removed }, part): readonly string[] => {
    if (added) return value.map((line) => paint('added', `  + ${line}`))
    if (removed) return value.map((line) => paint('removed', `  - ${line}`))
    const plain = value.map((line) => `    ${line}`)
    const head = part === 0 ? 1 : CONTEXT
    const tail = part === parts.length - 1 ? 0 : CONTEXT
    // Folding a single line would save nothing.
    if (plain.length <= head + tail + 1) return plain
    return [
      ...plain.slice(0, head),
      paint('dim', `    … ${counted(plain.length - head - tail, 'line')} unchanged`),
      ...plain.slice(plain.length - tail),
    ]
  })
}

/** The earlier lines, with those that stay in the order of the later ones: an order that means nothing is no difference. */
function inOrderOf(before: readonly string[], after: readonly string[]): readonly string[] {
  const places = new Map(after.map((line, place) => [line, place]))
  const elementOf = (line: string) =>
    line.slice(0, line.startsWith('Condition: ') ? line.indexOf(' = ') : line.indexOf(':'))
  const lastOf = new Map(after.map((line, place) => [elementOf(line), place]))
  // What goes stands after what stays of the same element.
  const placeOf = (line: string) => places.get(line) ?? (lastOf.get(elementOf(line)) ?? after.length) + 0.5
  return before
    .map((line, index) => ({ line, index, place: placeOf(line) }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ line }) => line)
}

const folded = (count: number, paint: Paint): readonly string[] =>
  count > 0 ? [paint('dim', `  … ${counted(count, 'statement')} unchanged`)] : []

function versionChange(before: PolicyDocument | null, after: PolicyDocument | null): string | null {
  if (before === null || after === null || before.Version === after.Version) return null
  return `${shown(before.Version)} → ${shown(after.Version)}`
}

export const listedStatements = (document: PolicyDocument | null): readonly PolicyStatement[] =>
  document === null ? [] : (listOf(document.Statement) as readonly PolicyStatement[])

/** The very object if it is there, or else one that reads the same. */
function indexOf(statements: readonly PolicyStatement[], wanted: PolicyStatement, from: number): number {
  const same = statements.indexOf(wanted, from)
  if (same !== -1) return same
  const text = JSON.stringify(wanted)
  return statements.findIndex((statement, index) => index >= from && JSON.stringify(statement) === text)
}

function principalLines(element: string, value: unknown): string[] {
  if (!isObject(value)) return listOf(value).map((entry) => `${element}: ${shown(entry)}`)
  return Object.entries(value).flatMap(([kind, names]) =>
    listOf(names).map((name) => `${element}: ${printable(kind)} ${shown(name)}`),
  )
}

function conditionLines(value: unknown): string[] {
  if (!isObject(value)) return [`Condition: ${shown(value)}`]
  return Object.entries(value).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).flatMap(([key, values]) =>
          listOf(values).map(
            (entry) => `Condition: ${printable(operator)} ${printable(key)} = ${conditionValue(entry)}`,
          ),
        )
      : [`Condition: ${printable(operator)} ${shown(keys)}`],
  )
}

/** A number or a boolean means the same as its text, so neither has quotes. */
const conditionValue = (value: unknown): string => {
  const text = String(value)
  return /^(?:true|false|-?[\d.]+)$/.test(text) ? text : shown(value)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value.length === 0 ? ['(nothing)'] : value) : [value]
