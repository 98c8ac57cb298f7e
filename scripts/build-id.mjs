// Writes `dist/generated/build-id.js`: one hash for all code that the content of a manifest's cache entry depends on.
// With a changed parser or rule, entries of earlier builds are never found, instead of being believed.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const generated = join(root, 'dist', 'generated')

/** `manifest`, `yaml` and `policy`, and the rooms that these use for what they keep. */
const ROOMS = ['diagnostics', 'model', 'policy', 'yaml', 'manifest']
const PACKAGES = ['yaml', 'zod']

const hash = createHash('sha256')
for (const room of ROOMS) {
  const folder = join(root, 'src', room)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of sources.filter((source) => source.endsWith('.ts')).sort())
    hash.update(`${room}/${name.replaceAll('\\', '/')}\n`).update(readFileSync(join(folder, name)))
}
for (const name of PACKAGES) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  hash.update(`${name} ${version}\n`)
}

mkdirSync(generated, { recursive: true })
writeFileSync(
  join(generated, 'build-id.js'),
  `export const buildId = ${JSON.stringify(hash.digest('hex'))}\n`,
)
writeFileSync(
  join(generated, 'build-id.d.ts'),
  [
    '/** A hash of the code that reads and checks manifests, and of the versions of the packages that it uses. */',
    'export declare const buildId: string',
    '',
  ].join('\n'),
)
