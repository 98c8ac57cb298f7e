import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as sdk from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServeProcess, startServe } from './serve-process.ts'

const run = promisify(execFile)
const HAS_BOTO3 = await run('python3', ['-c', 'import boto3']).then(
  () => true,
  () => false,
)

let server: ServeProcess & { readonly imds: string }
let root: sdk.IAMClient
beforeAll(async () => {
  server = (await startServe([
    ...['--ephemeral', '--imds', '0', '--imds-instance-profile', 'web'],
  ])) as typeof server
  root = new sdk.IAMClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: server,
    maxAttempts: 1,
  })
}, 30_000)
afterAll(async () => {
  expect(await server.stop()).toBe(0)
})

/** As on a machine that has no credentials of its own. */
const environment = () => ({
  PATH: process.env.PATH ?? '',
  AWS_EC2_METADATA_SERVICE_ENDPOINT: server.imds,
  AWS_ENDPOINT_URL_STS: server.endpoint,
  AWS_ENDPOINT_URL_IAM: server.endpoint,
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: '1',
})

const JAVASCRIPT = `
import { fromInstanceMetadata } from '@smithy/credential-provider-imds'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
const { Arn } = await new STSClient({ credentials: fromInstanceMetadata() }).send(new GetCallerIdentityCommand({}))
console.log(Arn)`

const PYTHON = `
import boto3
from botocore.exceptions import ClientError
session = boto3.Session()
print(session.client('sts').get_caller_identity()['Arn'], session.get_credentials().method)
iam = session.client('iam')
print(len(iam.list_roles()['Roles']))
try:
    iam.list_users()
except ClientError as error:
    print(error.response['Error']['Code'])`

const inJavaScript = () =>
  run(process.execPath, ['--input-type=module', '-e', JAVASCRIPT], {
    env: environment(),
    cwd: import.meta.dirname,
  })
const metadata = async (path: string): Promise<Response> => {
  const token = await fetch(`${server.imds}/latest/api/token`, {
    method: 'PUT',
    headers: { 'X-aws-ec2-metadata-token-ttl-seconds': '60' },
  })
  return fetch(`${server.imds}${path}`, { headers: { 'X-aws-ec2-metadata-token': await token.text() } })
}
const ROLES = '/latest/meta-data/iam/security-credentials/'
const trust = (Service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  })

describe('instance metadata of a real `serve`', () => {
  it('has no role before there is the profile', async () => {
    expect(new URL(server.imds).hostname).toBe('127.0.0.1')
    expect((await metadata(ROLES)).status).toBe(404)
    expect((await fetch(`${server.imds}${ROLES}`)).status).toBe(401)
    expect(server.log()).toContain('"imds-without-profile"')
  })

  it('gives none of a role that does not trust EC2', async () => {
    await root.send(new sdk.CreateInstanceProfileCommand({ InstanceProfileName: 'web' }))
    await root.send(
      new sdk.CreateRoleCommand({ RoleName: 'web', AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
    )
    await root.send(
      new sdk.PutRolePolicyCommand({
        RoleName: 'web',
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'iam:ListRoles',
              Resource: '*',
              Condition: {
                StringEquals: { 'ec2:RoleDelivery': '2.0' },
                ArnLike: { 'ec2:SourceInstanceARN': 'arn:aws:ec2:*:123456789012:instance/i-*' },
              },
            },
          ],
        }),
      }),
    )
    await root.send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'web' }))
    expect(await (await metadata(ROLES)).text()).toBe('web')
    expect(await (await metadata(`${ROLES}web`)).json()).toMatchObject({
      Code: 'AssumeRoleUnauthorizedAccess',
    })
    await expect(inJavaScript()).rejects.toThrow()
  })

  it('gives an SDK the credentials of the role, by which it calls', async () => {
    await root.send(
      new sdk.UpdateAssumeRolePolicyCommand({ RoleName: 'web', PolicyDocument: trust('ec2.amazonaws.com') }),
    )
    const id = await (await metadata('/latest/meta-data/instance-id')).text()
    const arn = `arn:aws:sts::123456789012:assumed-role/web/${id}`
    expect((await inJavaScript()).stdout).toBe(`${arn}\n`)
    const given = (await (await metadata(`${ROLES}web`)).json()) as Readonly<Record<string, string>>
    expect(server.log()).not.toContain(given.SecretAccessKey)

    const audit = await fetch(`${server.endpoint}/_iam-sync/audit`, {
      headers: { authorization: `Bearer ${server.bearerToken}` },
    })
    const text = await audit.text()
    const sessions = (JSON.parse(text).Records as readonly Readonly<Record<string, unknown>>[]).filter(
      ({ eventName }) => eventName === 'AssumeRole',
    )
    expect(sessions.map(({ errorCode }) => errorCode)).toEqual([
      ...sessions.slice(0, -1).map(() => 'AccessDenied'),
      undefined,
    ])
    expect(sessions.at(-1)).toMatchObject({
      userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
      sourceIPAddress: 'ec2.amazonaws.com',
      requestParameters: { roleSessionName: id },
      responseElements: { credentials: { accessKeyId: given.AccessKeyId } },
    })
    for (const secret of [given.SecretAccessKey, given.Token]) expect(text).not.toContain(secret)
  })

  it.skipIf(!HAS_BOTO3)(
    'serves boto3 (skipped where it isn’t installed)',
    async () => {
      const { stdout } = await run('python3', ['-c', PYTHON], { env: environment() })
      expect(stdout).toMatch(
        /^arn:aws:sts::123456789012:assumed-role\/web\/i-[0-9a-f]{17} iam-role\n1\nAccessDenied\n$/,
      )
    },
    30_000,
  )
})
