import type { OutgoingAnswer, ReceivedRequest } from '../calls/answer-call.ts'
import { headerOf } from '../signature/incoming-request.ts'
import type { InstanceCredentials, InstanceRole, RoleCredentials } from './instance-credentials.ts'
import { LONGEST_TOKEN, type MetadataTokens } from './metadata-tokens.ts'

/** The machine that whoever asks believes to be on. */
export interface MetadataInstance {
  readonly id: string
  readonly accountId: string
  readonly region: string
  /** When it started, in milliseconds since the epoch. */
  readonly started: number
}

interface MetadataParts {
  readonly instance: MetadataInstance
  readonly tokens: MetadataTokens
  readonly credentials: InstanceCredentials
  readonly clock: () => number
  /** @returns null: there is no such instance profile now */
  readonly profile: () => Promise<InstanceRole | null>
}

const TOKEN_PATH = '/latest/api/token'
const TTL = 'x-aws-ec2-metadata-token-ttl-seconds'
const TOKEN = 'x-aws-ec2-metadata-token'

/**
 * Answers as the metadata service of an EC2 instance does that requires tokens (IMDSv2). What a proxy has handed on is refused, and so is
 * what was sent to a name that anybody may give to this machine: a page in a browser could ask then.
 * @see EC2 User Guide, "Use the Instance Metadata Service to access instance metadata"
 */
export async function answerMetadata(
  parts: MetadataParts,
  request: ReceivedRequest,
): Promise<OutgoingAnswer> {
  const { method, path } = request
  if (headerOf(request, 'x-forwarded-for') !== null || !isOfThisMachine(headerOf(request, 'host')))
    return plainAnswer(403, 'Forbidden')
  if (path === TOKEN_PATH)
    return method === 'PUT' ? newToken(parts, request) : plainAnswer(405, 'Method Not Allowed')
  if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, 'Method Not Allowed')
  if (!parts.tokens.isGood(headerOf(request, TOKEN) ?? '')) return plainAnswer(401, 'Unauthorized')
  const found = await found200(parts, path)
  return found === null ? plainAnswer(404, 'Not Found') : plainAnswer(200, found)
}

/** By a number, or as everybody calls themselves. */
const isOfThisMachine = (host: string | null): boolean =>
  host !== null && /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host)

function newToken({ tokens }: MetadataParts, request: ReceivedRequest): OutgoingAnswer {
  const given = headerOf(request, TTL) ?? ''
  const seconds = Number(given)
  if (!/^\d{1,5}$/.test(given) || seconds < 1 || seconds > LONGEST_TOKEN)
    return plainAnswer(400, 'Bad Request')
  const { headers, ...answer } = plainAnswer(200, tokens.issue(seconds))
  return { ...answer, headers: { ...headers, [TTL]: given } }
}

export const plainAnswer = (status: number, body: string): OutgoingAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

const SECURITY = '/latest/meta-data/iam/security-credentials/'

/** What folders have; the last part of each name is what a listing shows. */
const LISTINGS: Readonly<Record<string, string>> = {
  '/': 'latest',
  '/latest/': 'dynamic\nmeta-data',
  '/latest/dynamic/': 'instance-identity/',
  '/latest/dynamic/instance-identity/': 'document',
  '/latest/meta-data/': 'iam/\ninstance-id\nplacement/',
  '/latest/meta-data/iam/': 'info\nsecurity-credentials/',
  '/latest/meta-data/placement/': 'availability-zone\nregion',
}

/** @returns null: there is nothing there */
async function found200(parts: MetadataParts, path: string): Promise<string | null> {
  const { instance, profile } = parts
  // Folders go by their name with and without a stroke.
  const listing = LISTINGS[path] ?? LISTINGS[`${path}/`]
  if (listing !== undefined) return listing
  if (path.startsWith(SECURITY.slice(0, -1))) return securityCredentials(parts, path)
  switch (path) {
    case '/latest/meta-data/instance-id':
      return instance.id
    case '/latest/meta-data/placement/region':
      return instance.region
    case '/latest/meta-data/placement/availability-zone':
      return zoneOf(instance)
    case '/latest/meta-data/iam/info':
      return infoText(parts, await profile())
    case '/latest/dynamic/instance-identity/document':
      return json({
        accountId: instance.accountId,
        architecture: 'x86_64',
        availabilityZone: zoneOf(instance),
        billingProducts: null,
        imageId: 'ami-00000000000000000',
        instanceId: instance.id,
        instanceType: 't3.micro',
        pendingTime: timeText(instance.started),
        privateIp: '127.0.0.1',
        region: instance.region,
        version: '2017-09-30',
      })
    default:
      return null
  }
}

const zoneOf = ({ region }: MetadataInstance): string => `${region}a`

function infoText({ clock }: MetadataParts, found: InstanceRole | null): string | null {
  if (found === null) return null
  return json({
    Code: 'Success',
    LastUpdated: timeText(clock()),
    InstanceProfileArn: found.profile.arn,
    InstanceProfileId: found.profile.id,
  })
}

async function securityCredentials(parts: MetadataParts, path: string): Promise<string | null> {
  const role = (await parts.profile())?.held ?? null
  if (role === null) return null
  if (path === SECURITY || `${path}/` === SECURITY) return role.name
  if (path !== `${SECURITY}${encodeURIComponent(role.name)}` && path !== `${SECURITY}${role.name}`)
    return null
  const credentials = await parts.credentials.of(role)
  return json(credentials === null ? untrusting(role.name, parts.clock()) : shown(credentials))
}

const shown = ({ accessKeyId, secretAccessKey, token, issued, expires }: RoleCredentials): object => ({
  Code: 'Success',
  LastUpdated: timeText(issued),
  Type: 'AWS-HMAC',
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  Token: token,
  Expiration: timeText(expires),
})

/** @see EC2 User Guide, "Troubleshoot IAM roles": its status is 200, too */
const untrusting = (role: string, now: number): object => ({
  Code: 'AssumeRoleUnauthorizedAccess',
  Message: `EC2 cannot assume the role ${role}. Its trust policy has to allow ec2.amazonaws.com sts:AssumeRole.`,
  LastUpdated: timeText(now),
})

const json = (value: object): string => JSON.stringify(value, null, 2)
const timeText = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`
