import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { IAM_REGIONS } from '../../evaluator/estate/derived-context.ts'
import { IamError } from '../../iam/service-error.ts'
import type { AnsweredCall } from '../../server/calls/ports.ts'
import { type Listening, listen } from '../../server/http/listen.ts'
import { answerMetadata, type MetadataInstance, plainAnswer } from '../../server/metadata/answer-metadata.ts'
import {
  InstanceCredentials,
  type InstanceRole,
  type RoleCredentials,
} from '../../server/metadata/instance-credentials.ts'
import { MetadataTokens } from '../../server/metadata/metadata-tokens.ts'
import { eventLine, failureText } from './call-log.ts'
import type { OpenedAccount } from './opened-account.ts'

/** Of what instance metadata is served, and where. */
export interface MetadataOptions {
  readonly port: number
  /** The name of an instance profile. */
  readonly instanceProfile: string
}

interface MetadataParts {
  readonly opened: OpenedAccount
  readonly log: (line: object) => void
  /** Told of each session that is begun. */
  readonly told: (call: AnsweredCall) => void
}

/** Nobody but this machine: what is answered are credentials, for whoever asks. */
const HOST = '127.0.0.1'
const SERVICE = 'ec2.amazonaws.com'
/** Seconds, as at AWS. */
const DURATION = 21_600

/** Serves what an SDK on an EC2 instance finds. @throws what Node throws when the port is taken */
export async function serveMetadata(
  { port, instanceProfile }: MetadataOptions,
  { opened, log, told }: MetadataParts,
): Promise<Listening> {
  const { account } = opened
  const clock = () => Date.now()
  const digest = createHash('sha256').update(`${account.id} ${instanceProfile}`).digest('hex')
  const instance: MetadataInstance = {
    id: `i-${digest.slice(0, 17)}`,
    accountId: account.id,
    region: IAM_REGIONS.get(account.partition) ?? '',
    started: clock(),
  }
  const sessions = { instance, partition: account.partition, opened, log, told }
  const parts = {
    instance,
    clock,
    tokens: new MetadataTokens(clock, randomBytes),
    credentials: new InstanceCredentials({ clock, mint: (roleArn) => beginSession(sessions, roleArn) }),
    profile: () => profileNamed(opened, instanceProfile),
  }
  if ((await parts.profile()) === null) log(eventLine('info', 'imds-without-profile', { instanceProfile }))
  return listen({
    host: HOST,
    port,
    tls: null,
    answer: (request) =>
      answerMetadata(parts, request).catch((error) => {
        log(eventLine('error', 'imds-failed', { failure: failureText(error) }))
        return plainAnswer(500, 'Internal Server Error')
      }),
    refuse: (status, _, message) => plainAnswer(status, message),
  })
}

async function profileNamed(
  opened: OpenedAccount,
  InstanceProfileName: string,
): Promise<InstanceRole | null> {
  try {
    const { iam } = opened.current()
    const { InstanceProfile } = await iam.read('GetInstanceProfile', { InstanceProfileName })
    if (InstanceProfile === undefined) return null
    const { Arn = '', InstanceProfileId = '', Roles = [] } = InstanceProfile
    const [held] = Roles
    return {
      profile: { arn: Arn, id: InstanceProfileId },
      held:
        held === undefined ? null : { arn: held.Arn ?? '', id: held.RoleId ?? '', name: held.RoleName ?? '' },
    }
  } catch (error) {
    if (error instanceof IamError && error.code === 'NoSuchEntity') return null
    throw error
  }
}

interface SessionParts extends Pick<MetadataParts, 'opened' | 'log' | 'told'> {
  readonly instance: MetadataInstance
  readonly partition: string
}

/** @returns null: the role does not trust EC2 */
async function beginSession(parts: SessionParts, roleArn: string): Promise<RoleCredentials | null> {
  const { instance, partition, opened, log, told } = parts
  const { id, region, accountId } = instance
  const request = { now: Date.now(), sourceIp: null, userAgent: null, isSecure: true, region }
  const source = `arn:${partition}:ec2:${region}:${accountId}:instance/${id}`
  const asked = {
    roleArn,
    service: SERVICE,
    sessionName: id,
    duration: DURATION,
    lasting: [
      ['ec2:RoleDelivery', ['2.0']],
      ['ec2:SourceInstanceARN', [source]],
    ],
  } as const
  const call = {
    requestId: randomUUID(),
    time: request.now,
    service: 'sts',
    operation: 'AssumeRole',
    caller: null,
    claimedKeyId: null,
    invokedBy: SERVICE,
    input: { RoleArn: roleArn, RoleSessionName: id, DurationSeconds: DURATION },
    failure: null,
    sourceIp: SERVICE,
    isSecure: true,
    region,
    userAgent: SERVICE,
  } as const
  const answered = (more: Pick<AnsweredCall, 'answer' | 'status' | 'error'>) =>
    told({ ...call, ...more, took: Date.now() - request.now })
  try {
    const answer = await opened.current().authority.sts.byService(asked, request)
    const { Credentials } = answer
    answered({ answer, status: 200, error: null })
    log(eventLine('info', 'imds-session', { roleArn, accessKeyId: Credentials.AccessKeyId }))
    return {
      accessKeyId: Credentials.AccessKeyId ?? '',
      secretAccessKey: Credentials.SecretAccessKey ?? '',
      token: Credentials.SessionToken ?? '',
      issued: request.now,
      expires: Credentials.Expiration?.getTime() ?? 0,
    }
  } catch (error) {
    if (!(error instanceof IamError) || error.code !== 'AccessDenied') throw error
    answered({ answer: null, status: 403, error: { code: error.code, message: error.message } })
    log(eventLine('error', 'imds-no-session', { roleArn, error: error.code }))
    return null
  }
}
