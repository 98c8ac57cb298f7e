import { beforeAll, describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../src/access/access-diff.ts'
import { type AccessAnalyzer, createAccessAnalyzer } from '../../src/access/analyzer.ts'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import { accessChanges } from '../../src/cli/questions/access-changes.ts'
import type { SourceTexts } from '../../src/diagnostics/index.ts'
import { createBatchEvaluator } from '../../src/evaluator/batch/batch.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import { byKind, type Estate } from '../../src/model/index.ts'
import { accessJson } from '../../src/report/access/access-json.ts'
import { accessChangesText } from '../../src/report/plans/previewed-plan.ts'
import { readDirectory } from '../../src/source/directory.ts'
import { IS_WHOLE } from '../sample-size.ts'

const ACCOUNT = '111122223333'

let facts: ManagedPolicyFacts
let analyzer: AccessAnalyzer
let acme: Loaded

interface Loaded {
  readonly estate: Estate
  readonly texts: SourceTexts
}

beforeAll(async () => {
  facts = await loadManagedPolicies()
  analyzer = await createAccessAnalyzer({
    documentOf: (arn) => facts.document(arn),
    now: new Date('2026-06-01T12:00:00Z'),
  })
  acme = load()
})

/** `examples/acme`, with some texts changed. */
function load(edits: readonly (readonly [file: string, from: string | RegExp, to: string])[] = []): Loaded {
  const files = new Map(readDirectory('examples/acme').files)
  for (const [file, from, to] of edits) {
    const text = files.get(file) ?? ''
    const edited = text.replace(from, to)
    if (edited === text) throw new Error(`${file} has no ${from}`)
    files.set(file, edited)
  }
  const { project, texts } = loadProject({ kinds: MANIFEST_KINDS, files, facts })
  return { estate: declaredEstate(project), texts }
}

/**
 * What stands below one sign, line for line, and below it for others again: names of users of the account and their
 * requests aside, which differ anyway.
 */
function saidTwice(text: string): readonly string[] {
  const blocks = text
    .split(/\n(?=[-+~?±] |\n)/)
    .filter((block) => /^[-+] /.test(block))
    .flatMap((block) => {
      const [head = '', ...lines] = block.split('\n')
      const statements = lines.join('\n').split(/\n(?= {4}\S)/)
      return statements.map((statement) =>
        `${head[0]} ${statement}`.replace(/\n {6}e\.g\. [\s\S]*$/, '').replace(/\buser\/[\w.-]+/g, 'user/…'),
      )
    })
    .filter((block) => block.includes('\n'))
  return blocks.filter((block, index) => blocks.indexOf(block) < index)
}

/** Of comparisons that are made already, by what is compared. */
const known = new Map<string, Promise<{ diff: AccessDiff; text: string }>>()

function changed(name: string): Promise<{ diff: AccessDiff; text: string }> {
  let found = known.get(name)
  if (found === undefined) {
    found = compared(...pairOf(name))
    known.set(name, found)
  }
  return found
}

async function compared(before: Loaded, after: Loaded): Promise<{ diff: AccessDiff; text: string }> {
  const diff = analyzer.diffEstates(before.estate, after.estate, [ACCOUNT]).get(ACCOUNT)
  const [old, now] = [before.estate.accounts[0], after.estate.accounts[0]]
  if (diff === undefined || old === undefined || now === undefined) throw new Error('no account')
  const changes = await accessChanges(diff, { before: old, after: now })
  const shown = { ...changes, context: { ...changes.context, earlier: before.texts } }
  return { diff, text: accessChangesText(shown, after.texts, { color: false }) }
}

/** Nothing applied yet. */
const empty = (): Loaded => ({
  ...acme,
  estate: {
    ...acme.estate,
    accounts: acme.estate.accounts.map((state) => ({
      ...state,
      entities: byKind(() => new Map<string, never>()),
    })),
  },
})

type Edits = NonNullable<Parameters<typeof load>[0]>

/** `first`: what both sides have otherwise than `examples/acme`. */
const EDITS: readonly (readonly [name: string, edits: Edits, first?: Edits])[] = [
  [
    'a user becomes an administrator',
    [
      ['people/data.yaml', /(pilar\.brandt:\n.*\n {4}groups: \[staff, data-engineers)\]/, '$1, admins]'],
      ['account/groups.yaml', 'members: [bogdan', 'members: [pilar.brandt, bogdan'],
    ],
  ],
  [
    'a NotAction where a few actions stood',
    [
      [
        'policies/data.yaml',
        'Action: [s3:PutObject, s3:DeleteObject, s3:PutObjectTagging]',
        'NotAction: [iam:*, s3:PutObject]',
      ],
    ],
  ],
  [
    'administrators no longer need a second factor',
    [
      [
        'policies/guardrails.yaml',
        /( {10}Resource: "\*"\n) {10}Condition:\n {12}Bool: \{ aws:MultiFactorAuthPresent: "true" \}\n/,
        '$1',
      ],
    ],
    [['people/leadership.yaml', / {4}mfa: .*\n/g, '']],
  ],
  [
    'a role trusts another account',
    [
      ['roles/cross-account.yaml', 'AWS: "{{ variables.backupAccount }}"', 'AWS: "222233334444"'],
      ['roles/cross-account.yaml', '{{ variables.backupAccount }}:role/vault', '222233334444:role/vault'],
    ],
  ],
  ['a boundary is narrowed', [['policies/guardrails.yaml', 's3:*, logs:*', 's3:GetObject, logs:*']]],
  ['a role goes', [['roles/cross-account.yaml', / {2}vendor-monitoring:[\s\S]*?\n\n/, '']]],
  [
    'one action more for a hundred people',
    [
      [
        'policies/engineering.yaml',
        '- logs:DescribeLogGroups\n',
        '- logs:DescribeLogGroups\n            - logs:DeleteLogGroup\n',
      ],
    ],
  ],
  [
    'a second factor is asked of three people',
    [
      [
        'people/data.yaml',
        /( {4}tags: \{ name: (?:Ines Ozturk|Fatou Traore|Pilar Brandt), .*\n)/g,
        '$1    mfa: { required: true, enforce: true }\n',
      ],
    ],
  ],
  [
    'a tag that conditions speak of',
    [['people/engineering.yaml', /(sven\.kovac:[\s\S]*?)team: payments/, '$1team: platform']],
  ],
]

const NEW = 'a whole new account'
const GONE = 'an account that goes'

const states = new Map<string, readonly [Loaded, Loaded]>()

function pairOf(name: string): readonly [Loaded, Loaded] {
  let pair = states.get(name)
  if (pair === undefined) {
    const edited = EDITS.find(([title]) => title === name)
    const [edits, first] = [edited?.[1] ?? [], edited?.[2] ?? []]
    pair =
      name === NEW
        ? [empty(), acme]
        : name === GONE
          ? [acme, empty()]
          : [first.length === 0 ? acme : load(first), load([...first, ...edits])]
    states.set(name, pair)
  }
  return pair
}

const fileOf = (name: string) => `golden/acme-${name.replaceAll(' ', '-')}.txt`

/** What takes longest is told of in the soak alone. */
const LONG: ReadonlySet<string> = new Set([
  'a boundary is narrowed',
  'administrators no longer need a second factor',
  'a NotAction where a few actions stood',
  'one action more for a hundred people',
])
const TOLD = EDITS.filter(([name]) => IS_WHOLE || !LONG.has(name))

describe('a reviewer reads', () => {
  test.each(TOLD.map(([name]) => name))('%s', async (name) => {
    const { text } = await changed(name)
    await expect(text).toMatchFileSnapshot(fileOf(name))
    expect(text.split('\n').length).toBeLessThan(90)
    expect(saidTwice(text)).toEqual([])
  })

  test.runIf(IS_WHOLE)('of a whole new account some hundred lines', async () => {
    const { text } = await changed(NEW)
    await expect(text).toMatchFileSnapshot(fileOf('from nothing'))
    expect(text.split('\n').length).toBeLessThan(150)
  })

  test('of a name that changes nothing, that nothing changes', async () => {
    const { diff } = await compared(acme, load([['policies/data.yaml', 'Sid: ReadLake', 'Sid: ReadTheLake']]))
    expect(diff.verdict).toBe('none')
  })
})

test('every witness is a request of `evaluate --batch`', async () => {
  const batch = await createBatchEvaluator()
  let asked = 0
  // What goes is what comes, the other way round: it has the most witnesses of all.
  for (const name of [...(IS_WHOLE ? [NEW, GONE] : []), ...TOLD.map(([title]) => title)]) {
    const [before, after] = pairOf(name)
    const { diff } = await changed(name)
    const json = JSON.parse(JSON.stringify(accessJson(diff, after.texts, before.texts)))
    const lines = [...json.gained, ...json.lost, ...json.escalations].map(({ witness }, index) =>
      JSON.stringify({ id: `${index}`, request: witness }),
    )
    asked += lines.length
    for (const answer of batch.answer(lines)) expect(answer).toMatchObject({ isDecided: true })
  }
  expect(asked).toBeGreaterThan(IS_WHOLE ? 300 : 20)
})
