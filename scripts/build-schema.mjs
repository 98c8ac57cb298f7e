// Writes the JSON Schemas that editors complete and check with. They are committed, so that a URL of the
// repository serves them too; a test says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { jsonSchemas } from '../dist/src/manifest/json-schema.js'

const { project, manifest } = jsonSchemas()

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
