import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { DECLARED_TARGETS } from '../../src/manifest/project/declared-targets.ts'
import { DEFAULT_GUARD } from '../../src/manifest/project/project-file.ts'
import { organization, organizationalUnit, resource } from '../../src/manifest/schema/estate-schema.ts'
import { invariant, manifestSchema, policyTest } from '../../src/manifest/schema/manifest-schema.ts'
import { projectSchemas } from '../../src/manifest/schema/project-schema.ts'
import { PASSWORD_POLICY_DEFAULTS } from '../../src/model/index.ts'
import { load } from '../manifest/sample.ts'

const text = readFileSync(new URL('../../docs/manifest.md', import.meta.url), 'utf8')

interface Example {
  readonly line: number
  readonly files: Readonly<Record<string, string>>
  /** The one code that it is to give; null: no problem at all. */
  readonly error: string | null
}

const attribute = (info: string, name: string): string | null =>
  new RegExp(`(?:^| )${name}=(\\S+)`).exec(info)?.[1] ?? null

/**
 * The examples of the page. Blocks that name a `file` are one project with all others under the same heading that do;
 * each other one is the only manifest of an account.
 */
function examples(): readonly Example[] {
  const found: Example[] = []
  const projects = new Map<string, Example>()
  let heading = ''
  for (const match of text.matchAll(/^#+ (.+)$|^```(yaml|json)(.*)\n([\s\S]*?)^```$/gm)) {
    const [, title, language, info = '', content = ''] = match
    const line = text.slice(0, match.index).split('\n').length
    if (title !== undefined) heading = title
    if (language === undefined) continue
    const error = attribute(info, 'error')
    const file = attribute(info, 'file')
    const known = projects.get(heading)
    if (file === null) found.push({ line, files: { 'main.yaml': content }, error })
    else if (known === undefined) projects.set(heading, { line, files: { [file]: content }, error })
    else projects.set(heading, { ...known, files: { ...known.files, [file]: content } })
  }
  return [...found, ...projects.values()].sort((a, b) => a.line - b.line)
}

const { account, project } = projectSchemas(MANIFEST_KINDS)

describe('docs/manifest.md', () => {
  test('has examples, some of which show errors', () => {
    expect(examples().length).toBeGreaterThan(15)
    expect(examples().filter(({ error }) => error !== null).length).toBeGreaterThan(5)
  })

  test.each(examples())('the example in line $line loads as the page says', ({ files, error }) => {
    const { project: loaded, texts } = load(files)
    const shown = loaded.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, texts)).join('\n\n')
    const codes = loaded.diagnostics.map(({ code }) => code)
    expect(codes, shown).toEqual(error === null ? [] : [error])
  })

  test.each([
    ['The project file', project],
    ['An account', account],
    ['The local target', DECLARED_TARGETS.local.schema],
    ['An account at an endpoint', DECLARED_TARGETS.aws.schema],
    ['Manifests', manifestSchema(MANIFEST_KINDS)],
    ['Users', MANIFEST_KINDS.entities.user.schema],
    ['SSH public keys', MANIFEST_KINDS.children.sshPublicKey.schema],
    ['Signing certificates', MANIFEST_KINDS.children.signingCertificate.schema],
    ['Groups', MANIFEST_KINDS.entities.group.schema],
    ['Roles', MANIFEST_KINDS.entities.role.schema],
    ['Policies', MANIFEST_KINDS.entities.policy.schema],
    ['Instance profiles', MANIFEST_KINDS.entities.instanceProfile.schema],
    ['Service-linked roles', MANIFEST_KINDS.entities.serviceLinkedRole.schema],
    ['Password policy', MANIFEST_KINDS.settings.passwordPolicy.schema],
    ['Organization', organization],
    ['Organizational units', organizationalUnit],
    ['Resources', resource],
    ['Tests', policyTest],
    ['Invariants', invariant],
    ['Guard', project.shape.guard],
  ])('the table of "%s" has the keys of the schema and no others', (heading, schema) => {
    expect(keysUnder(heading)).toEqual(keysOf(schema).sort())
  })

  test('the scopes are of the kinds that the schema has', () => {
    const listed = /Keys: (.+)\. Never in scope/.exec(text)?.[1]
    expect([...(listed ?? '').matchAll(/`(\w+)`/g)].map(([, key]) => key).sort()).toEqual(
      keysOf(project.shape.scope).sort(),
    )
  })

  test('every quota is listed with its default', () => {
    const listed = [...sectionUnder('Quotas').matchAll(/`(\w+)` \| (\d+)/g)]
    expect(Object.fromEntries(listed.map(([, name, value]) => [name, Number(value)]))).toEqual({
      ...DEFAULT_QUOTAS,
    })
  })

  test('the defaults of the password policy are those of the code', () => {
    const listed = [
      ...sectionUnder('Password policy').matchAll(/^\| `(\w+)` \| .* \| `?(\w+)`?(?::.*)? \|$/gm),
    ]
    expect(Object.fromEntries(listed.map(([, name, value]) => [name, JSON.parse(value ?? '')]))).toEqual({
      ...PASSWORD_POLICY_DEFAULTS,
    })
  })

  test('the defaults of the guard are those of the code', () => {
    const { maxDeletePercent, minimumExisting } = DEFAULT_GUARD
    expect(text).toContain(`| \`maxDeletePercent\` | 0 to 100 | ${maxDeletePercent} |`)
    expect(text).toContain(`| \`minimumExisting\` | whole number | ${minimumExisting} |`)
  })

  test('lists every key of later versions, each of which is refused by name', () => {
    const source = readFileSync(
      new URL('../../src/manifest/schema/schema-issues.ts', import.meta.url),
      'utf8',
    )
    const inSource = /const COMING[^[]*\[([^\]]*)\]/.exec(source)?.[1] ?? ''
    const coming = [...inSource.matchAll(/'(\w+)'/g)].map(([, key = '']) => key)
    const [list = ''] = sectionUnder('Keys of later versions').split('; and the target kinds')
    const listed = [...list.matchAll(/`(\w+)`/g)].map(([, key = '']) => key)
    expect(listed).toEqual(coming)
    for (const key of listed)
      expect(load({ 'main.yaml': `${key}: {}\n` }).project.diagnostics.map(({ code }) => code)).toEqual([
        'manifest.not-supported-yet',
      ])
  })
})

/** From a heading to the next one of any depth. */
function sectionUnder(heading: string): string {
  const [, section] = text.split(`\n${headingLine(heading)}\n`)
  if (section === undefined) throw new Error(`docs/manifest.md has no heading "${heading}"`)
  return section.split(/^#/m)[0] ?? ''
}

const headingLine = (heading: string): string =>
  text.split('\n').find((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading) ?? ''

const keysUnder = (heading: string): readonly (string | undefined)[] =>
  [...sectionUnder(heading).matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key).sort()

/** The keys of an object's schema, whether it may be left out or not. */
function keysOf(schema: { readonly _zod: { readonly def: { readonly type: string } } }): string[] {
  const def = schema._zod.def as { readonly shape?: object; readonly innerType?: typeof schema }
  return def.innerType === undefined ? Object.keys(def.shape ?? {}) : keysOf(def.innerType)
}
