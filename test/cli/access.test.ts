import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AccessDiff } from '../../src/access/access-diff.ts'
import type { AccessEntry } from '../../src/access/access-entry.ts'
import type { Probe, Proof } from '../../src/access/analysis.ts'
import { type CommandOutcome, FailedWith, type Flags, type Invocation } from '../../src/cli/command.ts'
import { run as runCheck } from '../../src/cli/commands/access-check.ts'
import { run as runDiff } from '../../src/cli/commands/access-diff.ts'
import type { AccessAnalysis, OpenAnalysis } from '../../src/cli/questions/access-analysis.ts'
import { DiagnosticError } from '../../src/diagnostics/index.ts'
import { REPORT_KINDS } from '../../src/kinds/report.ts'
import type { Estate, PlacedDocument } from '../../src/model/index.ts'
import { json } from '../../src/report/formats/json.ts'
import { text } from '../../src/report/formats/text.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'

const PROJECT = `version: 1
accounts:
  first: { id: "111122223333", manifests: [first], target: { kind: local, database: .iam-sync/first.db } }
  second: { id: "444455556666", manifests: [second], target: { kind: local, database: .iam-sync/second.db } }
`
const ONE_ACCOUNT = PROJECT.split('\n').slice(0, 3).join('\n')

/** Committed: alice alone, in one account. By now: bob, too, and a second account. */
async function changedProject(): Promise<string> {
  const folder = temporaryFolder({ 'iam-sync.yaml': ONE_ACCOUNT, 'first/a.yaml': 'users: { alice: {} }\n' })
  await commitAll(folder, 'first')
  writeFiles(folder, {
    'iam-sync.yaml': PROJECT,
    'first/a.yaml': '# moved by a line\nusers: { alice: {}, bob: {} }\n',
    'second/a.yaml': 'users: { carol: {} }\n',
  })
  return folder
}

const noChanges: AccessDiff = { verdict: 'none', gained: [], lost: [], unknown: [], escalations: [] }

const entry = (name: string, over: Partial<AccessEntry> = {}): AccessEntry => ({
  kind: 'action',
  principals: [`arn:aws:iam::111122223333:user/${name}`],
  actions: ['s3:GetObject'],
  levels: { permissions: 0, write: 0, tagging: 0, read: 1, list: 0 },
  resources: ['*'],
  notResources: [],
  conditions: {},
  witness: {
    principal: `arn:aws:iam::111122223333:user/${name}`,
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::data/x',
    context: new Map(),
  },
  via: [],
  tier: 'typed',
  source: null,
  policy: 'inline:own',
  sid: null,
  because: null,
  isPotential: false,
  ...over,
})
const unknown = {
  principals: ['arn:aws:iam::111122223333:role/x'],
  direction: 'gained',
  reason: 'budget',
  policy: 'inline:own',
  sid: null,
  source: null,
} as const

const holds: Proof = { holds: true, violations: [], unknown: [] }

interface Asked {
  readonly estates: Estate[]
  readonly accounts: (readonly string[])[]
  readonly documents: PlacedDocument[]
  readonly probes: Probe[]
}

function analysis(answers: { readonly diff?: (account: string) => AccessDiff; readonly proof?: Proof }): {
  readonly asked: Asked
  readonly open: OpenAnalysis
} {
  const asked: Asked = { estates: [], accounts: [], documents: [], probes: [] }
  const { diff = () => noChanges, proof = holds } = answers
  const made: AccessAnalysis = {
    diffEstates: async (before, after, accounts) => {
      asked.estates.push(before, after)
      asked.accounts.push(accounts)
      return new Map(accounts.map((id) => [id, diff(id)]))
    },
    diffPolicies: async (before, after) => {
      asked.documents.push(before, after)
      return diff('')
    },
    notGranted: async (estate, probe, accounts) => {
      asked.estates.push(estate)
      asked.probes.push(probe)
      asked.accounts.push(accounts)
      return proof
    },
    noPublicAccess: async (estate, accounts) => {
      asked.estates.push(estate)
      asked.accounts.push(accounts)
      return holds
    },
    noOutsideAccess: async () => holds,
    whoMay: async () => proof,
    escalations: async () => ({ holds: true, escalations: [], unknown: [] }),
    newEscalations: async () => ({ holds: true, escalations: [], unknown: [] }),
    proveInvariant: async () => holds,
  }
  return { asked, open: async () => made }
}

const invocation = (folder: string, flags: Flags, accounts: readonly string[] = []): Invocation => ({
  folder,
  accounts,
  format: 'json',
  isDocument: true,
  flags,
  streams: { outColor: false } as never,
})

const usersIn = (estate: Estate | undefined) =>
  estate?.accounts.map(({ account, entities: { user: users } }) => [account.id, ...users.keys()])
const given = ({ diagnostics, texts }: CommandOutcome) =>
  ({ diagnostics, kinds: REPORT_KINDS, texts, options: { color: false }, layout: 'whole' }) as const
const bodyOf = (outcome: CommandOutcome) => {
  const {
    formatVersion: _,
    diagnostics: __,
    ...body
  } = JSON.parse(json.render(outcome.result, given(outcome)) ?? '')
  return body
}
const textOf = (outcome: CommandOutcome) => text.render(outcome.result, given(outcome))

async function codesOf(ran: Promise<unknown>): Promise<readonly string[]> {
  const error = await ran.then(
    () => null,
    (thrown: unknown) => (thrown instanceof FailedWith ? thrown.cause : thrown),
  )
  if (!(error instanceof DiagnosticError)) throw new Error('it did not fail as expected', { cause: error })
  return error.diagnostics.map(({ code }) => code)
}

describe('access diff of states', () => {
  test('compares every account; one that a state does not have is empty there', async () => {
    const folder = await changedProject()
    const { asked, open } = analysis({
      diff: (id) =>
        id === '111122223333' ? { ...noChanges, verdict: 'gained', gained: [entry('bob')] } : noChanges,
    })
    const outcome = await runDiff(invocation(folder, { old: 'git:main', new: 'desired' }), open)
    expect(usersIn(asked.estates[0])).toEqual([['111122223333', 'alice'], ['444455556666']])
    expect(usersIn(asked.estates[1])).toEqual([
      ['111122223333', 'alice', 'bob'],
      ['444455556666', 'carol'],
    ])
    expect(bodyOf(outcome).accounts).toMatchObject([
      { account: { id: '111122223333', name: 'first' }, access: { verdict: 'gained' } },
      { account: { id: '444455556666', name: 'second' }, access: { verdict: 'none' } },
    ])
    expect(textOf(outcome)).toContain(
      'first (111122223333)\n\naccess: gained by 1 principal (new)\n\n+ user/bob (new)\n    s3  read 1',
    )
    expect(textOf(outcome)).toContain('second (444455556666)\n\naccess: no changes')
    expect(outcome.exitCode).toBe(0)
  })

  test('with --exit-code a change is 2, and so is what is not known; none is 0', async () => {
    const folder = await changedProject()
    const codeFor = async (diff: AccessDiff) => {
      const flags = { old: 'git:main', new: 'desired', exitCode: true }
      return (await runDiff(invocation(folder, flags), analysis({ diff: () => diff }).open)).exitCode
    }
    expect(await codeFor(noChanges)).toBe(0)
    expect(await codeFor({ ...noChanges, verdict: 'lost', lost: [entry('x')] })).toBe(2)
    expect(await codeFor({ ...noChanges, verdict: 'unknown', unknown: [unknown] })).toBe(2)
  })

  test('lines of what is lost are those of the text before', async () => {
    const folder = await changedProject()
    const source = { file: 'first/a.yaml', start: 0, end: 1 }
    const later = { file: 'first/a.yaml', start: 20, end: 21 }
    const { open } = analysis({
      diff: () => ({
        ...noChanges,
        verdict: 'both',
        gained: [entry('a', { source: later })],
        lost: [entry('b', { source: later }), entry('c', { source })],
      }),
    })
    const outcome = await runDiff(invocation(folder, { old: 'git:main', new: 'desired' }, ['first']), open)
    const { access } = bodyOf(outcome).accounts[0]
    expect(access.gained[0].source).toEqual({ file: 'first/a.yaml', line: 2 })
    expect(access.lost.map((each: { source: { line: number } }) => each.source.line)).toEqual([1, 1])
  })

  test('--account selects; what is applied can be compared', async () => {
    const folder = await changedProject()
    const { asked, open } = analysis({})
    await runDiff(invocation(folder, { old: 'observed', new: 'desired' }, ['second']), open)
    expect(asked.accounts).toEqual([['444455556666']])
    expect(usersIn(asked.estates[0])).toEqual([['111122223333'], ['444455556666']])
    expect(
      await codesOf(runDiff(invocation(folder, { old: 'git:main', new: 'desired' }, ['third']), open)),
    ).toEqual(['cli.unknown-account'])
  })

  test('a commit with errors is named before its errors', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': ONE_ACCOUNT, 'first/a.yaml': 'users: []\n' })
    await commitAll(folder, 'broken')
    writeFiles(folder, { 'first/a.yaml': 'users: {}\n' })
    const ran = runDiff(invocation(folder, { old: 'git:main', new: 'desired' }), analysis({}).open)
    expect(await codesOf(ran)).toEqual(['cli.invalid-base', 'manifest.wrong-type'])
  })
})

describe('access diff of policy files', () => {
  const policy = (action: string) =>
    `{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "${action}", "Resource": "*" }] }`
  const files = temporaryFolder({
    'old.json': policy('s3:Get*'),
    'new.yaml': policy('s3:*'),
    'bad.json': '{ "Statement": [{ "Effect": "Allow" }] }',
  })
  const diffOf = (old: string, recent: string, open: OpenAnalysis | null) =>
    runDiff(invocation('.', { old: join(files, old), new: join(files, recent), exitCode: true }), open)

  test('needs no project, and has no account', async () => {
    const gained = entry('x', { principals: [] })
    const { asked, open } = analysis({ diff: () => ({ ...noChanges, verdict: 'gained', gained: [gained] }) })
    const outcome = await diffOf('old.json', 'new.yaml', open)
    expect(asked.documents.map(({ located }) => located?.file)).toEqual([
      join(files, 'old.json'),
      join(files, 'new.yaml'),
    ])
    expect(bodyOf(outcome).accounts).toMatchObject([{ account: null, access: { verdict: 'gained' } }])
    expect(textOf(outcome)).toContain('+ whoever holds it')
    expect(outcome.exitCode).toBe(2)
  })

  test('that hold no policy are refused', async () => {
    expect(await codesOf(diffOf('old.json', 'bad.json', analysis({}).open))).toEqual([
      'policy.missing-element',
      'policy.missing-element',
    ])
    expect(await codesOf(diffOf('old.json', 'none.json', analysis({}).open))).toEqual(['cli.policy-file'])
  })

  test('without an analysis it is said that there is none', async () => {
    expect(await codesOf(diffOf('old.json', 'new.yaml', null))).toEqual(['cli.not-supported-yet'])
  })
})

describe('access check', () => {
  const check = async (folder: string, flags: Flags, answers: Parameters<typeof analysis>[0] = {}) => {
    const { asked, open } = analysis(answers)
    const outcome = await runCheck(invocation(folder, flags), open)
    return { asked, outcome, body: bodyOf(outcome) }
  }

  test('of what is not granted asks for all actions and resources at once', async () => {
    const folder = await changedProject()
    const { asked, outcome, body } = await check(folder, {
      notGranted: ['s3:Delete*, s3:PutObject', 's3:GetObject'],
      resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
    })
    expect(asked.probes).toEqual([
      {
        actions: ['s3:Delete*', 's3:PutObject', 's3:GetObject'],
        resources: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
        context: new Map(),
      },
    ])
    expect([outcome.exitCode, body]).toEqual([0, { holds: true, violations: [], unknown: [] }])
    expect(textOf(outcome)).toBe(
      'holds    nobody may s3:Delete*, s3:PutObject, s3:GetObject on arn:aws:s3:::a/*, arn:aws:s3:::b/*',
    )
  })

  test('fails by what is allowed, and by what is not known', async () => {
    const folder = await changedProject()
    const flags = { notGranted: ['s3:*'], publicAccess: false }
    const broken = await check(folder, flags, {
      proof: { holds: false, violations: [entry('bob')], unknown: [] },
    })
    expect([broken.outcome.exitCode, broken.body.holds, broken.body.violations.length]).toEqual([4, false, 1])
    expect(textOf(broken.outcome)).toMatch(
      /^FAIL {5}nobody may s3:\*\n {2}\+ arn:.*bob[\s\S]*\nholds {4}no public access$/,
    )
    // Claimed to hold, and yet something is unknown.
    const doubtful = await check(folder, flags, { proof: { ...holds, unknown: [unknown] } })
    expect([doubtful.outcome.exitCode, doubtful.body.holds]).toEqual([4, 'unknown'])
  })

  test('of new access: gains break it, losses do not', async () => {
    const folder = await changedProject()
    const of = (diff: AccessDiff) => check(folder, { newAccess: 'main' }, { diff: () => diff })
    const lost = await of({ ...noChanges, verdict: 'lost', lost: [entry('alice')] })
    expect([lost.outcome.exitCode, lost.body.holds]).toEqual([0, true])
    expect(usersIn(lost.asked.estates[0])).toEqual([['111122223333', 'alice'], ['444455556666']])
    const gained = await of({ ...noChanges, verdict: 'gained', gained: [entry('bob')] })
    expect([gained.outcome.exitCode, gained.body.violations.length]).toEqual([4, 2])
    const doubtful = await of({ ...noChanges, verdict: 'unknown', unknown: [unknown] })
    expect([doubtful.outcome.exitCode, doubtful.body.holds]).toEqual([4, 'unknown'])
    const elsewhere = await of({
      ...noChanges,
      verdict: 'unknown',
      unknown: [{ ...unknown, direction: 'lost' }],
    })
    expect([elsewhere.outcome.exitCode, elsewhere.body.unknown]).toEqual([0, []])
  })

  test('without an analysis it is said that there is none', async () => {
    const folder = await changedProject()
    expect(await codesOf(runCheck(invocation(folder, { publicAccess: false }), null))).toEqual([
      'cli.not-supported-yet',
    ])
  })
})
