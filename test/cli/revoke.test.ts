import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { revocationDocument, revokedBefore } from '../../src/policy/revocation.ts'
import { openWritable } from '../../src/target/local/open-local-target.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { now } from '../real-clock.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf, type Ran } from './run.ts'

const [ONE, TWO] = ['111122223333', '444455556666']
const arnOf = (role: string, account = ONE) => `arn:aws:iam::${account}:role/${role}`
const trusting = (...principals: readonly string[]) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: ${JSON.stringify(principals)} }, Action: "sts:AssumeRole" }] }`
const assuming = (more = '') =>
  `{ may: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "sts:AssumeRole", Resource: "*"${more} }] } }`

const PROJECT = `version: 1
accounts:
  first: { id: "${ONE}", manifests: [first.yaml] }
  second: { id: "${TWO}", manifests: [second.yaml] }
`
const FIRST = `users: { ada: {} }
roles:
  top: { trustPolicy: ${trusting(`arn:aws:iam::${ONE}:user/ada`)}, inlinePolicies: ${assuming()} }
  near: { trustPolicy: ${trusting(arnOf('top'))} }
  guarded: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "${arnOf('top')}" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": secret } } }] } }
  apart: { trustPolicy: ${trusting(`arn:aws:iam::${ONE}:user/ada`)} }
  named: { trustPolicy: ${trusting(`arn:aws:sts::${ONE}:assumed-role/top/ci`)} }
  twin: { trustPolicy: ${trusting(arnOf('top'))} }
`
const SECOND = `roles:
  across: { trustPolicy: ${trusting(arnOf('top'))}, inlinePolicies: ${assuming()} }
  beyond: { trustPolicy: ${trusting(arnOf('across', TWO))} }
  twin: { trustPolicy: ${trusting(`arn:aws:iam::${TWO}:root`)} }
`

let folder = ''
beforeAll(async () => {
  folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'first.yaml': FIRST, 'second.yaml': SECOND })
  const { code, err } = await runHere('apply', folder, '--yes')
  expect(code, err).toBe(0)
}, 60_000)

const revoke = (...args: readonly string[]): Promise<Ran> => runHere('revoke', ...args, '--dir', folder)

interface Told {
  readonly role: string
  readonly from: string | null
  readonly decision: string | null
  readonly status: string
  readonly before: string | null
  readonly error: { readonly code: string } | null
}
const rolesOf = (ran: Ran): readonly Told[] => jsonOf(ran).roles
const codesOf = (ran: Ran): readonly string[] =>
  jsonOf(ran).diagnostics.map(({ code }: { readonly code: string }) => code)

/** What the account has under the name, by the role. */
async function policyOf(role: string, account = 'first'): Promise<string | null> {
  const target = await openTarget(account)
  const { PolicyDocument = '' } = await target.iam
    .read('GetRolePolicy', { RoleName: role, PolicyName: 'AWSRevokeOlderSessions' })
    .catch(() => ({ PolicyDocument: '' }))
  await target.close()
  return PolicyDocument === '' ? null : decodeURIComponent(PolicyDocument)
}

const openTarget = async (account: string) =>
  openWritable({
    database: join(folder, '.iam-sync', `${account}.db`),
    account: { id: account === 'first' ? ONE : TWO, partition: 'aws' },
    facts: await loadManagedPolicies(),
    quotas: {},
    clock: now,
    randomBytes: fixedBytes,
  })

describe('what sessions of a role may have become', () => {
  it('is named, nearest first, over accounts, with what it depends on', async () => {
    const ran = await revoke('role/top', '--dry-run', '--json')
    expect(ran.code).toBe(0)
    expect(rolesOf(ran).map(({ role, from, decision }) => [role, from, decision])).toEqual([
      [arnOf('top'), null, null],
      [arnOf('guarded'), arnOf('top'), 'conditional'],
      // Its trust names a session.
      [arnOf('named'), arnOf('top'), 'allow'],
      [arnOf('near'), arnOf('top'), 'allow'],
      [arnOf('twin'), arnOf('top'), 'allow'],
      [arnOf('across', TWO), arnOf('top'), 'allow'],
      [arnOf('beyond', TWO), arnOf('across', TWO), 'allow'],
      // Its trust is its whole account, of which one may assume anything.
      [arnOf('twin', TWO), arnOf('across', TWO), 'allow'],
    ])
    expect(await policyOf('top')).toBeNull()
  })

  it('is ended with --chain, in every account, and a session that was ended before is no less to be looked for', async () => {
    const alone = await revoke('role/top', '--yes', '--json')
    expect([alone.code, codesOf(alone)]).toEqual([0, ['revoke.chained', 'revoke.undone-by-apply']])
    const [{ before = null } = {}] = rolesOf(alone)
    expect(JSON.parse((await policyOf('top')) ?? 'null')).toEqual(revocationDocument(before ?? ''))
    expect(await policyOf('near')).toBeNull()

    const all = await revoke('role/top', '--chain', '--yes', '--json')
    expect([all.code, codesOf(all)]).toEqual([0, ['revoke.undone-by-apply']])
    expect(rolesOf(all).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'done'))
    const [{ before: later = null } = {}] = rolesOf(all)
    expect(Date.parse(later ?? '')).toBeGreaterThan(Date.parse(before ?? ''))
    for (const [role, account] of [
      ['top', 'first'],
      ['guarded', 'first'],
      ['beyond', 'second'],
    ] as const)
      expect(JSON.parse((await policyOf(role, account)) ?? 'null')).toEqual(revocationDocument(later ?? ''))
    // To end what began before an earlier moment gives nobody anything back.
    const again = await revoke('role/apart', '--yes', '--json')
    expect(rolesOf(again)).toMatchObject([{ role: arnOf('apart'), status: 'done' }])
  })

  it('a plan says of both: what it would take away, and what it leaves alone', async () => {
    const { plans } = jsonOf(await runHere('plan', folder, '--json'))
    expect(
      plans[0].changes.map(({ name, steps }: { name: string; steps: object[] }) => [name, steps]),
    ).toEqual([
      [
        'top',
        [{ operation: 'DeleteRolePolicy', input: { RoleName: 'top', PolicyName: 'AWSRevokeOlderSessions' } }],
      ],
    ])
    expect(plans[0].unmanaged).toContainEqual({
      kind: 'role',
      name: 'near',
      arn: arnOf('near'),
      why: expect.stringContaining('AWSRevokeOlderSessions'),
    })
  })

  it('is kept by declaring it', async () => {
    const document = (await policyOf('top')) ?? ''
    const may = assuming().replace(/^\{ /, '').replace(/ \}$/, '')
    writeFileSync(
      join(folder, 'first.yaml'),
      FIRST.replace(assuming(), `{ ${may}, AWSRevokeOlderSessions: ${document} }`),
    )
    const { plans } = jsonOf(await runHere('plan', folder, '--json'))
    expect(plans[0].changes).toEqual([])
    writeFileSync(join(folder, 'first.yaml'), FIRST)
  })
})

describe('nothing is written', () => {
  it.each([
    [[], 'cli.missing-argument'],
    [['role/nobody'], 'revoke.unknown-role'],
    [['user/ada'], 'revoke.no-sessions'],
    [['role/twin'], 'revoke.which-account'],
    [['role/near', '--account', 'second'], 'revoke.unknown-role'],
    [['role/near'], 'revoke.no-consent'],
  ])('%j', async (args, code) => {
    const ran = await revoke(...args, '--json')
    expect([ran.code, codesOf(ran)]).toEqual([1, [code]])
    expect(ran.err).toMatch(/^exit 1: .+\n$/m)
  })

  it('while an apply is under way', async () => {
    const target = await openTarget('first')
    const held = await target.journal.tryLock({ pid: 1, host: 'h', start: 'now', commit: null })
    const before = await policyOf('apart')
    const ran = await revoke('role/apart', '--yes', '--json')
    expect([ran.code, codesOf(ran)]).toEqual([5, ['revoke.locked']])
    expect(await policyOf('apart')).toBe(before)
    if ('lock' in held) await held.lock.release()
    await target.close()
  })

  it('over a policy of the name that says something else', async () => {
    const target = await openTarget('first')
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }],
    })
    await target.iam.write('PutRolePolicy', {
      RoleName: 'near',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument,
    })
    await target.close()
    const ran = await revoke('role/near', '--yes', '--json')
    expect([ran.code, codesOf(ran)]).toEqual([1, ['revoke.failed']])
    expect(rolesOf(ran)).toMatchObject([{ status: 'failed', error: { code: 'revoke.other-policy' } }])
    expect(await policyOf('near')).toBe(PolicyDocument)
  })
})

it('a document that ends sessions is told from one that says more', () => {
  const account = { id: ONE, partition: 'aws' } as const
  const json = revocationDocument('2026-01-02T03:04:05.000Z')
  expect(revokedBefore({ json, located: null }, account)).toBe(Date.UTC(2026, 0, 2, 3, 4, 5))
  const [statement] = [json.Statement].flat()
  for (const other of [
    { ...json, Statement: [statement, statement, { ...statement, Action: 's3:*' }] },
    { ...json, Statement: [{ ...statement, Effect: 'Allow' }] },
    { ...json, Statement: [{ ...statement, Action: 's3:*' }] },
    { ...json, Statement: [] },
  ])
    expect(revokedBefore({ json: other as never, located: null }, account)).toBeNull()
})
