import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as sdk from '@aws-sdk/client-iam'
import * as sts from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsEnvironment, HAS_BOTO3, type ServeProcess, startServe } from './serve-process.ts'

const run = promisify(execFile)
const found = async (command: string, ...args: readonly string[]): Promise<boolean> =>
  run(command, [...args]).then(
    () => true,
    () => false,
  )
const HAS_AWS_CLI = await found('aws', '--version')

let server: ServeProcess
beforeAll(async () => {
  server = await startServe()
}, 30_000)
afterAll(async () => {
  expect(await server.stop()).toBe(0)
})

const environment = () => awsEnvironment(server)
const emptied = () =>
  fetch(`${server.endpoint}/_iam-sync/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.bearerToken}` },
  })

describe('a real `serve`', () => {
  it('serves the SDK for JavaScript: a user, a role, its session', async () => {
    const parts = { endpoint: server.endpoint, region: 'us-east-1', maxAttempts: 1 }
    const root = new sdk.IAMClient({ ...parts, credentials: server })
    const { User } = await root.send(new sdk.CreateUserCommand({ UserName: 'ada' }))
    const { AccessKey } = await root.send(new sdk.CreateAccessKeyCommand({ UserName: 'ada' }))
    const credentials = {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    }
    const document = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
    const { Role } = await root.send(
      new sdk.CreateRoleCommand({
        RoleName: 'deploy',
        AssumeRolePolicyDocument: document({ Action: 'sts:AssumeRole', Principal: { AWS: User?.Arn } }),
      }),
    )
    await root.send(
      new sdk.PutRolePolicyCommand({
        RoleName: 'deploy',
        PolicyName: 'list',
        PolicyDocument: document({ Action: 'iam:ListUsers', Resource: '*' }),
      }),
    )
    const asAda = new sts.STSClient({ ...parts, credentials })
    const { Credentials } = await asAda.send(
      new sts.AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 's-1' }),
    )
    const session = new sdk.IAMClient({
      ...parts,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    })
    const { Users } = await session.send(new sdk.ListUsersCommand({}))
    expect(Users?.map(({ UserName }) => UserName)).toEqual(['ada'])
    await expect(session.send(new sdk.ListRolesCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('is not authorized to perform: iam:ListRoles'),
    })
    expect(server.log()).not.toContain(credentials.secretAccessKey)
    expect(server.log()).not.toContain(server.secretAccessKey)
  })

  it.skipIf(!HAS_BOTO3)(
    'serves boto3 (skipped where it isn’t installed)',
    async () => {
      await emptied()
      const script = join(import.meta.dirname, 'boto3-calls.py')
      const { stdout } = await run('python3', [script, server.endpoint], { env: environment() })
      expect(JSON.parse(stdout)).toEqual({
        root: 'arn:aws:iam::123456789012:root',
        user: ['arn:aws:iam::123456789012:user/team/ada', 'ü +'],
        again: 'EntityAlreadyExists',
        identity: 'arn:aws:iam::123456789012:user/team/ada',
        denied: 'AccessDenied',
        allowed: 'ada',
        policy: true,
        assumed: ['ada'],
        assumedDenied: 'AccessDenied',
        stolenToken: 'InvalidClientTokenId',
        groups: ['g0', 'g1', 'g2', 'g3', 'g4'],
        wrongSecret: 'SignatureDoesNotMatch',
        inactive: 'InvalidClientTokenId',
        leftOut: 'InvalidAction',
        conflict: 'DeleteConflict',
        invalid: 'MalformedPolicyDocument',
      })
    },
    60_000,
  )

  it.skipIf(!HAS_AWS_CLI)(
    'serves the AWS CLI (skipped where it isn’t installed)',
    async () => {
      await emptied()
      const aws = async (...args: readonly string[]): Promise<unknown> => {
        const { stdout } = await run(
          'aws',
          ['--endpoint-url', server.endpoint, '--output', 'json', ...args],
          {
            env: environment(),
          },
        )
        return stdout === '' ? null : JSON.parse(stdout)
      }
      expect(
        await aws('iam', 'create-user', '--user-name', 'ada', '--tags', 'Key=team,Value=a b'),
      ).toMatchObject({
        User: { UserName: 'ada', Tags: [{ Key: 'team', Value: 'a b' }] },
      })
      expect(await aws('iam', 'list-users')).toMatchObject({ Users: [{ UserName: 'ada' }] })
      expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' })
      await expect(aws('iam', 'get-user', '--user-name', 'none')).rejects.toMatchObject({
        stderr: expect.stringContaining('(NoSuchEntity)'),
      })
    },
    60_000,
  )
})
