import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openAccount } from './account.ts'

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
})
const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
})

/** All that the API can say, by the SDK's own list of it. */
const keysOfSdk = (): readonly string[] => {
  const types = readFileSync(
    new URL('../../node_modules/@aws-sdk/client-iam/dist-types/models/enums.d.ts', import.meta.url),
    'utf8',
  )
  const [, members = ''] = /const SummaryKeyType: \{([^}]*)\}/.exec(types) ?? []
  return [...members.matchAll(/"(\w+)"/g)].map(([, key]) => key ?? '').sort()
}

// IAM API Reference, GetAccountSummary
it('an account summary has every key of the API, counts of all kinds and AWS’s quotas', async () => {
  const { iam, close } = await openAccount({ rolesPerAccount: 1234 })
  const summary = async () => (await iam.read('GetAccountSummary', {})).SummaryMap ?? {}
  const empty = await summary()
  expect(Object.keys(empty).sort()).toEqual(keysOfSdk())
  expect(empty).toMatchObject({
    Users: 0,
    UsersQuota: 5000,
    GroupsQuota: 300,
    RolesQuota: 1234,
    PoliciesQuota: 1500,
    InstanceProfilesQuota: 1000,
    ServerCertificatesQuota: 20,
    AccessKeysPerUserQuota: 2,
    SigningCertificatesPerUserQuota: 2,
    GroupsPerUserQuota: 10,
    AttachedPoliciesPerUserQuota: 10,
    UserPolicySizeQuota: 2048,
    GroupPolicySizeQuota: 5120,
    RolePolicySizeQuota: 10240,
    AssumeRolePolicySizeQuota: 2048,
    PolicySizeQuota: 6144,
    VersionsPerPolicyQuota: 5,
    AccountMFAEnabled: 0,
    AccountAccessKeysPresent: 0,
  })

  for (const UserName of ['ada', 'ben']) await iam.write('CreateUser', { UserName })
  await iam.write('CreateGroup', { GroupName: 'people' })
  await iam.write('CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: TRUST })
  await iam.write('CreateInstanceProfile', { InstanceProfileName: 'web' })
  const { Policy } = await iam.write('CreatePolicy', { PolicyName: 'reads', PolicyDocument: DOCUMENT })
  await iam.write('CreatePolicyVersion', { PolicyArn: Policy?.Arn, PolicyDocument: DOCUMENT })
  await iam.write('CreateOpenIDConnectProvider', { Url: 'https://idp.example' })
  await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'spare' })
  const before = new Map(Object.entries(empty))
  const changed = Object.entries(await summary()).filter(([key, value]) => before.get(key) !== value)
  expect(Object.fromEntries(changed)).toEqual({
    Users: 2,
    Groups: 1,
    Roles: 1,
    InstanceProfiles: 1,
    Policies: 1,
    PolicyVersionsInUse: 2,
    Providers: 1,
    MFADevices: 1,
  })
  await close()
})
