// What the compiler is told of a kind is what it is: no cast, and no operation whose name is put together.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isSyntaxNode, lineAt, nodesIn, type SyntaxNode } from './syntax-nodes.ts'

const ROOT = join(import.meta.dirname, '../..')

const textsIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

type Found = (node: SyntaxNode) => boolean

const placesIn = (text: string, is: Found): readonly number[] =>
  nodesIn(text)
    .filter(is)
    .map(({ start }) => lineAt(text, start))

const linesOf = (folders: readonly string[], is: Found): readonly string[] =>
  folders.flatMap(textsIn).flatMap(({ path, text }) => placesIn(text, is).map((line) => `${path}:${line}`))

const nameOf = (node: unknown): unknown => (isSyntaxNode(node) ? node.name : undefined)

/** `as`, but for `as const`; `!`; `any`. */
const isCast: Found = ({ type, typeAnnotation }) =>
  type === 'TSTypeAssertion' ||
  type === 'TSNonNullExpression' ||
  type === 'TSAnyKeyword' ||
  (type === 'TSAsExpression' &&
    !(
      isSyntaxNode(typeAnnotation) &&
      typeAnnotation.type === 'TSTypeReference' &&
      nameOf(typeAnnotation.typeName) === 'const'
    ))

/** Whether a comment stands above, as near as the statement that it is about. */
const isExplained = (text: string, line: number): boolean =>
  text
    .split('\n')
    .slice(Math.max(0, line - 6), line)
    .some((each) => /^\s*(?:\/\/|\*|\/\*\*)/.test(each))

const isGlued = (value: unknown): boolean =>
  isSyntaxNode(value) &&
  ((value.type === 'TemplateLiteral' && Array.isArray(value.expressions) && value.expressions.length > 0) ||
    value.type === 'BinaryExpression')

/** `step(`Tag${title}`, …)`, `{ operation: `Tag${title}` }`. */
const isGluedOperation: Found = ({ type, callee, arguments: given, key, value }) =>
  (type === 'CallExpression' && nameOf(callee) === 'step' && Array.isArray(given) && isGlued(given[0])) ||
  (type === 'Property' && nameOf(key) === 'operation' && isGlued(value))

describe('a kind', () => {
  it.each(['src/kinds', 'test/kinds/toy', 'test/kinds/certificate'])('needs no cast: %s', (folder) => {
    expect(linesOf([folder], isCast)).toEqual([])
  })

  it('whoever works on all of them gives a reason beside each cast', () => {
    const unexplained = ['src/plan', 'src/reconcile', 'src/iam', 'src/model'].flatMap((folder) =>
      textsIn(folder).flatMap(({ path, text }) =>
        placesIn(text, isCast)
          .filter((line) => !isExplained(text, line))
          .map((line) => `${path}:${line}`),
      ),
    )
    expect(unexplained).toEqual([])
  })

  it('names its operations whole', () => {
    const rooms = [
      'src/kinds',
      'src/plan',
      'src/reconcile',
      'src/iam',
      'test/kinds/toy',
      'test/kinds/certificate',
    ]
    expect(linesOf(rooms, isGluedOperation)).toEqual([])
  })

  it.each([
    ['a as B', isCast],
    ['a as unknown as B', isCast],
    ['<B>a', isCast],
    ['a!.b', isCast],
    ['const a: any = b', isCast],
    [`step(\`Tag\${title}\`, {})`, isGluedOperation],
    ["step('Tag' + title, {})", isGluedOperation],
    [`const a = { operation: \`Tag\${title}\`, input }`, isGluedOperation],
  ])('%s is found', (text, is) => {
    expect(placesIn(text, is).length).toBeGreaterThan(0)
  })

  it.each([
    ['const a = [] as const', isCast],
    ["step('TagUser', {})", isGluedOperation],
    [`const a = { operation, input, change: \`a \${b}\` }`, isGluedOperation],
  ])('%s is not', (text, is) => {
    expect(placesIn(text, is)).toEqual([])
  })
})
