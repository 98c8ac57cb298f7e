// Writes `dist/generated/iam-api.d.ts`: what the operations of each kind (`src/kinds/KIND/kind.ts`) and of the account
// (`src/model/operations.ts`) take from the types of AWS's SDK, and what those are made of, without anything else. So the declarations of the package stand on their own: who installs it has no SDK.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

const root = new URL('../', import.meta.url)
const output = new URL('dist/generated/', root)
const sdk = new URL('node_modules/@aws-sdk/client-iam/', root)
const text = (path, base = root) => readFileSync(new URL(path, base), 'utf8')

if (!existsSync(sdk)) {
  console.error('build-iam-api: `@aws-sdk/client-iam` is not installed')
  console.error('help: the build needs the development dependencies: run `npm ci` without `--omit=dev`')
  process.exit(1)
}

/** Each exported declaration of the SDK by its name: its code without comments, and the names that it mentions. */
const declared = new Map()
for (const file of ['enums', 'models_0', 'models_1']) {
  const code = text(`dist-types/models/${file}.d.ts`, sdk)
  const { program, comments, errors } = parseSync(`${file}.d.ts`, code, { lang: 'dts' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`)
  for (const node of program.body) {
    const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : null
    if (declaration === null) continue
    const names = declaration.declarations?.map(({ id }) => id.name) ?? [declaration.id.name]
    const inside = comments.filter(({ start, end }) => start >= node.start && end <= node.end)
    let bare = ''
    let from = node.start
    for (const { start, end } of inside) {
      bare += code.slice(from, start)
      from = end
    }
    bare += code.slice(from, node.end)
    bare = bare.replaceAll(/\n\s*(?=\n)/g, '')
    // A constant of the SDK and the type of its values have one name; the constant itself isn't here, but its type is needed.
    if (node.declaration.type === 'VariableDeclaration') bare = bare.replace(/^export /, '')
    for (const name of names) {
      const before = declared.get(name) ?? { code: [], words: [] }
      declared.set(name, { code: [...before.code, bare], words: [...before.words, ...bare.match(/\w+/g)] })
    }
  }
}

const sources = [
  'src/model/operations.ts',
  ...readdirSync(new URL('src/kinds/', root)).map((kind) => `src/kinds/${kind}/kind.ts`),
].filter((path) => existsSync(new URL(path, root)))
const asked = sources.flatMap((path) => [...text(path).matchAll(/\bsdk\.(\w+)/g)].map(([, name]) => name))
const taken = new Set()
const open = [...asked]
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (taken.has(name)) continue
  const found = declared.get(name)
  if (found === undefined) throw new Error(`the SDK has no type \`${name}\``)
  taken.add(name)
  for (const word of found.words) if (declared.has(word)) open.push(word)
}

const { name, version, license } = JSON.parse(text('package.json', sdk))
mkdirSync(output, { recursive: true })
writeFileSync(
  new URL('iam-api.d.ts', output),
  [
    `/** Types of the IAM API, from ${name} ${version} (Copyright Amazon.com, Inc. or its affiliates; ${license}), without its comments. */`,
    ...[...taken].sort().flatMap((each) => declared.get(each).code),
    // Without it, what isn't exported would be, in a file of declarations.
    'export {}',
    '',
  ].join('\n'),
)
// An import of types alone is gone when this runs; the file is there for who resolves it all the same.
writeFileSync(new URL('iam-api.js', output), 'export {}\n')
