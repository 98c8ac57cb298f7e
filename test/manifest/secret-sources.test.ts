import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { ManifestKinds } from '../../src/manifest/manifest-kind.ts'
import { secretSourceSchema } from '../../src/manifest/schema/attribute-schemas.ts'
import { jsonSchemas } from '../../src/manifest/schema/json-schema.ts'

/** Users that have a password besides. */
const { user } = MANIFEST_KINDS.entities
const kinds: ManifestKinds = {
  ...MANIFEST_KINDS,
  entities: {
    ...MANIFEST_KINDS.entities,
    user: {
      ...user,
      schema: user.schema.extend({ password: secretSourceSchema('The password') }),
      read: (reading) => ({ ...user.read(reading), ...reading.secretSource('password') }),
    },
  },
}

const PROJECT =
  'version: 1\naccounts: { a: { id: "111122223333", target: { kind: local, database: a.db } } }\n'
const facts = { arnOf: () => null, names: () => [], has: () => false }

const load = (password: string) => loadManifest(`users:\n  ada: { password: ${password} }\n`)

function loadManifest(manifest: string) {
  const files = new Map([
    ['iam-sync.yaml', PROJECT],
    ['people/ada.yaml', manifest],
  ])
  const { project, texts } = loadProject({ kinds, files, facts })
  return {
    declared: project.accounts[0]?.desired?.entities.user.get('ada'),
    text: project.diagnostics.map((each) => renderDiagnostic(each, texts)).join('\n'),
  }
}

const sourceOf = (password: string): unknown => {
  const { declared, text } = load(password)
  expect(text).toBe('')
  return declared === undefined ? null : Reflect.get(declared, 'password')
}

describe('where a secret comes from, in a manifest', () => {
  it('is a variable, a file beside the manifest, or chance, with its place', () => {
    const span = (end: number) => ({ file: 'people/ada.yaml', start: 26, end })
    expect(sourceOf('{ env: ADA_PASSWORD }')).toEqual({ source: { env: 'ADA_PASSWORD' }, span: span(47) })
    expect(sourceOf('{ file: keys/ada }')).toEqual({ source: { file: 'people/keys/ada' }, span: span(44) })
    expect(sourceOf('{ file: ../ada.pem }')).toMatchObject({ source: { file: 'ada.pem' } })
    expect(sourceOf('{ generate: password }')).toMatchObject({ source: { generate: 'password' } })
  })

  it('is no secret: its text is told nowhere', () => {
    expect(load('hunter2').text).toBe(`\
error[manifest.literal-secret]: a secret never stands in a manifest, only where it comes from
  --> people/ada.yaml:2:20
   2 |   ada: { password: ******* }
     |                    ^^^^^^^
  help: write \`{ env: NAME }\`, \`{ file: path/to/it }\` or \`{ generate: password }\`; if this was one, change it wherever it is used`)
  })

  it.each([
    ['null', 'manifest.literal-secret', 'null'],
    ['[hunter2]', 'manifest.literal-secret', '[hunter2]'],
    ['"hunter2"', 'manifest.literal-secret', '"hunter2"'],
    ['{ value: hunter2 }', 'manifest.bad-secret', 'value'],
    ['{ evn: hunter2 }', 'manifest.bad-secret', 'evn'],
    ['{ env: "hunter2!" }', 'manifest.bad-secret', '"hunter2!"'],
    ['{ env: [hunter2] }', 'manifest.bad-secret', '[hunter2]'],
    ['{ generate: hunter2 }', 'manifest.bad-secret', 'hunter2'],
    ['{ env: A, file: hunter2 }', 'manifest.bad-secret', '{ env: A, file: hunter2 }'],
    ['{}', 'manifest.bad-secret', '{}'],
    ['{ file: ../../hunter2 }', 'manifest.bad-secret', '../../hunter2'],
    ['{ file: /hunter2 }', 'manifest.bad-secret', '/hunter2'],
    ['{ file: .env }', 'manifest.bad-secret', '.env'],
    ['{ file: node_modules/hunter2 }', 'manifest.bad-secret', 'node_modules/hunter2'],
  ])('%s is refused, and hidden', (written, code, underlined) => {
    const { text } = load(written)
    expect(text).toContain(`error[${code}]`)
    expect(text).not.toContain('hunter2')
    expect(text).toMatch(new RegExp(`\\| +\\^{${underlined.length}}\\n`))
  })

  it('is hidden where something else is wrong in the same line', () => {
    expect(load('hunter2, tags: { team: [hunter] }').text).not.toContain('hunter2')
  })

  it('is hidden over all of its lines', () => {
    const { text } = loadManifest(
      'users:\n  ada:\n    password:\n      - hunter2\n      - hunter2\n    tags: { team: 7 }\n',
    )
    expect(text).toContain('manifest.literal-secret')
    expect(text).not.toContain('hunter2')
  })

  it('is helped with its key', () => {
    expect(load('{ evn: A }').text).toContain('help: did you mean `env`?')
  })

  it('stands in the JSON Schema as one of three forms', () => {
    const manifest = jsonSchemas(kinds).manifest
    expect(JSON.stringify(manifest)).toContain('"required":["generate"]')
    const schema = z.toJSONSchema(z.object({ password: secretSourceSchema('It') }), {
      unrepresentable: 'any',
    })
    expect(schema.properties?.password).toMatchObject({
      oneOf: [{ required: ['env'] }, { required: ['file'] }, { required: ['generate'] }],
    })
  })
})
