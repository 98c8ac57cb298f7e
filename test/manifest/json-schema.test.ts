import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { jsonSchemas } from '../../src/manifest/schema/json-schema.ts'

const committed = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8'))

const { project, manifest } = jsonSchemas(MANIFEST_KINDS)

describe('the JSON Schemas', () => {
  test('that are committed are the ones that the zod schemas make (`npm run build` writes them)', () => {
    expect(committed('iam-sync.schema.json')).toEqual(JSON.parse(JSON.stringify(project)))
    expect(committed('manifest.schema.json')).toEqual(JSON.parse(JSON.stringify(manifest)))
  })

  test('describe the grammar of policy documents', () => {
    expect(manifest).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: {
        document: { anyOf: [{ $ref: '#/$defs/policyDocument' }, { $ref: '#/$defs/documentFile' }] },
        statement: { properties: { Effect: { enum: ['Allow', 'Deny'] } }, required: ['Effect'] },
      },
      properties: {
        roles: {
          anyOf: [
            { additionalProperties: { properties: { trustPolicy: { $ref: '#/$defs/document' } } } },
            { type: 'null' },
          ],
        },
      },
    })
  })

  test('say nothing of keys whose feature is still to come', () => {
    expect(JSON.stringify([project, manifest])).not.toMatch(/"expires"|"lint"/)
  })

  test('have every reference defined', () => {
    for (const schema of [project, manifest])
      for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g))
        expect(schema.$defs).toHaveProperty(name)
  })

  test('refuse unknown keys and carry the limits of names', () => {
    expect(project).toMatchObject({ additionalProperties: false, required: ['version', 'accounts'] })
    expect(JSON.stringify(manifest)).toContain('"maxLength":64')
  })

  test('have patterns that a validator can compile, and that a text with a variable fits', () => {
    const patterns: string[] = []
    JSON.stringify(manifest, (key, value: unknown) => {
      if (key === 'pattern' && typeof value === 'string') patterns.push(value)
      return value
    })
    expect(patterns.length).toBeGreaterThan(10)
    for (const pattern of patterns) expect('a b/{{ account.id }}').toMatch(new RegExp(pattern, 'u'))
  })
})
