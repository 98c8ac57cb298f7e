import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LoadMemory } from '../../src/manifest/load-memory.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
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
      expect(loadProject({ files, facts: AWS, memory }).project).toEqual(
        loadProject({ files, facts: AWS }).project,
      )
  })

  test('keeps the trees of unchanged files', () => {
    const memory = new LoadMemory()
    const nodeOf = () =>
      loadProject({ files: good, facts: AWS, memory }).project.accounts[0]?.desired?.groups.get('g')?.node
    const first = nodeOf()
    expect(first).toBeDefined()
    expect(nodeOf()).toBe(first)
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
          const { project } = loadProject({ files, facts: AWS })
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
      { numRuns: 1500 },
    )
  })
})
