import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { afterEach, describe, expect, it } from 'vitest'
import { policyText } from '../../iam/authorization/world.ts'
import { type Credentials, raw, refusalBy, type Served, served } from './served.ts'

let account: Served | null = null
afterEach(async () => {
  await account?.stop()
  account = null
})

const common = (at: Served, region: string, credentials: Credentials = at.root) => ({
  endpoint: at.endpoint,
  region,
  credentials,
  maxAttempts: 1,
})
const inRegion = (at: Served, region: string, credentials?: Credentials) =>
  new iam.IAMClient(common(at, region, credentials))
const make = (client: iam.IAMClient) => client.send(new iam.CreateUserCommand({ UserName: 'ada' }))

describe('the region that a call is signed for', () => {
  it('says the partition: an account of one is nothing to another', async () => {
    account = await served({ partitionFromRegion: true })
    const [global, china, government] = ['eu-west-1', 'cn-northwest-1', 'us-gov-east-1'].map((region) =>
      inRegion(account as Served, region),
    ) as [iam.IAMClient, iam.IAMClient, iam.IAMClient]
    for (const [client, partition] of [
      [global, 'aws'],
      [china, 'aws-cn'],
      [government, 'aws-us-gov'],
    ] as const)
      expect((await make(client)).User?.Arn).toBe(`arn:${partition}:iam::123456789012:user/ada`)
    expect(await refusalBy(make(china))).toBe('EntityAlreadyExists')

    // A key is nobody's elsewhere, and no policy of another partition is stored.
    const { AccessKey } = await china.send(new iam.CreateAccessKeyCommand({ UserName: 'ada' }))
    const key = {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    }
    const who = (region: string) =>
      new sts.STSClient(common(account as Served, region, key)).send(new sts.GetCallerIdentityCommand({}))
    expect((await who('cn-north-1')).Arn).toBe('arn:aws-cn:iam::123456789012:user/ada')
    expect(await refusalBy(who('us-east-1'))).toBe('InvalidClientTokenId')
    const put = (partition: string) =>
      china.send(
        new iam.PutUserPolicyCommand({
          UserName: 'ada',
          PolicyName: 'own',
          PolicyDocument: policyText({
            Effect: 'Allow',
            Action: 'iam:*',
            Resource: `arn:${partition}:iam::123456789012:user/*`,
          }),
        }),
      )
    await put('aws-cn')
    expect(await refusalBy(put('aws'))).toBe('MalformedPolicyDocument')
    // AWS's own policies are there in each.
    await china.send(
      new iam.AttachUserPolicyCommand({
        UserName: 'ada',
        PolicyArn: 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess',
      }),
    )
  }, 30_000)

  it('sessions of root are of their partition, and a reset empties all', async () => {
    account = await served({ partitionFromRegion: true })
    const china = inRegion(account, 'cn-north-1')
    await make(china)
    await make(inRegion(account, 'us-east-1'))
    const { Credentials } = await new sts.STSClient(common(account, 'cn-north-1')).send(
      new sts.GetSessionTokenCommand({}),
    )
    const session = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
    const who = (region: string) =>
      new sts.STSClient(common(account as Served, region, session)).send(new sts.GetCallerIdentityCommand({}))
    expect((await who('cn-north-1')).Arn).toBe('arn:aws-cn:iam::123456789012:root')
    expect(await refusalBy(who('us-east-1'))).toBe('InvalidClientTokenId')
    const headers = { authorization: `Bearer ${account.bearer}` }
    const { body } = await raw(account, { method: 'GET', path: '/_iam-sync/audit', headers })
    expect(body).toContain('arn:aws-cn:iam::123456789012:root')
    expect(body).toContain('arn:aws:iam::123456789012:root')
    expect((await raw(account, { path: '/_iam-sync/reset', headers })).status).toBe(200)
    for (const region of ['cn-north-1', 'us-east-1'])
      expect((await inRegion(account, region).send(new iam.ListUsersCommand({}))).Users).toEqual([])
  }, 30_000)

  it('says nothing where it was not asked for', async () => {
    account = await served()
    expect((await make(inRegion(account, 'cn-north-1'))).User?.Arn).toBe('arn:aws:iam::123456789012:user/ada')
  }, 30_000)

  it('of an account that is kept, a key is nobody’s in the regions of another partition', async () => {
    account = await served({ partitionFromRegion: true, isKept: true })
    expect(await refusalBy(make(inRegion(account, 'us-gov-west-1')))).toBe('InvalidClientTokenId')
    expect((await make(inRegion(account, 'eu-west-1'))).User?.UserName).toBe('ada')
  }, 30_000)
})
