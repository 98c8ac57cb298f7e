import { describe, expect, it } from 'vitest'
import {
  assumes,
  bucket,
  decision,
  declare,
  document,
  EC2_ROLE,
  gate,
  grants,
  HOME,
  inline,
  planned,
  projectOf,
  reads,
  results,
  role,
  SECOND,
  twoAccounts,
  whoCan,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const admin = { roles: { admin: { ...EC2_ROLE, managedPolicies: ['AdministratorAccess'] } } }
const only = (action: string, resource: string) => ({
  ...admin,
  invariants: [{ name: `only admin: ${action}`, action, resource, onlyPrincipals: ['role/admin'] }],
})
const inBoth = (action: string, resource: string) =>
  twoAccounts(only(action, resource), only(action, resource))
const MINE = '{{ account.id }}'

describe('what crosses accounts', () => {
  it.each([
    ['iam:PassRole', `arn:aws:iam::${MINE}:role/service/*`],
    ['iam:CreateUser', `arn:aws:iam::${MINE}:user/*`],
    ['iam:AttachRolePolicy', `arn:aws:iam::${MINE}:role/*`],
    ['iam:GetRole', `arn:aws:iam::${MINE}:role/*`],
  ])('IAM\u2019s own operations do not: %s', async (action, resource) => {
    const folder = inBoth(action, resource)
    expect(await results(folder)).toEqual(['pass', 'pass'])
  })
  it('a single decision says so, too', async () => {
    const folder = twoAccounts(admin, admin)
    const passed = await decision(
      folder,
      `arn:aws:iam::${SECOND}:role/admin`,
      'iam:PassRole',
      `arn:aws:iam::${HOME}:role/service/example`,
    )
    expect(passed).toBe('implicit_deny')
  })
  it('who can do one thing to one name: nobody of the other account', async () => {
    const may = await whoCan(twoAccounts(admin, admin), 'iam:CreateUser', `arn:aws:iam::${HOME}:user/new`)
    expect(Object.keys(may).filter((each) => each.includes(SECOND))).toEqual([])
  })
  const namesNobodyElse = async (action: string, resource: string) => {
    const ran = await runHere('who-can', action, resource, '--dir', twoAccounts(admin, admin))
    expect(ran.code).toBe(0)
    expect(ran.out).toContain(HOME)
    expect(ran.out).not.toContain(SECOND)
  }
  it('who can do things of a form: nobody of the other account', () =>
    namesNobodyElse('iam:Create*', `arn:aws:iam::${HOME}:user/*`))
  it('who can pass roles: nobody of the other account', () =>
    namesNobodyElse('iam:PassRole', `arn:aws:iam::${HOME}:role/*`))
  it.each([
    ['sqs:SendMessage', `arn:aws:sqs:eu-west-1:${MINE}:jobs`],
    ['sns:Publish', `arn:aws:sns:eu-west-1:${MINE}:news`],
    ['lambda:InvokeFunction', `arn:aws:lambda:eu-west-1:${MINE}:function:f`],
  ])(
    'whether a resource that is not declared lets in the other account is unknown: %s',
    async (action, resource) => {
      expect(await results(inBoth(action, resource))).toEqual(['unknown', 'unknown'])
    },
  )
  it('a declared resource decides', async () => {
    const bucketOf = (principal: string) => ({
      ...only('s3:GetObject', 'arn:aws:s3:::data/*'),
      resources: bucket('data', reads('data', { AWS: principal })),
    })
    expect(await results(twoAccounts(bucketOf(SECOND), admin))).toEqual(['fail'])
    expect(await results(twoAccounts(bucketOf('777788889999'), { users: { bob: {} } }))).toEqual(['fail'])
  })
  it('assuming a role does, by its trust policy', async () => {
    const target = { roles: { target: role(assumes({ AWS: `arn:aws:iam::${SECOND}:role/admin` })) } }
    const folder = twoAccounts(target, admin)
    expect(
      await decision(
        folder,
        `arn:aws:iam::${SECOND}:role/admin`,
        'sts:AssumeRole',
        `arn:aws:iam::${HOME}:role/target`,
      ),
    ).toBe('allow')
    expect(await whoCan(folder, 'sts:AssumeRole', `arn:aws:iam::${HOME}:role/target`)).toMatchObject({
      [`arn:aws:iam::${SECOND}:role/admin`]: 'allow',
    })
  })
})

const alice = { users: { alice: { managedPolicies: ['AmazonS3FullAccess'] } } }
const bob = { users: { bob: { managedPolicies: ['AmazonS3FullAccess'] } } }
const ALICE = `arn:aws:iam::${HOME}:user/alice`
const BOB = `arn:aws:iam::${SECOND}:user/bob`

describe('the owner of a resource whose ARN names no account', () => {
  it.each([
    ['an object', 's3:GetObject', 'arn:aws:s3:::data/x'],
    ['a bucket', 's3:ListBucket', 'arn:aws:s3:::data'],
    ['a write', 's3:PutObject', 'arn:aws:s3:::data/x'],
  ])('is unknown with several accounts: %s', async (_, action, resource) => {
    const may = await whoCan(twoAccounts(alice, bob), action, resource)
    expect([may[ALICE], may[BOB]]).toEqual(['unknown', 'unknown'])
  })
  it('decides nothing in a single decision without a word', async () => {
    const asked = ['--principal', ALICE, '--action', 's3:GetObject', '--resource', 'arn:aws:s3:::data/x']
    const ran = await runHere('evaluate', ...asked, '--dir', twoAccounts(alice, bob), '--json')
    expect(jsonOf(ran).diagnostics.length).toBeGreaterThan(0)
  })
  it('is given', async () => {
    const may = await whoCan(
      twoAccounts(alice, bob),
      's3:GetObject',
      'arn:aws:s3:::data/x',
      '--resource-account',
      HOME,
    )
    expect(may[ALICE]).toBe('allow')
    expect(may[BOB]).not.toBe('allow')
  })
  it('is declared', async () => {
    const folder = twoAccounts({ ...alice, resources: { 'arn:aws:s3:::data': {} } }, bob)
    const may = await whoCan(folder, 's3:GetObject', 'arn:aws:s3:::data/x')
    expect(may[ALICE]).toBe('allow')
    expect(may[BOB]).toBeUndefined()
  })
})

const DEPLOYER = `arn:aws:iam::${HOME}:role/deployer`
const TARGET = `arn:aws:iam::${SECOND}:role/target`
const deployer = { roles: { deployer: { ...EC2_ROLE, ...inline(grants('sts:AssumeRole')) } } }
const trusting = (principal: string) => ({ roles: { target: role(assumes({ AWS: principal })) } })
const apply = async (folder: string, ...more: readonly string[]) => {
  const ran = await runHere('apply', '--yes', ...more, '--dir', folder, '--json')
  if (ran.code !== 0) throw new Error(ran.out)
}

describe('a principal that was deleted and made anew', () => {
  const person = { users: { deployer: inline(grants('sts:AssumeRole')) } }
  it.each([
    ['a role', deployer, DEPLOYER],
    ['a user', person, `arn:aws:iam::${HOME}:user/deployer`],
  ])('is not the one that another account of the project trusts: %s', async (_, manifest, arn) => {
    const folder = twoAccounts(manifest, trusting(arn))
    await apply(folder)
    // What is stored already is not stored again, so the plan that deletes does not refuse it.
    declare(folder, { 'production.yaml': {} })
    await apply(folder)
    declare(folder, { 'production.yaml': manifest })
    await apply(folder, '--account', 'production')
    const [first] = jsonOf(await runHere('plan', '--account', 'staging', '--dir', folder, '--json')).plans
    expect(first.changes.length).toBeGreaterThan(0)
    expect(await decision(folder, arn, 'sts:AssumeRole', TARGET, '--as-of', 'target')).not.toBe('allow')
    await apply(folder)
    expect(await decision(folder, arn, 'sts:AssumeRole', TARGET, '--as-of', 'target')).toBe('allow')
  })
  it('made anew together with the other account, is not trusted before that is applied again', async () => {
    const folder = twoAccounts(deployer, trusting(DEPLOYER))
    await apply(folder)
    declare(folder, { 'production.yaml': {} })
    await apply(folder)
    declare(folder, { 'production.yaml': deployer })
    await apply(folder)
    const [first] = jsonOf(await runHere('plan', '--account', 'staging', '--dir', folder, '--json')).plans
    const asked = await decision(folder, DEPLOYER, 'sts:AssumeRole', TARGET, '--as-of', 'target')
    expect([first.changes.length, asked]).toEqual([1, 'implicit_deny'])
  })
  it('that was never deleted stays trusted', async () => {
    const folder = twoAccounts(deployer, trusting(DEPLOYER))
    await apply(folder)
    const [, second] = jsonOf(await runHere('plan', '--dir', folder, '--json')).plans
    expect(second.changes).toEqual([])
    expect(await decision(folder, DEPLOYER, 'sts:AssumeRole', TARGET, '--as-of', 'target')).toBe('allow')
  })
})

describe('a trust policy that names a principal which the other declared account will not have', () => {
  const codes = async (folder: string, command = 'plan'): Promise<readonly string[]> =>
    jsonOf(await runHere(command, '--dir', folder, '--json')).diagnostics.map(
      ({ code }: { readonly code: string }) => code,
    )
  it.each([
    ['a role', DEPLOYER],
    ['a user', `arn:aws:iam::${HOME}:user/deployer`],
    ['a role under another path', `arn:aws:iam::${HOME}:role/ci/deployer`],
  ])('is an error of the plan: %s', async (_, arn) => {
    const folder = twoAccounts({ users: { alice: {} } }, trusting(arn))
    expect(await codes(folder)).toContain('plan.dangling-reference')
    expect((await runHere('apply', '--yes', '--dir', folder)).code).toBe(1)
  })
  it('is none where it is declared, or its account is not in the project', async () => {
    expect(await codes(twoAccounts(deployer, trusting(DEPLOYER)))).not.toContain('plan.dangling-reference')
    const elsewhere = trusting('arn:aws:iam::777788889999:role/deployer')
    expect(await codes(twoAccounts({ users: { alice: {} } }, elsewhere))).not.toContain(
      'plan.dangling-reference',
    )
  })
  it('within one account it is', async () => {
    expect(await codes(twoAccounts({}, trusting(`arn:aws:iam::${SECOND}:role/none`)))).toContain(
      'plan.dangling-reference',
    )
  })
})

describe('a principal of another partition than its resource', () => {
  const inChina = (principal: string) =>
    projectOf(
      {
        resources: {
          'arn:aws-cn:s3:::data': {
            policy: document({ ...reads('data', { AWS: principal }), Resource: 'arn:aws-cn:s3:::data/*' }),
          },
        },
      },
      { version: 1, accounts: { production: { id: HOME, partition: 'aws-cn' } } },
    )
  const severities = async (folder: string): Promise<readonly string[]> =>
    jsonOf(await runHere('validate', '--dir', folder, '--json')).diagnostics.map(
      ({ severity }: { readonly severity: string }) => severity,
    )
  it.each([`arn:aws:iam::${SECOND}:root`, `arn:aws:iam::${SECOND}:role/x`])(
    'is warned of: %s',
    async (principal) => {
      expect(await severities(inChina(principal))).toEqual(['warning'])
    },
  )
  it.each([`arn:aws-cn:iam::${SECOND}:root`, SECOND])(
    'one of the same partition is not: %s',
    async (principal) => {
      expect(await severities(inChina(principal))).toEqual([])
    },
  )
  const KEY = `arn:aws:kms:us-east-1:${HOME}:key/k`
  const keyFor = (principal: string) =>
    projectOf({
      users: { ann: inline(grants('kms:*')) },
      resources: {
        [KEY]: { policy: document({ ...reads('', { AWS: principal }), Action: 'kms:*', Resource: '*' }) },
      },
    })
  it('lets in nobody of the account with the same id, in the analysis as in a decision', async () => {
    const folder = keyFor(`arn:aws-cn:iam::${HOME}:root`)
    expect(await decision(folder, 'user/ann', 'kms:Decrypt', KEY)).toBe('implicit_deny')
    expect(await gate(folder, '--not-granted', 'kms:Decrypt', '--resource', KEY)).toMatchObject({
      holds: true,
    })
    const here = keyFor(`arn:aws:iam::${HOME}:root`)
    expect(await gate(here, '--not-granted', 'kms:Decrypt', '--resource', KEY)).toMatchObject({
      holds: false,
    })
  })
})

describe('what another policy has to allow as well is potential, and nothing else is', () => {
  const potentials = async (action: string, resource: string) => {
    const folder = projectOf({ users: { ann: inline(grants(action, undefined, resource)) } })
    const { gained, unknown } = await planned(folder)
    expect(unknown).toEqual([])
    return gained.map(({ potential }) => potential)
  }
  it.each([
    ['a key, whose own policy decides', 'kms:Decrypt', `arn:aws:kms:us-east-1:${HOME}:key/*`],
    ['a queue of another account', 'sqs:SendMessage', `arn:aws:sqs:us-east-1:${SECOND}:jobs`],
    ['a role of another account', 'sts:AssumeRole', `arn:aws:iam::${SECOND}:role/x`],
  ])('%s', async (_, action, resource) => {
    expect(await potentials(action, resource)).toEqual([true])
  })
  it.each([
    ['a queue of the own account', 'sqs:SendMessage', `arn:aws:sqs:us-east-1:${HOME}:jobs`],
    ['what keys have no say in', 'kms:ListKeys', '*'],
  ])('%s is not', async (_, action, resource) => {
    expect(await potentials(action, resource)).toEqual([false])
  })
})
