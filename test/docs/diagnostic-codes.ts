import { readdirSync, readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'
import type { Severity } from '../../src/diagnostics/index.ts'

/** A code that the source names, and what can be told there of its severity. */
interface CodeMention {
  readonly code: string
  /** null: the place doesn't say, as in a table. */
  readonly severity: Severity | null
  /** `src/plan/x.ts:12`. */
  readonly place: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

const root = new URL('../../', import.meta.url)

/** `room.what-is-wrong`; no other text in the source has this shape, but for those below. */
const CODE = /^[a-z]+\.[a-z]+(?:-[a-z0-9]+)*$/
const OTHER_TEXTS: ReadonlySet<string> = new Set([
  'access.yaml',
  'account.id',
  'account.name',
  'account.partition',
  'commander.help',
  'config.worktree',
  // Identity providers that need no provider ARN.
  'accounts.google.com',
  // Beginnings of service principals.
  'tasks.apprunner',
  'credentials.deadline',
  'pods.eks',
])

/** Functions that make a diagnostic of what they are given. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  errorOf: 'error',
  failed: 'error',
  invalid: 'error',
  malformed: 'error',
  refuse: 'error',
  rule: 'error',
  doubtful: 'warning',
  warningOf: 'warning',
  infoOf: 'info',
}

/** Every code in `src`: texts that have the shape of one, and whatever a property `code` is set to. */
export function codesInSource(): readonly CodeMention[] {
  return readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .flatMap((path) => codesIn(`src/${path}`, readFileSync(new URL(`src/${path}`, root), 'utf8')))
}

/** @throws if the text is not TypeScript */
export function codesIn(path: string, text: string): readonly CodeMention[] {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' })
  const [problem] = errors
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`)
  const found = new Map<number, CodeMention>()

  const mention = (node: Node, code: string, severity: Severity | null) => {
    const line = text.slice(0, node.start).split('\n').length
    const place = `${path}:${line}`
    if (found.get(node.start)?.severity == null) found.set(node.start, { code, severity, place })
  }
  const visit = (value: unknown, severity: Severity | null): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, severity)
    if (!isNode(value)) return
    if (value.type === 'TSLiteralType' || value.type === 'ImportDeclaration') return
    if (value.type === 'CallExpression') {
      visit(value.callee, severity)
      visit(value.arguments, SEVERITIES[nameOf(value.callee)] ?? severity)
      return
    }
    if (value.type === 'Property' && nameOf(value.key) === 'code') {
      const code = textOf(value.value)
      // An error of the IAM API has a code too, in AWS's own spelling.
      if (code !== null && !/^[A-Z]/.test(code)) mention(value.value as Node, code, severity)
    }
    const literal = textOf(value)
    if (literal !== null && CODE.test(literal) && !OTHER_TEXTS.has(literal)) mention(value, literal, severity)
    for (const [key, member] of Object.entries(value)) if (key !== 'type') visit(member, severity)
  }
  visit(program, null)
  return [...found.values()]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const nameOf = (value: unknown): string => (isNode(value) ? String(value.name ?? value.value ?? '') : '')

/** The text of a literal; of a template, with `*` for what is put in. */
function textOf(value: unknown): string | null {
  if (!isNode(value)) return null
  if (value.type === 'Literal') return typeof value.value === 'string' ? value.value : null
  if (value.type !== 'TemplateLiteral') return null
  return (value.quasis as readonly { readonly value: { readonly cooked: string } }[])
    .map(({ value: { cooked } }) => cooked)
    .join('*')
}
