import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openTargetForReading, openTargetForWriting, using } from '../../src/cli/opening/account-target.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

/** After so many writes, of whatever account, the process is gone; null: it stays. */
const killed = vi.hoisted(() => ({ after: null as number | null }))

vi.mock('../../src/cli/opening/account-target.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/cli/opening/account-target.ts')>()
  return {
    ...original,
    openTargetForWriting: async (...args: Parameters<typeof original.openTargetForWriting>) => {
      const target = await original.openTargetForWriting(...args)
      const write: typeof target.iam.write = (operation, input) => {
        if (killed.after !== null && killed.after-- === 0) throw new Error('killed')
        return target.iam.write(operation, input)
      }
      const read: typeof target.iam.read = (operation, input) => target.iam.read(operation, input)
      return { ...target, iam: { read, write } }
    },
  }
})
afterEach(() => {
  killed.after = null
})

const IDS = { a: '111122223333', b: '444455556666', c: '777788889999' }
type Name = keyof typeof IDS
type Manifests = Readonly<Record<string, string>>

const arn = (account: Name, entity: string) => `arn:aws:iam::${IDS[account]}:${entity}`
const statement = (effect: string, ...principals: readonly string[]) =>
  `{ Effect: ${effect}, Principal: { AWS: ${JSON.stringify(principals)} }, Action: sts:AssumeRole }`
const role = (name: string, ...statements: readonly string[]) =>
  `roles: { ${name}: { trustPolicy: { Version: "2012-10-17", Statement: [${statements.join(', ')}] } } }\n`
const trusting = (name: string, ...principals: readonly string[]) =>
  role(name, statement('Allow', ...principals))

function projectOf(manifests: Manifests): string {
  const accounts = Object.keys(manifests).map(
    (name) => `  ${name}: { id: "${IDS[name as Name]}", manifests: [${name}.yaml] }\n`,
  )
  return temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts:\n${accounts.join('')}guard: { maxDeletePercent: 100 }\n`,
    ...Object.fromEntries(Object.entries(manifests).map(([name, text]) => [`${name}.yaml`, text])),
  })
}

async function apply(folder: string, ...args: readonly string[]) {
  const { code, out } = await runHere('apply', folder, '--yes', '--json', ...args)
  const { results, diagnostics } = jsonOf({ code, out, err: '' })
  return {
    code,
    codes: diagnostics.map((each: { code: string }) => each.code) as string[],
    steps: Object.fromEntries(
      results.map(({ account, steps }: { account: { name: string }; steps: Step[] }) => [
        account.name,
        steps.map(({ operation, status, input }) => ({ operation, status, input })),
      ]),
    ) as Record<string, Step[]>,
  }
}

interface Step {
  readonly operation: string
  readonly status: string
  readonly input: { readonly AssumeRolePolicyDocument?: string; readonly PolicyDocument?: string }
}

const isSettled = async (folder: string) => (await runHere('plan', folder, '--exit-code')).code === 0

const MUTUAL = {
  b: trusting('target', arn('a', 'role/deployer')),
  a: trusting('deployer', arn('b', 'role/target')),
}

const STORIES: readonly { readonly name: string; readonly manifests: Manifests; readonly first: string }[] = [
  { name: 'two roles', manifests: MUTUAL, first: 'Deny' },
  {
    name: 'two roles, one of which trusts somebody else as well',
    manifests: {
      b: trusting('target', arn('a', 'role/deployer'), IDS.c),
      a: trusting('deployer', arn('b', 'role/target')),
    },
    first: 'Allow',
  },
  {
    name: 'a role that denies who is yet to come',
    manifests: {
      b: role('target', statement('Allow', IDS.a), statement('Deny', arn('a', 'role/deployer'))),
      a: trusting('deployer', arn('b', 'role/target')),
    },
    first: 'Deny',
  },
  {
    name: 'three accounts in a ring',
    manifests: {
      a: trusting('x', arn('b', 'role/y')),
      b: trusting('y', arn('c', 'role/z')),
      c: trusting('z', arn('a', 'role/x')),
    },
    first: 'Deny',
  },
]

describe.each(STORIES)('accounts whose new roles trust each other: $name', ({ manifests, first }) => {
  const [starts = ''] = Object.keys(manifests)

  test('one apply makes them, the first with a smaller trust', async () => {
    const folder = projectOf(manifests)
    const { code, codes, steps } = await apply(folder)
    expect({ code, codes }).toEqual({ code: 0, codes: [] })
    const [creation, completion] = steps[starts] ?? []
    expect([creation?.operation, completion?.operation]).toEqual(['CreateRole', 'UpdateAssumeRolePolicy'])
    const created = JSON.parse(creation?.input.AssumeRolePolicyDocument ?? '')
    expect(created.Statement.map(({ Effect }: { Effect: string }) => Effect)).toEqual([first])
    expect(await isSettled(folder)).toBe(true)
  })

  test('killed before any step, the next apply goes on', async () => {
    const total = Object.values((await apply(projectOf(manifests))).steps).flat().length
    for (let after = 0; after < total; after++) {
      const folder = projectOf(manifests)
      killed.after = after
      expect((await runHere('apply', folder, '--yes')).code).not.toBe(0)
      killed.after = null
      expect(await apply(folder)).toMatchObject({ code: 0, codes: [] })
      expect(await isSettled(folder)).toBe(true)
    }
  })
})

test('a plan says of a step whom it waits for in other accounts', async () => {
  const folder = projectOf({
    a: trusting('x', arn('b', 'role/y')),
    b: trusting('y', arn('a', 'role/x')),
  })
  const { plans } = jsonOf(await runHere('plan', folder, '--json'))
  const steps = plans.flatMap(({ changes }: { changes: { steps: { awaits?: string[] }[] }[] }) =>
    changes.flatMap((change) => change.steps),
  )
  const awaited = steps.flatMap(({ awaits = [] }: { awaits?: string[] }) => awaits)
  expect(awaited).toHaveLength(1)
  expect([arn('a', 'role/x'), arn('b', 'role/y')]).toContain(awaited[0])
  const script = await runHere('plan', folder, '--format', 'aws-cli')
  expect(script.out).toContain(`# once there are, in other accounts: ${awaited[0]}\n`)
})

describe('an account alone', () => {
  test('makes its role without those who are not there, says so, and completes it later', async () => {
    const folder = projectOf(MUTUAL)
    expect(await apply(folder, '--account', 'b')).toMatchObject({ code: 0, codes: ['plan.incomplete-trust'] })
    const again = await runHere('plan', folder, '--account', 'b', '--exit-code')
    expect(again.code).toBe(0)
    expect(again.err).toContain("doesn't trust `arn:aws:iam::111122223333:role/deployer` yet")
    expect(await apply(folder, '--account', 'a')).toMatchObject({ code: 0, codes: [] })
    expect(await apply(folder, '--account', 'b')).toMatchObject({
      code: 0,
      codes: [],
      steps: { b: [{ operation: 'UpdateAssumeRolePolicy' }] },
    })
    expect(await isSettled(folder)).toBe(true)
  })

  test('is not said to let in whom it doesn\u2019t name yet', async () => {
    const folder = projectOf(MUTUAL)
    await apply(folder, '--account', 'b')
    const [plan] = jsonOf(await runHere('plan', folder, '--account', 'b', '--json')).plans
    expect([plan.changes, plan.access.verdict]).toEqual([[], 'none'])
  })

  test('a change of its trust takes away at once, and gives later', async () => {
    const folder = projectOf({ b: trusting('target', IDS.c, IDS.b), a: 'users: { ada: {} }\n' })
    await apply(folder)
    writeFileSync(join(folder, 'a.yaml'), 'users: { ada: {}, eve: {} }\n')
    writeFileSync(join(folder, 'b.yaml'), trusting('target', IDS.b, arn('a', 'user/eve')))
    const { steps, codes } = await apply(folder, '--account', 'b')
    expect(codes).toEqual(['plan.incomplete-trust'])
    expect(JSON.parse(steps.b?.[0]?.input.PolicyDocument ?? '').Statement[0].Principal.AWS).toEqual([IDS.b])
    expect((await apply(folder)).code).toBe(0)
    expect(await isSettled(folder)).toBe(true)
  })
})

describe('an existing role that is to trust somebody new, whose account waits for it', () => {
  test('is changed once they are there', async () => {
    const folder = projectOf({ b: trusting('target', IDS.b), a: trusting('old', IDS.a) })
    await apply(folder)
    writeFileSync(join(folder, 'b.yaml'), `${trusting('target', arn('a', 'role/new'))}users: { ben: {} }\n`)
    writeFileSync(join(folder, 'a.yaml'), trusting('new', arn('b', 'user/ben')))
    expect(await apply(folder)).toMatchObject({ code: 0, codes: [] })
    expect(await isSettled(folder)).toBe(true)
  })

  test('stays as it is where they can\u2019t be made, and the apply says so', async () => {
    const folder = projectOf(MUTUAL)
    killed.after = 1
    const ran = await runHere('apply', folder, '--yes', '--json')
    expect(ran.code).toBe(1)
    const [b] = jsonOf(ran).results
    expect(b.steps.map(({ status }: Step) => status)).toEqual(['done', 'skipped'])
  })
})

test('the embedded IAM refuses a trust in who isn\u2019t there, of any account of the project', async () => {
  const folder = projectOf({ a: 'users: { ada: {} }\n', b: 'users: { ben: {} }\n' })
  await apply(folder)
  const document = (principal: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' },
    })
  const opened = await openProject({
    folder: resolve(folder),
    accounts: ['b'],
    ref: null,
    unstorable: 'plan',
  })
  const [account] = opened.accounts
  if (account === undefined) throw new Error('no account')
  const answers = await using(openTargetForWriting(account, opened), ({ iam }) =>
    Promise.all(
      [arn('a', 'user/ada'), arn('a', 'user/nobody'), arn('a', 'user/x/ada'), arn('c', 'user/nobody')].map(
        (principal, index) =>
          iam
            .write('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: document(principal) })
            .then(
              () => 'stored',
              (error: Error & { code: string }) => `${error.code}: ${error.message}`,
            ),
      ),
    ),
  )
  const refused = (principal: string) =>
    `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${principal}"`
  expect(answers).toEqual([
    'stored',
    refused(arn('a', 'user/nobody')),
    refused(arn('a', 'user/x/ada')),
    // Nobody here can ask an account that isn't the project's.
    'stored',
  ])
  await using(openTargetForReading(account, opened), async ({ iam }) => {
    const { Roles = [] } = await iam.read('ListRoles', {})
    expect(Roles.map(({ RoleName }) => RoleName)).toEqual(['r0', 'r3'])
  })
})
