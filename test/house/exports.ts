import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'

/** What a file offers to others, and what it takes of them. */
interface Trade {
  readonly offers: readonly string[]
  /** `*`: everything. Paths of the repository. */
  readonly takes: readonly { readonly file: string; readonly name: string }[]
}

interface Named {
  readonly name: string
}

/** @param path of the file, from the repository's root. @throws if the text doesn't parse */
export function tradeOf(path: string, text: string): Trade {
  const { program, errors } = parseSync(path, text, {
    lang: path.endsWith('.ts') ? 'ts' : 'js',
    sourceType: 'module',
  })
  const [problem] = errors
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`)
  const offers: string[] = []
  const takes: { file: string; name: string }[] = []
  const take = (specifier: string, name: string) => {
    if (specifier.startsWith('.')) takes.push({ file: fileOf(path, specifier), name })
  }
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration')
      for (const each of node.specifiers)
        take(node.source.value, each.type === 'ImportSpecifier' ? (each.imported as Named).name : '*')
    else if (node.type === 'ExportAllDeclaration') take(node.source.value, '*')
    else if (node.type === 'ExportNamedDeclaration') {
      for (const each of node.specifiers) {
        if (node.source === null) offers.push((each.exported as Named).name)
        else take(node.source.value, (each.local as Named).name)
      }
      const { declaration } = node
      if (declaration === null) continue
      if ('declarations' in declaration)
        offers.push(...declaration.declarations.map(({ id }) => (id as unknown as Named).name))
      else if ('id' in declaration && declaration.id !== null)
        offers.push((declaration.id as unknown as Named).name)
    }
  }
  // `import('./x.ts')` at run time, and `import('./x.ts').T` as a type.
  for (const [, specifier = ''] of text.matchAll(/\bimport\(\s*'([^']+)'/g)) take(specifier, '*')
  return { offers, takes }
}

/** Benches import what was built. */
function fileOf(from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier).replace(/^dist\//, '')
  return path.endsWith('.mjs') ? path : `${path.replace(/\.[jt]s$/, '')}.ts`
}
