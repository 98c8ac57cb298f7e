import { parseSync } from 'oxc-parser'
import { isSyntaxNode, type SyntaxNode } from './syntax-nodes.ts'

/** How a kind is spelled in code. */
export interface Spelling {
  /** `user` */
  readonly kind: string
  /** `users`; null: it has none of its own. */
  readonly section: string | null
}

/** What is a table by kinds is called so. */
const TABLE = /(?:entities|kinds|arns|scopes|settings|named|states?)$/i
const KEYED: ReadonlySet<string> = new Set([
  'ObjectExpression',
  'ObjectPattern',
  'TSInterfaceBody',
  'TSTypeLiteral',
])

/**
 * The kinds that a text of TypeScript names: by a string, by the type of their states and declarations, by their facts, as
 * a field of a table by kinds, or as one of several keys of a table. Words that mean something else as often (a group of
 * layers, the policy of a bucket, the flag `--policies`) are none of these.
 */
export function kindsNamedIn(text: string, spellings: readonly Spelling[]): ReadonlySet<string> {
  const words = new Map(
    spellings.flatMap(({ kind, section }) => [kind, section ?? kind].map((word) => [word, kind] as const)),
  )
  const names = new Map(spellings.flatMap(({ kind }) => typeNames(kind).map((name) => [name, kind] as const)))
  const fields = new Set(spellings.map(({ kind }) => kind))
  const found = new Set<string>()
  const note = (kind: string | undefined) => {
    if (kind !== undefined) found.add(kind)
  }
  const visit = (node: SyntaxNode, parent: SyntaxNode | null): void => {
    if (node.type === 'Literal' && !isFlag(parent)) note(words.get(String(node.value)))
    if (node.type === 'Identifier') note(names.get(String(node.name)))
    if (node.type === 'MemberExpression') {
      const field = nameOf(node.property)
      if (node.computed === false && fields.has(field) && TABLE.test(lastName(node.object))) note(field)
    }
    if (KEYED.has(node.type)) {
      const kinds = keysOf(node).flatMap((key) => words.get(key) ?? [])
      if (kinds.length > 1 || TABLE.test(nameOf(parent?.key))) for (const kind of kinds) note(kind)
    }
    for (const child of Object.values(node).flat()) if (isSyntaxNode(child)) visit(child, node)
  }
  const { program } = parseSync('file.ts', text)
  if (!isSyntaxNode(program)) throw new Error('no program')
  visit(program, null)
  return found
}

/** `flagList(flags, 'policies')`: the name of a flag of the command line. */
const isFlag = (parent: SyntaxNode | null): boolean =>
  parent?.type === 'CallExpression' && /^flag(?:[A-Z]|$)/.test(lastName(parent.callee))

/** `UserState`, `DesiredUser`, `USER`. */
function typeNames(kind: string): readonly string[] {
  const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  const constant = kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  return [`${title}State`, `Desired${title}`, constant]
}

const nameOf = (node: unknown): string =>
  isSyntaxNode(node) ? String(node.type === 'Identifier' ? node.name : (node.value ?? '')) : ''

/** `state.entities` → `entities` */
const lastName = (node: unknown): string =>
  isSyntaxNode(node) && node.type === 'MemberExpression' ? nameOf(node.property) : nameOf(node)

function keysOf(node: SyntaxNode): readonly string[] {
  const members = node.properties ?? node.members ?? node.body
  return Array.isArray(members)
    ? members.flatMap((member: unknown) => (isSyntaxNode(member) ? nameOf(member.key) : []))
    : []
}
