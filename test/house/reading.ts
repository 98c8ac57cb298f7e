import { parseSync } from 'oxc-parser'

/** One mention of another module. */
export interface ModuleMention {
  readonly specifier: string
  /** Gone after compilation: `import type`, `export type`, `import('x').T`. */
  readonly typeOnly: boolean
  /** The names taken from it; `*` is all of them. */
  readonly names: readonly string[]
  readonly line: number
}

/** A use of the outside world that is no import: `Date.now`, `process`, `setTimeout`. */
interface WorldUse {
  readonly what: string
  readonly line: number
}

export interface FileReading {
  readonly mentions: readonly ModuleMention[]
  readonly uses: readonly WorldUse[]
}

interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Global objects that none but the outer rooms may touch, whatever the member. */
const WORLD_OBJECTS = new Set(['process', 'performance', 'crypto', 'console', 'globalThis'])
const WORLD_FUNCTIONS = new Set([
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'Date',
])
const WORLD_MEMBERS = new Set(['Date.now', 'Math.random'])

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const nameOf = (value: unknown): string => (isNode(value) ? String(value.name ?? value.value ?? '*') : '*')

const literalOf = (value: unknown): string | null => {
  if (!isNode(value)) return null
  if (value.type === 'TSLiteralType') return literalOf(value.literal)
  return typeof value.value === 'string' ? value.value : null
}

/**
 * @param computed what becomes of an import whose name is computed: nothing can be said of it
 * @throws if the text is not TypeScript
 */
export function readFile(
  path: string,
  text: string,
  computed: 'refused' | 'left out' = 'refused',
): FileReading {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' })
  const [problem] = errors
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`)
  const mentions: ModuleMention[] = []
  const uses: WorldUse[] = []
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length

  const mention = (node: Node, specifier: string | null, typeOnly: boolean, names: readonly string[]) => {
    if (specifier === null) {
      if (computed === 'left out') return
      throw new Error(`${path}:${lineAt(node.start)}: an import whose name is computed`)
    }
    mentions.push({ specifier, typeOnly, names, line: lineAt(node.start) })
  }

  const readDeclaration = (node: Node) => {
    const parts = (node.specifiers as readonly Node[] | undefined) ?? []
    const kindOf = (part: Node) => part.importKind ?? part.exportKind
    const allTypes = parts.length > 0 && parts.every((part) => kindOf(part) === 'type')
    const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || allTypes
    const names = parts.map((part) =>
      node.type === 'ImportDeclaration' ? nameOf(part.imported) : nameOf(part.local),
    )
    mention(node, literalOf(node.source), typeOnly, node.type === 'ExportAllDeclaration' ? ['*'] : names)
  }

  const visit = (node: Node): void => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        readDeclaration(node)
        break
      case 'ExportNamedDeclaration':
        if (isNode(node.source)) readDeclaration(node)
        break
      case 'ImportExpression':
        mention(node, literalOf(node.source), false, ['*'])
        break
      case 'TSImportType':
        mention(node, literalOf(node.source ?? node.argument), true, ['*'])
        break
      case 'TSImportEqualsDeclaration':
      case 'TSExternalModuleReference':
        if (isNode(node.expression)) mention(node, literalOf(node.expression), false, ['*'])
        break
      case 'MemberExpression': {
        const object = isNode(node.object) && node.object.type === 'Identifier' ? nameOf(node.object) : ''
        const member = `${object}.${nameOf(node.property)}`
        if (WORLD_OBJECTS.has(object) || WORLD_MEMBERS.has(member)) {
          uses.push({ what: member, line: lineAt(node.start) })
        }
        break
      }
      case 'CallExpression': {
        const callee = isNode(node.callee) && node.callee.type === 'Identifier' ? nameOf(node.callee) : ''
        if (callee === 'require') mention(node, literalOf((node.arguments as unknown[])[0]), false, ['*'])
        else if (WORLD_FUNCTIONS.has(callee)) uses.push({ what: `${callee}()`, line: lineAt(node.start) })
        break
      }
      case 'NewExpression':
        if (nameOf(node.callee) === 'Date' && (node.arguments as unknown[]).length === 0) {
          uses.push({ what: 'new Date()', line: lineAt(node.start) })
        }
        break
    }
    for (const child of Object.values(node)) {
      for (const item of Array.isArray(child) ? child : [child]) if (isNode(item)) visit(item)
    }
  }
  visit(program as unknown as Node)
  return { mentions, uses }
}
