import { describe, expect, it } from 'vitest'
import { renderDiagnostic } from '../../src/diagnostics/index.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { jsonSchemas } from '../../src/manifest/schema/json-schema.ts'
import { AWS } from '../manifest/sample.ts'
import { TOY_MANIFEST_KINDS } from './toy/kinds.ts'

const PROJECT = 'version: 1\naccounts: { production: { id: "111122223333" } }\n'
const WEB = `roles:
  web:
    trustPolicy:
      Version: "2012-10-17"
      Statement: { Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }
`

const filesOf = (manifest: string, project = ''): ReadonlyMap<string, string> =>
  new Map([
    ['iam-sync.yaml', PROJECT + project],
    ['main.yaml', WEB + manifest],
  ])

function load(manifest: string, project = '', memory = new LoadMemory()) {
  const loaded = loadProject({
    kinds: TOY_MANIFEST_KINDS,
    files: filesOf(manifest, project),
    facts: AWS,
    memory,
  })
  const shown = loaded.project.diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, loaded.texts))
  return { ...loaded, shown: shown.join('\n\n') }
}

const toysOf = ({ project }: ReturnType<typeof load>) =>
  Object.entries(project.accounts[0]?.desired?.entities ?? {}).find(([kind]) => kind === 'toy')?.[1]

describe('a kind that only a test knows, in manifests', () => {
  it('is read with its ARN, and all that it declares', () => {
    const loaded = load('toys: { car: { path: /x/, roles: [web], tags: { team: a } }, ball: }\n')
    expect(loaded.shown).toBe('')
    expect([...(toysOf(loaded)?.values() ?? [])]).toMatchObject([
      {
        kind: 'toy',
        arn: 'arn:aws:iam::111122223333:toy/x/car',
        roles: ['web'],
        tags: new Map([['team', 'a']]),
      },
      { kind: 'toy', arn: 'arn:aws:iam::111122223333:toy/ball' },
    ])
  })

  it('its scope and its protection stand in the project file', () => {
    const { project, shown } = load('', 'scope: { toys: { tag: { a: b } } }\nguard: { protect: [toy/car] }\n')
    expect(shown).toBe('')
    expect(project.scopes).toMatchObject({
      toy: { type: 'tag', tags: new Map([['a', 'b']]) },
      user: { type: 'declared' },
    })
    expect(project.guard.protect).toMatchObject([{ kind: 'toy', name: 'car' }])
  })

  it.each([
    [
      'an unknown key',
      'toys: { car: { role: [web] } }',
      '`role` is not a key of toy `car`',
      'role',
      'did you mean `roles`?',
    ],
    [
      'a key of something else',
      'toys: { car: { trustPolicy: {} } }',
      '`trustPolicy` is not a key of toy `car`',
      'trustPolicy',
      'trust is of roles',
    ],
    [
      'a name that nothing has',
      'toys: { car: { roles: [wbe] } }',
      'no role `wbe` is declared',
      'wbe',
      'did you mean `web`?',
    ],
    [
      "another kind's ARN",
      'toys: { car: { roles: ["arn:aws:iam::111122223333:user/web"] } }',
      '`arn:aws:iam::111122223333:user/web` is not the ARN of a role of this account',
      '"arn:aws:iam::111122223333:user/web"',
      'such an ARN is `arn:aws:iam::111122223333:role/NAME`',
    ],
    [
      'no list',
      'toys: { car: { roles: web } }',
      '`web` is not a list of roles',
      'web',
      'write a list: `[a, b]`, of names of roles',
    ],
    [
      'a bad name',
      'toys: { "a b": {} }',
      '`a b` can not be the name of a toy',
      '"a b"',
      '1 to 128 characters: letters, digits and `+=,.@_-`',
    ],
    [
      'a name twice',
      'toys: { car: {}, CAR: {} }',
      'the toy `CAR` is declared twice: `car` differs only in case',
      'CAR',
      'declare it once, or give one of the two another name',
    ],
    [
      'a section that is no map',
      'toys: [car]',
      '`toys` takes a map, not a list',
      '[',
      'write the name of each toy as a key: `NAME: { … }`',
    ],
    [
      'a mistyped section',
      'toyz: { car: {} }',
      '`toyz` is not a key of a manifest',
      'toyz',
      'did you mean `toys`?',
    ],
  ])('%s is shown where it stands', (_, manifest, message, underlined, help) => {
    const { project, texts } = load(`${manifest}\n`)
    const found = project.diagnostics.map((each) => ({
      message: each.message,
      help: each.help,
      underlined: texts.text('main.yaml')?.slice(each.span?.start, each.span?.end),
    }))
    expect(found).toEqual([{ message, help, underlined }])
  })

  it('a file, an attribute and a value are told with a caret', () => {
    expect(load('toys:\n  car:\n    roles: [web]\n    tags: { "aws:x": y }\n').shown).toBe(
      [
        'error[manifest.bad-tag]: the key `aws:x` is reserved',
        '  --> main.yaml:9:13',
        '   9 |     tags: { "aws:x": y }',
        '     |             ^^^^^^^',
        '  help: tags that begin with `aws:` are set by AWS alone',
      ].join('\n'),
    )
  })

  it('is read anew when what it names is gone, whatever is remembered', () => {
    const memory = new LoadMemory()
    const db = `roles: { db: { trustPolicy: { Version: "2012-10-17", Statement: [] } } }\n`
    const toys = filesOf('toys: { car: { roles: [db] } }\n')
    const codesOf = (files: ReadonlyMap<string, string>) =>
      loadProject({ kinds: TOY_MANIFEST_KINDS, files, facts: AWS, memory }).project.diagnostics.map(
        ({ code }) => code,
      )
    expect(codesOf(new Map([...toys, ['more.yaml', db]]))).not.toContain('manifest.unknown-role')
    expect(codesOf(toys)).toEqual(['manifest.unknown-role'])
  })

  it('stands in the JSON Schemas', () => {
    const { project, manifest } = jsonSchemas(TOY_MANIFEST_KINDS)
    expect(manifest).toMatchObject({
      properties: { toys: { anyOf: [{ propertyNames: { maxLength: 128 } }, { type: 'null' }] } },
    })
    expect(project).toMatchObject({ properties: { scope: { properties: { toys: {} } } } })
    expect(JSON.stringify(project)).toContain('serverCertificate|toy')
  })
})
