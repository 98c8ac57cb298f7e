import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { CHILD_KINDS, ENTITY_KINDS, SETTING_KINDS } from '../src/kinds/kind.ts'
import { runHere } from './cli/in-process.ts'
import { jsonOf } from './cli/run.ts'
import { blocksOf, commandsOf, Shell } from './docs/console-blocks.ts'
import { IS_WHOLE } from './sample-size.ts'

const examples = fileURLToPath(new URL('../examples', import.meta.url))
const workplace = mkdtempSync(join(tmpdir(), 'iam-sync-examples-'))
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

interface Question {
  readonly args: readonly string[]
  readonly exitCode: 0 | 2
  readonly decision: string
  /** Where the deciding statement stands. */
  readonly because: { readonly sid: string; readonly file: string }
}

interface Example {
  readonly name: string
  readonly counts: Readonly<Record<string, number>>
  readonly questions: readonly Question[]
  /** Whose access it gives takes seconds to tell, and `test/report/real-access.test.ts` has it: the first plan is the one that is applied. */
  readonly isLarge?: true
  /** Codes of what its apply says besides. */
  readonly says?: readonly string[]
}

/** What makes the first of each kind. */
const CREATES: Readonly<Record<string, string>> = {
  CreateUser: 'user',
  CreateGroup: 'group',
  CreateRole: 'role',
  CreatePolicy: 'policy',
  CreateOpenIDConnectProvider: 'oidcProvider',
  CreateSAMLProvider: 'samlProvider',
  CreateInstanceProfile: 'instanceProfile',
  CreateServiceLinkedRole: 'serviceLinkedRole',
  CreateAccessKey: 'accessKey',
  CreateServiceSpecificCredential: 'serviceSpecificCredential',
  UploadSSHPublicKey: 'sshPublicKey',
  UploadSigningCertificate: 'signingCertificate',
  UpdateAccountPasswordPolicy: 'passwordPolicy',
  CreateAccountAlias: 'accountAlias',
}

const EXAMPLES: readonly Example[] = [
  {
    name: 'organization',
    counts: { user: 1, role: 1 },
    questions: [
      {
        args: [
          'arn:aws:iam::222233334444:role/reporter',
          'kms:Decrypt',
          'arn:aws:kms:eu-west-1:111122223333:key/lake',
        ],
        exitCode: 0,
        decision: 'allow',
        because: { sid: 'ReadLake', file: 'apps/reporting.yaml' },
      },
      {
        args: [
          'arn:aws:iam::777766665555:user/eve',
          's3:GetObject',
          'arn:aws:s3:::reports-lake/2026/sales.csv',
        ],
        exitCode: 2,
        decision: 'explicit_deny',
        because: { sid: 'OnlyOurs', file: 'shared/organization.yaml' },
      },
    ],
  },
  {
    name: 'quickstart',
    counts: { user: 2, group: 2, role: 1, policy: 1 },
    questions: [
      {
        args: ['user/grace', 's3:PutObject', 'arn:aws:s3:::quickstart-site/index.html'],
        exitCode: 0,
        decision: 'allow',
        because: { sid: 'PublishPages', file: 'access.yaml' },
      },
      {
        args: ['user/grace', 's3:DeleteObject', 'arn:aws:s3:::quickstart-site/archive/2024.html'],
        exitCode: 2,
        decision: 'explicit_deny',
        because: { sid: 'KeepTheArchive', file: 'access.yaml' },
      },
    ],
  },
  {
    name: 'acme',
    isLarge: true,
    says: ['plan.required-missing', ...Array(5).fill('secret.handed-over')],
    counts: {
      user: 199,
      group: 11,
      role: 34,
      policy: 40,
      instanceProfile: 2,
      serviceLinkedRole: 2,
      oidcProvider: 1,
      samlProvider: 1,
      accessKey: 2,
      serviceSpecificCredential: 1,
      sshPublicKey: 1,
      signingCertificate: 1,
      passwordPolicy: 1,
      accountAlias: 1,
    },
    questions: [
      {
        args: ['user/alice', 's3:GetObject', 'arn:aws:s3:::acme-data/x'],
        exitCode: 0,
        decision: 'allow',
        because: { sid: 'ReadLake', file: 'policies/data.yaml' },
      },
      {
        // The statement stands in a JSON file of its own.
        args: ['role/nightly-etl', 's3:DeleteObject', 'arn:aws:s3:::acme-audit-logs/2026/11/01.json.gz'],
        exitCode: 2,
        decision: 'explicit_deny',
        because: { sid: 'NeverTheAuditLogs', file: 'policies/documents/workload-boundary.json' },
      },
    ],
  },
]

/** What was applied there before is not. */
const isOfTheExample = (path: string): boolean => !path.split(/[/\\]/).includes('.iam-sync')
const hasDatabase = (folder: string): boolean =>
  existsSync(join(folder, '.iam-sync')) &&
  readdirSync(join(folder, '.iam-sync')).some((file) => file.endsWith('.db'))

it('every example has its tests here', () => {
  // Pull requests have a test of their own, `test/reviews.test.ts`; `testing` has an application's, which run with these.
  const folders = readdirSync(examples, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !['reviews', 'testing'].includes(entry.name),
  )
  expect(folders.map(({ name }) => name).sort()).toEqual(EXAMPLES.map(({ name }) => name).sort())
})

/** Why acme has none of a kind: not for want of a place to declare it. */
const NOT_IN_ACME = {
  mfaDevice: 'who holds one assigns it',
  serverCertificate:
    'its private key would be a secret in git, or one more thing to give before the first apply',
}

it('acme has one of every kind', () => {
  const acme = EXAMPLES.find(({ name }) => name === 'acme')
  const kinds = [...ENTITY_KINDS, ...CHILD_KINDS, ...SETTING_KINDS]
  expect([...Object.keys(acme?.counts ?? {}), ...Object.keys(NOT_IN_ACME)].sort()).toEqual(kinds.sort())
})

it('an example is not applied without consent', async () => {
  const folder = join(workplace, 'unasked')
  cpSync(join(examples, 'quickstart'), folder, { recursive: true, filter: isOfTheExample })
  const ran = await runHere('apply', folder)
  expect(ran.code).toBe(1)
  expect(ran.err).toContain('--yes')
  expect(hasDatabase(folder)).toBe(false)
})

describe.each(EXAMPLES)('examples/$name', ({ name, counts, questions, isLarge, says = [] }) => {
  const folder = join(workplace, name)
  cpSync(join(examples, name), folder, { recursive: true, filter: isOfTheExample })

  it('is valid, without a remark', async () => {
    const ran = await runHere('validate', folder, '--json')
    expect(jsonOf(ran)).toEqual({ formatVersion: '1.0', diagnostics: [] })
    expect(ran.code).toBe(0)
  })

  it.skipIf(isLarge)('plans to create everything, and creates nothing by planning', async () => {
    const ran = await runHere('plan', folder, '--json', '--exit-code')
    expect(ran.code).toBe(2)
    const { plans } = jsonOf(ran)
    const planned: Record<string, number> = {}
    for (const { changes, unmanaged } of plans) {
      for (const { kind, action } of changes) {
        expect(action).toBe('create')
        planned[kind] = (planned[kind] ?? 0) + 1
      }
      expect(unmanaged).toEqual([])
    }
    // The organization and resources of other services are facts: no plan makes anything of them.
    expect(planned).toEqual(counts)
    expect(hasDatabase(folder)).toBe(false)
  })

  it('is applied, and a second plan finds nothing to do', async () => {
    const ran = await runHere('apply', folder, '--yes', '--json')
    const { results, diagnostics } = jsonOf(ran)
    expect(diagnostics.map(({ code }: { code: string }) => code)).toEqual(says)
    const created: Record<string, number> = {}
    for (const result of results) {
      for (const { operation } of result.steps) {
        const kind = CREATES[operation]
        if (kind !== undefined) created[kind] = (created[kind] ?? 0) + 1
      }
      expect(result).toMatchObject({ verified: true, summary: { failed: 0, skipped: 0 } })
      expect(result.summary.done).toBe(result.steps.length)
    }
    expect(created).toEqual(counts)
    expect(ran.code).toBe(0)
  })

  it('a second apply says that there are no changes', async () => {
    const ran = await runHere('apply', folder, '--yes')
    expect(ran.out).toMatch(/no changes/i)
    expect(ran.code).toBe(0)
    // Of a large one the walk-throughs begin with such a plan.
    if (!isLarge) expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
  })

  const readme = join(examples, name, 'README.md')
  const walkthroughs = existsSync(readme)
    ? blocksOf(readFileSync(readme, 'utf8')).filter(({ info }) => info === 'console')
    : []
  // A plan of a large one takes seconds: the soak walks through all.
  const walked = walkthroughs.filter((_, at) => IS_WHOLE || !isLarge || at % 2 === 0)
  it.each(walked)('does what its README shows: $text', ({ text }) => {
    // Each begins with what was applied, and without what another one changed.
    const copy = join(workplace, `${name}-walkthrough`)
    rmSync(copy, { recursive: true, force: true })
    cpSync(folder, copy, { recursive: true })
    const shell = new Shell()
    try {
      for (const { command, output } of commandsOf(text))
        expect(`$ ${command}\n${shell.run(command, copy)}`).toBe(`$ ${command}\n${output.trimEnd()}`)
    } finally {
      shell.close()
    }
  })

  it('passes its own tests', async () => {
    const ran = await runHere('test', folder, '--json')
    const { tests } = jsonOf(ran)
    expect(tests.length).toBeGreaterThanOrEqual(3)
    expect(tests.filter(({ result }: { result: string }) => result !== 'pass')).toEqual([])
    expect(ran.code).toBe(0)
  })

  it.each(questions)(
    'decides $args and says where it is written',
    async ({ args, exitCode, decision, because }) => {
      const [principal = '', action = '', resource = ''] = args
      const ran = await runHere(
        'evaluate',
        folder,
        '--principal',
        principal,
        '--action',
        action,
        '--resource',
        resource,
        '--json',
      )
      const answer = jsonOf(ran)
      expect(answer.decision).toBe(decision)
      expect(ran.code).toBe(exitCode)
      const reason = answer.reasons.find(({ sid }: { sid: string }) => sid === because.sid)
      expect(reason).toMatchObject({ file: because.file })
      const lines = readFileSync(join(folder, because.file), 'utf8').split('\n')
      // A statement in JSON begins with a line of its own.
      expect(lines.slice(reason.line - 1, reason.line + 1).join('\n')).toContain(because.sid)
    },
  )
})
