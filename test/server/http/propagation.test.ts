import { setTimeout as sleep } from 'node:timers/promises'
import * as iam from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { afterEach, describe, expect, it } from 'vitest'
import { iamSync } from '../../cli/run.ts'
import { policyText } from '../../iam/authorization/world.ts'
import { type Credentials, clientOf, refusalBy, type Served, served } from './served.ts'

/** Long enough for a few calls to come before it is over, on a busy machine too. */
const DELAY = 1500
/** Until what was written is seen for certain. */
const settled = () => sleep(DELAY + 300)

let open: Served | null = null
afterEach(async () => {
  await open?.stop()
  open = null
})

async function delayed(): Promise<Served> {
  open = await served({ propagationDelay: DELAY })
  return open
}

const keyOf = ({ AccessKey }: iam.CreateAccessKeyCommandOutput): Credentials => ({
  accessKeyId: AccessKey?.AccessKeyId ?? '',
  secretAccessKey: AccessKey?.SecretAccessKey ?? '',
})
const user = (UserName: string) => new iam.GetUserCommand({ UserName })

describe('with a propagation delay', () => {
  it('reads see what is written, changed and deleted only then, and writes at once', async () => {
    const account = await delayed()
    const root = clientOf(account, account.root)
    const { User } = await root.send(new iam.CreateUserCommand({ UserName: 'ada' }))
    expect(User?.Arn).toMatch(/user\/ada$/)
    expect(await refusalBy(root.send(user('ada')))).toBe('NoSuchEntity')
    expect((await root.send(new iam.ListUsersCommand({}))).Users).toEqual([])
    // Whoever writes meets what is there.
    expect(await refusalBy(root.send(new iam.CreateUserCommand({ UserName: 'ada' })))).toBe(
      'EntityAlreadyExists',
    )
    await settled()
    expect((await root.send(user('ada'))).User?.UserName).toBe('ada')
    await root.send(new iam.DeleteUserCommand({ UserName: 'ada' }))
    expect((await root.send(user('ada'))).User?.UserName).toBe('ada')
    await settled()
    expect(await refusalBy(root.send(user('ada')))).toBe('NoSuchEntity')
  }, 20_000)

  it('keys, policies and roles count only then', async () => {
    const account = await delayed()
    const root = clientOf(account, account.root)
    await root.send(new iam.CreateUserCommand({ UserName: 'ada' }))
    const key = keyOf(await root.send(new iam.CreateAccessKeyCommand({ UserName: 'ada' })))
    const ada = clientOf(account, key)
    const list = () => refusalBy(ada.send(new iam.ListUsersCommand({})))
    expect(await list()).toBe('InvalidClientTokenId')
    await settled()
    expect(await list()).toBe('AccessDenied')
    await root.send(
      new iam.PutUserPolicyCommand({
        UserName: 'ada',
        PolicyName: 'own',
        PolicyDocument: policyText({ Effect: 'Allow', Action: ['iam:ListUsers', 'sts:*'], Resource: '*' }),
      }),
    )
    const { Role } = await root.send(
      new iam.CreateRoleCommand({
        RoleName: 'work',
        AssumeRolePolicyDocument: policyText({
          Effect: 'Allow',
          Principal: { AWS: '123456789012' },
          Action: 'sts:AssumeRole',
        }),
      }),
    )
    const assume = () =>
      refusalBy(
        new sts.STSClient({
          endpoint: account.endpoint,
          region: 'us-east-1',
          credentials: key,
          maxAttempts: 1,
        }).send(new sts.AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'ada' })),
      )
    expect([await list(), await assume()]).toEqual(['AccessDenied', 'AccessDenied'])
    await settled()
    expect([await list(), await assume()]).toEqual([null, null])
  }, 20_000)

  it('what was there when it began is seen, and what is written one after the other in that order', async () => {
    const account = await delayed()
    const root = clientOf(account, account.root)
    const names = () => root.send(new iam.ListUsersCommand({})).then(({ Users = [] }) => Users.length)
    const seen: number[] = []
    let made = 0
    for (let turn = 0; turn < (2 * DELAY) / 100; turn++) {
      if (made < 5) await root.send(new iam.CreateUserCommand({ UserName: `u${made++}` }))
      seen.push(await names())
      await sleep(100)
    }
    await settled()
    seen.push(await names())
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect([seen[0], seen.at(-1)]).toEqual([0, 5])
  }, 20_000)
})

it('a delay of more than a minute is refused', async () => {
  const ran = await iamSync(['serve', '--ephemeral', '--port', '0', '--propagation-delay', '2m'])
  expect([ran.code, ran.err.includes('error[serve.bad-delay]')]).toEqual([1, true])
}, 20_000)
