import { describe, expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { LoadMemory } from '../../src/manifest/cache/load-memory.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import fc from '../fixed-seed.ts'
import { sampleOf } from '../sample-size.ts'
import { BAD_INPUT } from './bad-input.ts'
import { AWS, PROJECT } from './sample.ts'

const FOLDERS = BAD_INPUT.map(
  ({ manifest, files = {} }) =>
    new Map(
      Object.entries({
        'iam-sync.yaml': PROJECT,
        ...files,
        ...(manifest === undefined ? {} : { 'main.yaml': manifest }),
      }),
    ),
)
const good = new Map([
  ['iam-sync.yaml', PROJECT],
  [
    'main.yaml',
    'users:\n  "{{ account.name }}": { groups: [g], managedPolicies: [ReadOnlyAccess] }\ngroups: { g: {} }\n',
  ],
])

describe('a memory that is kept between loads', () => {
  test('changes no result, whatever was loaded before', () => {
    const memory = new LoadMemory()
    for (const files of [good, ...FOLDERS, good, ...FOLDERS])
      expect(loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS, memory }).project).toEqual(
        loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS }).project,
      )
  })

  test('keeps the trees of unchanged files', () => {
    const memory = new LoadMemory()
    const nodeOf = () =>
      loadProject({
        kinds: MANIFEST_KINDS,
        files: good,
        facts: AWS,
        memory,
      }).project.accounts[0]?.desired?.entities.group.get('g')?.node
    const first = nodeOf()
    expect(first).toBeDefined()
    expect(nodeOf()).toBe(first)
  })
})

describe('an entity whose own file is unchanged', () => {
  const STATEMENT = '{ Effect: Allow, Action: "s3:Get*", Resource: "*" }'
  const document = (version: string) => `{ Version: "${version}", Statement: [${STATEMENT}] }`
  const files: Readonly<Record<string, string>> = {
    'iam-sync.yaml': PROJECT,
    'users.yaml':
      'users:\n  alice: { groups: [g], managedPolicies: [p], inlinePolicies: { i: { file: i.json } } }\n  bob: &b { groups: [g], tags: { a: b } }\n  carol: *b\n  dave: { managedPolicies: [p] }\n',
    'groups.yaml': 'groups: { g: {} }\n',
    'policies.yaml': `policies: { p: { document: ${document('2012-10-17')} } }\n`,
    'i.json': JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] }),
  }
  const loaded = (memory: LoadMemory | undefined, changed: Readonly<Record<string, string>>) =>
    loadProject({
      kinds: MANIFEST_KINDS,
      files: new Map(Object.entries({ ...files, ...changed })),
      facts: AWS,
      ...(memory === undefined ? {} : { memory }),
    }).project
  const CHANGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a policy that it names moves': {
      'policies.yaml': `policies: { p: { path: /x/, document: ${document('2012-10-17')} } }\n`,
    },
    'a policy that it names goes': { 'policies.yaml': 'policies: {}\n' },
    'a group that it names goes': { 'groups.yaml': 'groups: { h: {} }\n' },
    'a file can no longer be read': { 'policies.yaml': 'policies: {\n' },
    'a document that it names changes': {
      'i.json': JSON.stringify({ Statement: [{ Effect: 'Deny', Action: 's3:Get*', Resource: '*' }] }),
    },
    'a quota becomes smaller': {
      'iam-sync.yaml': `${PROJECT}    target: { kind: local, quotas: { groupsPerUser: 0 } }\n`,
    },
    'the account gets another id': { 'iam-sync.yaml': PROJECT.replace('111122223333', '444455556666') },
    'the account is of another partition': { 'iam-sync.yaml': `${PROJECT}    partition: aws-cn\n` },
    'it becomes two accounts': {
      'iam-sync.yaml': `${PROJECT}  staging:\n    id: "444455556666"\n`,
    },
  }

  test('is read without a complaint at first', () => expect(loaded(undefined, {}).diagnostics).toEqual([]))

  test.each(Object.entries(CHANGES))(
    'is as without a memory when %s, and when that is undone',
    (_, changed) => {
      const memory = new LoadMemory()
      expect(loaded(undefined, changed)).not.toEqual(loaded(undefined, {}))
      for (const each of [{}, changed, {}, changed])
        expect(loaded(memory, each)).toEqual(loaded(undefined, each))
    },
  )

  test('is the same object when another entity changes', () => {
    const memory = new LoadMemory()
    const users = (changed: Readonly<Record<string, string>>) =>
      loaded(memory, changed).accounts[0]?.desired?.entities.user
    const before = users({})?.get('dave')
    expect(before).toBeDefined()
    const policies = `policies: { p: { description: d, document: ${document('2012-10-17')} } }\n`
    expect(users({ 'policies.yaml': policies })?.get('dave')).toBe(before)
  })
})

describe('any text', () => {
  const texts = FOLDERS.flatMap((files) => [...files.values()]).filter((text) => text.length < 2000)

  test('property: is never thrown at, and each place is inside of its file', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(
          fc.tuple(
            fc.nat(2000),
            fc.nat(3),
            fc.constantFrom(
              '',
              ' ',
              '\n',
              '\t',
              '"',
              "'",
              '{',
              '}',
              '[',
              ']',
              ':',
              ': ',
              '- ',
              '*a',
              '&a ',
              '<<: ',
              '{{',
              '}}',
              '|',
              '>',
              '%',
              '!',
              '#',
              '\\',
              '\0',
              'é',
              '😀',
              '0',
              'null',
            ),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.boolean(),
        (text, edits, inProject) => {
          let mutated = text
          for (const [at, length, insert] of edits) {
            const start = at % (mutated.length + 1)
            mutated = mutated.slice(0, start) + insert + mutated.slice(start + length)
          }
          const files = new Map([
            ['iam-sync.yaml', inProject ? mutated : PROJECT],
            ['main.yaml', inProject ? 'users: {}\n' : mutated],
            ['read.json', '{}'],
          ])
          const { project } = loadProject({ kinds: MANIFEST_KINDS, files, facts: AWS })
          for (const { span, related } of project.diagnostics)
            for (const place of [span, ...related.map((each) => each.span)]) {
              if (place === null) continue
              const length = files.get(place.file)?.length ?? -1
              expect(place.start).toBeGreaterThanOrEqual(0)
              expect(place.end).toBeGreaterThanOrEqual(place.start)
              expect(place.start).toBeLessThanOrEqual(length)
            }
        },
      ),
      { numRuns: sampleOf(1500) },
    )
  })
})
