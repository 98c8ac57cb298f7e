import { beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingAnswer, ReceivedRequest } from '../../../src/server/calls/answer-call.ts'
import { answerMetadata } from '../../../src/server/metadata/answer-metadata.ts'
import {
  InstanceCredentials,
  type InstanceRole,
  type RoleCredentials,
} from '../../../src/server/metadata/instance-credentials.ts'
import { MetadataTokens } from '../../../src/server/metadata/metadata-tokens.ts'
import { fixedBytes } from '../../fixed-seed.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const ROLES = '/latest/meta-data/iam/security-credentials/'
const WEB: InstanceRole = {
  profile: { arn: 'arn:aws:iam::123456789012:instance-profile/web', id: 'AIPA1' },
  held: { arn: 'arn:aws:iam::123456789012:role/web', id: 'AROA1', name: 'web' },
}

let now: number
let profile: InstanceRole | null
let minted: string[]
let trusts: boolean
let parts: Parameters<typeof answerMetadata>[0]
beforeEach(() => {
  now = START
  profile = WEB
  minted = []
  trusts = true
  const clock = () => now
  const mint = async (roleArn: string): Promise<RoleCredentials | null> => {
    minted.push(roleArn)
    if (!trusts) return null
    const accessKeyId = `ASIA${minted.length}`
    return { accessKeyId, secretAccessKey: 's', token: 't', issued: now, expires: now + 6 * HOUR }
  }
  parts = {
    instance: { id: 'i-0', accountId: '123456789012', region: 'us-east-1', started: START },
    tokens: new MetadataTokens(clock, fixedBytes),
    credentials: new InstanceCredentials({ clock, mint }),
    clock,
    profile: async () => profile,
  }
})

const sent = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OutgoingAnswer> => {
  const all = Object.entries({ host: '127.0.0.1:1338', ...headers })
  const request: ReceivedRequest = {
    method,
    path,
    query: '',
    headers: new Map(all.map(([name, value]) => [name, [value]])),
    body: new Uint8Array(),
    sourceIp: '127.0.0.1',
    isSecure: false,
  }
  return answerMetadata(parts, request)
}
const token = async (seconds = '60') =>
  (await sent('PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': seconds })).body
const got = async (path: string, by?: string) =>
  sent('GET', path, { 'x-aws-ec2-metadata-token': by ?? (await token()) })
const credentials = async () => JSON.parse((await got(`${ROLES}web`)).body)

describe('instance metadata', () => {
  it('gives a token for one second to six hours', async () => {
    const statusFor = async (ttl: string) =>
      (await sent('PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': ttl })).status
    for (const ttl of ['1', '21600']) expect(await statusFor(ttl)).toBe(200)
    for (const ttl of ['0', '21601', '-1', '1.5', '1e3', 'x', '', ' 60'])
      expect([ttl, await statusFor(ttl)]).toEqual([ttl, 400])
    expect((await sent('PUT', '/latest/api/token')).status).toBe(400)
    expect((await sent('GET', '/latest/api/token')).status).toBe(405)
    const { headers, body } = await sent('PUT', '/latest/api/token', {
      'x-aws-ec2-metadata-token-ttl-seconds': '60',
    })
    expect(headers['x-aws-ec2-metadata-token-ttl-seconds']).toBe('60')
    expect(body).not.toBe(await token())
  })

  it('answers nothing without a token that is still good', async () => {
    const by = await token('60')
    for (const path of ['/', '/latest/meta-data/', ROLES, `${ROLES}web`, '/latest/none']) {
      expect((await sent('GET', path)).status).toBe(401)
      for (const wrong of ['', 'x', `${by.slice(0, -4)}AAAA`, `A${by.slice(1)}`, `${by}A`, `${by},${by}`])
        expect((await got(path, wrong)).status).toBe(401)
    }
    now += 59_999
    expect((await got(ROLES, by)).status).toBe(200)
    now += 1
    expect((await got(ROLES, by)).status).toBe(401)
    // Of another start.
    parts = { ...parts, tokens: new MetadataTokens(() => now, fixedBytes) }
    now -= 50_000
    expect((await got(ROLES, by)).status).toBe(401)
    expect(minted).toEqual([])
  })

  it('refuses what a proxy has handed on, and what was sent to a name', async () => {
    const by = await token()
    const asked = (headers: Readonly<Record<string, string>>) =>
      Promise.all([
        sent('PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '60', ...headers }),
        sent('GET', ROLES, { 'x-aws-ec2-metadata-token': by, ...headers }),
      ]).then((answers) => answers.map(({ status }) => status))
    expect(await asked({ 'x-forwarded-for': '10.0.0.1' })).toEqual([403, 403])
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:1338',
    ])
      expect(await asked({ host })).toEqual([403, 403])
    for (const host of ['localhost:1338', '127.0.0.1', '[::1]:1338', '169.254.169.254'])
      expect(await asked({ host })).toEqual([200, 200])
    expect((await sent('POST', ROLES, { 'x-aws-ec2-metadata-token': by })).status).toBe(405)
  })

  it('has what an SDK asks for', async () => {
    expect((await got(ROLES)).body).toBe('web')
    expect((await got(ROLES.slice(0, -1))).body).toBe('web')
    expect(await credentials()).toEqual({
      Code: 'Success',
      LastUpdated: '2026-01-01T00:00:00Z',
      Type: 'AWS-HMAC',
      AccessKeyId: 'ASIA1',
      SecretAccessKey: 's',
      Token: 't',
      Expiration: '2026-01-01T06:00:00Z',
    })
    expect(JSON.parse((await got('/latest/meta-data/iam/info')).body)).toMatchObject({
      Code: 'Success',
      InstanceProfileArn: WEB.profile.arn,
      InstanceProfileId: 'AIPA1',
    })
    expect((await got('/latest/meta-data/instance-id')).body).toBe('i-0')
    expect((await got('/latest/meta-data/placement/region')).body).toBe('us-east-1')
    expect((await got('/latest/meta-data/placement/availability-zone/')).body).toBe('Not Found')
    expect((await got('/latest/meta-data/')).body).toBe('iam/\ninstance-id\nplacement/')
    const document = JSON.parse((await got('/latest/dynamic/instance-identity/document')).body)
    expect(document).toMatchObject({ accountId: '123456789012', instanceId: 'i-0', region: 'us-east-1' })
    for (const path of [
      `${ROLES}other`,
      `${ROLES}web/`,
      '/latest/user-data',
      '/latest/__proto__/',
      '/constructor',
    ])
      expect([path, (await got(path)).status]).toEqual([path, 404])
  })

  it('has no role as long as there is no such profile, or none in it', async () => {
    for (const each of [null, { ...WEB, held: null }]) {
      profile = each
      expect([(await got(ROLES)).status, (await got(`${ROLES}web`)).status]).toEqual([404, 404])
    }
    expect((await got('/latest/meta-data/iam/info')).status).toBe(200)
    profile = null
    expect((await got('/latest/meta-data/iam/info')).status).toBe(404)
  })

  it('has other credentials well before the end of those before, or once the role is another', async () => {
    expect((await credentials()).AccessKeyId).toBe('ASIA1')
    now += 5.7 * HOUR
    expect((await credentials()).AccessKeyId).toBe('ASIA1')
    now += 0.1 * HOUR
    const both = await Promise.all([credentials(), credentials()])
    expect(both.map(({ AccessKeyId }) => AccessKeyId)).toEqual(['ASIA2', 'ASIA2'])
    // Of the same name.
    profile = { ...WEB, held: { arn: WEB.held?.arn ?? '', id: 'AROA2', name: 'web' } }
    expect((await credentials()).AccessKeyId).toBe('ASIA3')
    expect(minted).toHaveLength(3)
  })

  it('says so when the role does not trust EC2, and asks again', async () => {
    trusts = false
    expect(await credentials()).toMatchObject({ Code: 'AssumeRoleUnauthorizedAccess' })
    trusts = true
    expect(await credentials()).toMatchObject({ Code: 'Success' })
  })
})
