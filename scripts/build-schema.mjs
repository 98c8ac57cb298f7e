// Writes the JSON Schemas that editors complete and check with. They are committed, so that a URL of the
// repository serves them too; a test says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { MANIFEST_KINDS } from '../dist/src/kinds/manifest.js'
import { jsonSchemas } from '../dist/src/manifest/schema/json-schema.js'

const { project, manifest } = jsonSchemas(MANIFEST_KINDS)

for (const [name, schema] of [
  ['iam-sync.schema.json', project],
  ['manifest.schema.json', manifest],
]) {
  const file = new URL(`../schema/${name}`, import.meta.url)
  const text = `${JSON.stringify(schema, null, 2)}\n`
  if (textOf(file) !== text) writeFileSync(file, text)
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
