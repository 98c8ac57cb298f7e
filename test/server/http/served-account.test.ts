import * as sdk from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, clientOf, raw, refusalBy, type Served, served } from './served.ts'

let server: Served
let root: sdk.IAMClient
beforeAll(async () => {
  server = await served()
  root = clientOf(server, server.root)
})
afterAll(() => server.stop())

async function keyOf(UserName: string): Promise<Credentials> {
  await root.send(new sdk.CreateUserCommand({ UserName }))
  const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

/** Whether a key signs: what is refused then is the call. */
const codeWith = (credentials: Credentials) =>
  refusalBy(clientOf(server, credentials).send(new sdk.GetAccountSummaryCommand({})))

describe('an account that is served', () => {
  it('answers AWS’s client, with ids in header and body', async () => {
    const { User, $metadata } = await root.send(
      new sdk.CreateUserCommand({
        UserName: 'ada',
        Path: '/eng/',
        Tags: [{ Key: 'team', Value: 'ü +' }],
      }),
    )
    expect(User?.Arn).toBe('arn:aws:iam::123456789012:user/eng/ada')
    expect(User?.Tags).toEqual([{ Key: 'team', Value: 'ü +' }])
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
    const again = root.send(new sdk.CreateUserCommand({ UserName: 'Ada' }))
    await expect(again).rejects.toMatchObject({
      name: 'EntityAlreadyExistsException',
      $metadata: { httpStatusCode: 409 },
    })
  })

  it('names all that is wrong with an input, in the words of AWS', async () => {
    const call = root.send(
      new sdk.CreateRoleCommand({
        RoleName: 'r'.repeat(65),
        AssumeRolePolicyDocument: '',
        MaxSessionDuration: 60,
        Tags: [{ Key: 'k'.repeat(129), Value: '#' }],
      }),
    )
    await expect(call).rejects.toMatchObject({
      name: 'ValidationError',
      message: [
        `6 validation errors detected: Value '${'r'.repeat(65)}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64`,
        `Value '' at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must have length greater than or equal to 1`,
        `Value '' at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`,
        `Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600`,
        `Value '${'k'.repeat(129)}' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128`,
        `Value '#' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*`,
      ].join('; '),
    })
    await expect(root.send(new sdk.CreateUserCommand({ UserName: undefined }))).rejects.toMatchObject({
      message:
        "1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
    })
    const named = root.send(new sdk.CreateUserCommand({ UserName: 'a b' }))
    await expect(named).rejects.toMatchObject({
      message: expect.stringMatching(/^The specified value for userName is invalid\./),
    })
  })

  it('quotes no secret in what it says', async () => {
    const call = root.send(
      new sdk.CreateLoginProfileCommand({ UserName: 'ada', Password: `s3cret-日本${'x'.repeat(200)}` }),
    )
    await expect(call).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.not.stringContaining('s3cret'),
    })
    expect(JSON.stringify(server.log)).not.toContain('s3cret')
    expect(JSON.stringify(server.log)).not.toContain(server.root.secretAccessKey)
  })

  it('takes keys that it made, as long as they are there and active', async () => {
    const key = await keyOf('bob')
    expect(await codeWith(key)).toBe('AccessDenied')
    const { accessKeyId: AccessKeyId } = key
    await root.send(new sdk.UpdateAccessKeyCommand({ UserName: 'bob', AccessKeyId, Status: 'Inactive' }))
    expect(await codeWith(key)).toBe('InvalidClientTokenId')
    await root.send(new sdk.UpdateAccessKeyCommand({ UserName: 'bob', AccessKeyId, Status: 'Active' }))
    expect(await codeWith(key)).toBe('AccessDenied')
    expect(await codeWith({ ...key, secretAccessKey: 'x' })).toBe('SignatureDoesNotMatch')
    expect(await codeWith({ ...key, sessionToken: 'x' })).toBe('InvalidClientTokenId')
    await root.send(new sdk.DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId }))
    expect(await codeWith(key)).toBe('InvalidClientTokenId')
    expect(await codeWith({ accessKeyId: 'AKIAUNKNOWN123456789', secretAccessKey: 'x' })).toBe(
      'InvalidClientTokenId',
    )
  })

  it('says when a key was last used', async () => {
    const key = await keyOf('carol')
    const lastUsed = async () => {
      const { accessKeyId: AccessKeyId } = key
      return (await root.send(new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId }))).AccessKeyLastUsed
    }
    expect(await lastUsed()).toEqual({ ServiceName: 'N/A', Region: 'N/A' })
    await codeWith(key)
    expect(await lastUsed()).toMatchObject({ ServiceName: 'iam', Region: 'us-east-1' })
    expect((await lastUsed())?.LastUsedDate).toBeInstanceOf(Date)
    // Another status leaves it as it is.
    await root.send(
      new sdk.UpdateAccessKeyCommand({ UserName: 'carol', AccessKeyId: key.accessKeyId, Status: 'Inactive' }),
    )
    expect(await lastUsed()).toMatchObject({ ServiceName: 'iam' })
  })

  it('keeps secrets sealed', async () => {
    const { secretAccessKey, accessKeyId } = await keyOf('dora')
    const kept = await server.opened
      .current()
      .store.read(async (rows) =>
        rows.entity('accessKey', accessKeyId, (await rows.entity('user', 'dora'))?.id),
      )
    expect(kept?.body.secret).toMatch(/^v1\./)
    expect(JSON.stringify(kept)).not.toContain(secretAccessKey)
  })

  it('is emptied with the bearer token, or by root, and by nobody else', async () => {
    const own = await served()
    const client = clientOf(own, own.root)
    const users = async () => (await client.send(new sdk.GetAccountSummaryCommand({}))).SummaryMap?.Users
    const reset = (headers: Readonly<Record<string, string>>) =>
      raw(own, { path: '/_iam-sync/reset', headers })
    try {
      await client.send(new sdk.CreateUserCommand({ UserName: 'eve' }))
      for (const headers of [{}, { authorization: 'Bearer other' }, { authorization: 'AWS4-HMAC-SHA256 x' }])
        expect((await reset(headers)).status).toBeGreaterThanOrEqual(400)
      expect(await users()).toBe(1)
      expect((await reset({ authorization: `Bearer ${own.bearer}` })).status).toBe(200)
      expect(await users()).toBe(0)
    } finally {
      await own.stop()
    }
  })

  it('ends what is under way before it stops: whatever was acknowledged is there', async () => {
    const own = await served()
    const client = clientOf(own, own.root)
    await client.send(new sdk.GetAccountSummaryCommand({}))
    const calls = Array.from({ length: 20 }, (_, index) =>
      client.send(new sdk.CreateUserCommand({ UserName: `u${index}` })).then(
        () => 1,
        () => 0,
      ),
    )
    await Promise.race(calls)
    await own.stopListening()
    const acknowledged = (await Promise.all<number>(calls)).reduce((sum, each) => sum + each, 0)
    const { SummaryMap } = await own.opened.current().iam.read('GetAccountSummary', {})
    expect(SummaryMap?.Users).toBeGreaterThan(0)
    expect(acknowledged).toBe(SummaryMap?.Users)
    await own.stop()
  })

  it('lets a key call no more often than it may', async () => {
    const own = await served({ rate: { perSecond: 0.001, burst: 3 } })
    try {
      const call = () => refusalBy(clientOf(own, own.root).send(new sdk.GetAccountSummaryCommand({})))
      expect([await call(), await call(), await call(), await call()]).toEqual([
        null,
        null,
        null,
        'Throttling',
      ])
    } finally {
      await own.stop()
    }
  })
})
