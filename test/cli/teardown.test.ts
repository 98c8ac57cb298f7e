import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTargetForReading, openTargetForWriting, using } from '../../src/cli/opening/account-target.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import type { WritableTarget } from '../../src/target/ports.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const ID = '111122223333'
const ARN = `arn:aws:iam::${ID}:policy/limits`
const document = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }`
const json = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] })
const EC2 = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }`

async function applied(manifest: string): Promise<string> {
  const folder = temporaryFolder({
    'iam-sync.yaml': `version: 1\naccounts: { a: { id: "${ID}" } }\nscope: { policies: all, roles: all, instanceProfiles: all }\n`,
    'a.yaml': manifest,
  })
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  return folder
}

async function opened(folder: string) {
  const project = await openProject({ folder, accounts: [], ref: null, unstorable: 'plan' })
  const [account] = project.accounts
  if (account === undefined) throw new Error('no account')
  return { account, project }
}

async function byHand(folder: string, what: (iam: WritableTarget['iam']) => Promise<unknown>): Promise<void> {
  const { account, project } = await opened(folder)
  await using(openTargetForWriting(account, project), ({ iam }) => what(iam))
}

async function versionsOf(folder: string) {
  const { account, project } = await opened(folder)
  return using(openTargetForReading(account, project), async ({ iam }) => {
    const { Versions = [] } = await iam.read('ListPolicyVersions', { PolicyArn: ARN })
    const [current] = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion)
    const { PolicyVersion } = await iam.read('GetPolicyVersion', {
      PolicyArn: ARN,
      VersionId: current?.VersionId ?? '',
    })
    return {
      ids: Versions.map(({ VersionId }) => VersionId ?? '').sort(),
      current: current?.VersionId,
      document: JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')),
    }
  })
}

/** Four more versions, with the given one in force. */
const fourMore = async (iam: WritableTarget['iam'], inForce: string) => {
  for (const action of ['s3:GetA', 's3:GetB', 's3:GetC', 's3:GetD'])
    await iam.write('CreatePolicyVersion', {
      PolicyArn: ARN,
      PolicyDocument: json(action),
      SetAsDefault: false,
    })
  await iam.write('SetDefaultPolicyVersion', { PolicyArn: ARN, VersionId: inForce })
}

/** The operations of one apply, which leaves nothing to do. */
async function operations(folder: string): Promise<readonly string[]> {
  const ran = await runHere('apply', folder, '--yes', '--json')
  expect(ran.code, ran.out).toBe(0)
  expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
  const [result] = jsonOf(ran).results
  return result.steps.map(({ operation, input }: { operation: string; input: object }) =>
    [operation, ...Object.values(input).filter((value) => /^v\d$/.test(String(value)))].join(' '),
  )
}

const LIMITS = (action: string) => `policies: { limits: { document: ${document(action)} } }\n`

test.each([
  ['the oldest', 'v1', 'v2'],
  ['one in the midst', 'v3', 'v1'],
  ['the newest', 'v5', 'v1'],
])(
  'of five versions, %s in force, the oldest that is not goes, and the new one is in force',
  async (_, inForce, goes) => {
    const folder = await applied(LIMITS('s3:GetObject'))
    await byHand(folder, (iam) => fourMore(iam, inForce))
    writeFileSync(join(folder, 'a.yaml'), LIMITS('s3:PutObject'))
    expect(await operations(folder)).toEqual([`DeletePolicyVersion ${goes}`, 'CreatePolicyVersion'])
    const { ids, current, document: stored } = await versionsOf(folder)
    expect(ids).toEqual(['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].filter((id) => id !== goes))
    expect(current).toBe('v6')
    expect(stored.Statement[0].Action).toBe('s3:PutObject')
  },
)

test('a policy with five versions, attached and somebody\u2019s boundary, goes in one apply that says what is lost', async () => {
  const held = (boundary: string, policies: string) => `
users: { ada: { permissionsBoundary: ${boundary}, managedPolicies: [${policies}] } }
groups: { ops: { managedPolicies: [${policies}] } }
roles: { ci: { trustPolicy: ${EC2}, managedPolicies: [${policies}], permissionsBoundary: ${boundary} } }
`
  const folder = await applied(`${LIMITS('s3:GetObject')}${held('limits', 'limits')}`)
  await byHand(folder, (iam) => fourMore(iam, 'v1'))
  writeFileSync(join(folder, 'a.yaml'), held('null', ''))
  const [plan] = jsonOf(await runHere('plan', folder, '--json')).plans
  expect(
    plan.changes.map(({ action, kind, name }: Record<string, string>) => `${action} ${kind} ${name}`).sort(),
  ).toEqual(['delete policy limits', 'update group ops', 'update role ci', 'update user ada'])
  const lost = plan.changes.flatMap(
    ({ name, details }: { name: string; details: readonly Record<string, unknown>[] }) =>
      details.map(
        ({ path, removed = [], before = null }) => `${name} ${path} ${[removed].flat()}${before ?? ''}`,
      ),
  )
  for (const each of ['ada', 'ci'])
    expect(lost).toEqual(
      expect.arrayContaining([`${each} managedPolicies ${ARN}`, `${each} permissionsBoundary ${ARN}`]),
    )
  expect(lost).toContain(`ops managedPolicies ${ARN}`)
  expect((await operations(folder)).toSorted()).toEqual([
    'DeletePolicy',
    'DeletePolicyVersion v2',
    'DeletePolicyVersion v3',
    'DeletePolicyVersion v4',
    'DeletePolicyVersion v5',
    'DeleteRolePermissionsBoundary',
    'DeleteUserPermissionsBoundary',
    'DetachGroupPolicy',
    'DetachRolePolicy',
    'DetachUserPolicy',
  ])
})

test('a role in an instance profile, with policies of all kinds, goes in one apply that says what is lost', async () => {
  const folder = await applied(`${LIMITS('s3:GetObject')}
roles:
  web:
    trustPolicy: ${EC2}
    managedPolicies: [limits, ReadOnlyAccess]
    inlinePolicies: { own: ${document('s3:ListBucket')} }
    permissionsBoundary: limits
instanceProfiles: { one: { role: web }, two: { role: web } }
`)
  // One that nobody declared.
  await byHand(folder, async (iam) => {
    await iam.write('CreateInstanceProfile', { InstanceProfileName: 'stray', Path: '/' })
    await iam.write('AddRoleToInstanceProfile', { InstanceProfileName: 'stray', RoleName: 'web' })
  })
  writeFileSync(
    join(folder, 'a.yaml'),
    `${LIMITS('s3:GetObject')}instanceProfiles: { one: { role: null }, stray: {} }\n`,
  )
  const text = (await runHere('plan', folder)).out
  for (const lost of ['- role web', '- instance profile two', ARN, 'own', 'ReadOnlyAccess', 'stray'])
    expect(text).toContain(lost)
  const steps = await operations(folder)
  expect(steps.toSorted()).toEqual([
    'DeleteInstanceProfile',
    'DeleteRole',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'DetachRolePolicy',
    'RemoveRoleFromInstanceProfile',
    'RemoveRoleFromInstanceProfile',
    'RemoveRoleFromInstanceProfile',
  ])
  expect(steps.lastIndexOf('RemoveRoleFromInstanceProfile')).toBeLessThan(steps.indexOf('DeleteRole'))
})
