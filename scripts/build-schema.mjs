// Writes the JSON Schemas that editors complete and check with. They are committed, so that a URL of the
// repository serves them too; a test says whether they are current. `init` has them as a module.
import { readFileSync, writeFileSync } from 'node:fs'
import { MANIFEST_KINDS } from '../dist/src/kinds/manifest.js'
import { jsonSchemas } from '../dist/src/manifest/schema/json-schema.js'

const { project, manifest } = jsonSchemas(MANIFEST_KINDS)
const text = (schema) => `${JSON.stringify(schema, null, 2)}\n`
const texts = { 'iam-sync.schema.json': text(project), 'manifest.schema.json': text(manifest) }

for (const [name, schema] of Object.entries(texts)) write(`schema/${name}`, schema)
write('dist/generated/schemas.js', `export const schemas = ${JSON.stringify(texts)}\n`)

function write(path, text) {
  const file = new URL(`../${path}`, import.meta.url)
  if (textOf(file) !== text) writeFileSync(file, text)
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
