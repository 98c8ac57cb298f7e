// Writes what the code is told of its own package as modules of `dist/generated`, so that it looks up no file from where it
// happens to stand: name and version, and how the module of the JSON Schemas is typed (`build-schema` makes it, of compiled code).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const generated = new URL('../dist/generated/', import.meta.url)
const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

mkdirSync(generated, { recursive: true })
const write = (file, ...lines) => writeFileSync(new URL(file, generated), `${lines.join('\n')}\n`)

write(
  'package.js',
  `export const name = ${JSON.stringify(name)}`,
  `export const version = ${JSON.stringify(version)}`,
)
write('package.d.ts', 'export declare const name: string', 'export declare const version: string')
write(
  'schemas.d.ts',
  '/** The text of each file of `schema/`, by its name. */',
  "export declare const schemas: Readonly<Record<'iam-sync.schema.json' | 'manifest.schema.json', string>>",
)
