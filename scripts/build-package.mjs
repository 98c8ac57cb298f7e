// Writes what the code is told of its own package as modules of `dist/generated`, so that it looks up no file from where it
// happens to stand: name, version and build, and how the module of the JSON Schemas is typed (`build-schema` makes it, of compiled code).

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sourceStamp } from './bundle-stamp.mjs'

const generated = new URL('../dist/generated/', import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))
const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

mkdirSync(generated, { recursive: true })
const write = (file, ...lines) => writeFileSync(new URL(file, generated), `${lines.join('\n')}\n`)

write(
  'package.js',
  `export const name = ${JSON.stringify(name)}`,
  `export const version = ${JSON.stringify(version)}`,
)
write('package.d.ts', 'export declare const name: string', 'export declare const version: string')
write('code-build.js', `export const build = ${JSON.stringify(sourceStamp(root).slice(0, 12))}`)
write(
  'code-build.d.ts',
  '/** Twelve hexadecimal digits that stand for all sources, and for the versions of all packages. */',
  'export declare const build: string',
)
write(
  'schemas.d.ts',
  '/** The text of each file of `schema/`, by its name. */',
  "export declare const schemas: Readonly<Record<'iam-sync.schema.json' | 'manifest.schema.json', string>>",
)
