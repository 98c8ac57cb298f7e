import { createHash } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-iam'
import { childrenOf, findChild, readChildId, readStatus } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readBoolean, readInteger, readText } from '../../iam/input.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { users } from '../user/iam.ts'
import { CREDENTIAL_AGE, CREDENTIAL_SERVICES, SERVICE_SPECIFIC_CREDENTIAL } from './kind.ts'

type Row = EntityRow<'serviceSpecificCredential'>

const CREDENTIALS = {
  kind: 'serviceSpecificCredential',
  idField: 'serviceSpecificCredentialId',
  label: 'service specific credential',
} as const

const ID_PREFIX = 'ACCA'
/** @see IAM User Guide, "IAM and AWS STS quotas": sets of credentials for one service */
const MOST_OF_ONE_SERVICE = SERVICE_SPECIFIC_CREDENTIAL.most
const DAY = 86_400_000

export const serviceSpecificCredential = {
  reads: { ListServiceSpecificCredentials: list },
  writes: {
    CreateServiceSpecificCredential: create,
    UpdateServiceSpecificCredential: async (writing, { UserName, ServiceSpecificCredentialId, Status }) => {
      const status = readStatus(Status)
      const { row } = await find(writing, UserName, ServiceSpecificCredentialId)
      await writing.rows.update({ ...row, body: { ...row.body, status } })
    },
    ResetServiceSpecificCredential: async (writing, { UserName, ServiceSpecificCredentialId }) => {
      const { user, row } = await find(writing, UserName, ServiceSpecificCredentialId)
      return { ServiceSpecificCredential: { ...view(writing, user, row), ...newSecret(writing, row) } }
    },
    DeleteServiceSpecificCredential: async (writing, { UserName, ServiceSpecificCredentialId }) => {
      const { row } = await find(writing, UserName, ServiceSpecificCredentialId)
      await writing.rows.delete(row.id)
    },
  },
} satisfies IamKindOf<'serviceSpecificCredential'>

async function list(
  reading: Reading,
  input: sdk.ListServiceSpecificCredentialsRequest,
): Promise<sdk.ListServiceSpecificCredentialsResponse> {
  const wanted = readPage(input)
  const isOfAll = readBoolean('allUsers', input.AllUsers)
  const service = input.ServiceName === undefined ? null : readService(input.ServiceName)
  const user = isOfAll ? null : await findEntity(reading, users, input.UserName)
  const found =
    user === null ? await ofEverybody(reading) : await childrenOf(reading, CREDENTIALS.kind, user.id)
  const { page, end } = pageOf(
    found.filter(({ body }) => service === null || body.service === service),
    wanted,
  )
  const credentials: sdk.ServiceSpecificCredentialMetadata[] = []
  for (const row of page) {
    const owner = user ?? (row.parentId === null ? null : await reading.rows.entityById(row.parentId))
    if (owner !== null) credentials.push(view(reading, owner, row))
  }
  return { ServiceSpecificCredentials: credentials, ...end }
}

const ofEverybody = ({ rows }: Pick<Reading, 'rows'>): Promise<readonly Row[]> =>
  rows.entities(CREDENTIALS.kind, { after: null, limit: Number.MAX_SAFE_INTEGER, pathPrefix: '/' })

async function create(
  writing: Writing,
  { UserName, ServiceName, CredentialAgeDays }: sdk.CreateServiceSpecificCredentialRequest,
): Promise<sdk.CreateServiceSpecificCredentialResponse> {
  const service = readService(ServiceName)
  const age = CredentialAgeDays === undefined ? null : readAge(service, CredentialAgeDays)
  const user = await findModifiable(writing, users, UserName)
  const others = (await childrenOf(writing, CREDENTIALS.kind, user.id)).filter(
    ({ body }) => body.service === service,
  )
  if (others.length >= MOST_OF_ONE_SERVICE)
    throw limitExceeded('ServiceSpecificCredentialsPerUser', MOST_OF_ONE_SERVICE)
  const taken = new Set(others.map(({ body }) => body.userName))
  const names = [user.name, `${user.name}+1`].map((name) => `${name}-at-${writing.account.id}`)
  const id = writing.newId(ID_PREFIX)
  const row: Row = {
    kind: CREDENTIALS.kind,
    id,
    name: id,
    path: '/',
    created: writing.now,
    parentId: user.id,
    body: {
      service,
      userName: names.find((name) => !taken.has(name)) ?? id,
      status: 'Active',
      ...(age === null ? {} : { expires: writing.now + age * DAY }),
    },
  }
  await writing.rows.insert(row)
  return { ServiceSpecificCredential: { ...view(writing, user, row), ...newSecret(writing, row) } }
}

async function find(
  writing: Writing,
  UserName: unknown,
  value: unknown,
): Promise<{ readonly user: StoredEntity; readonly row: Row }> {
  const id = readChildId(CREDENTIALS.idField, value)
  const user = await findModifiable(writing, users, UserName)
  return { user, row: await findChild(writing, CREDENTIALS, user, id) }
}

/** What a credential is for; null: there is none of this id. */
export async function serviceOf({ rows }: Pick<Reading, 'rows'>, id: string | null): Promise<string | null> {
  const found = id === null ? null : await rows.entityById(id)
  const row = found === null ? null : await rows.entity(CREDENTIALS.kind, found.name, found.parentId)
  return row?.body.service ?? null
}

function readService(value: unknown): string {
  const service = readText('serviceName', value, { least: 1, most: 128 })
  if (!Object.hasOwn(CREDENTIAL_SERVICES, service))
    throw refused(
      'NotSupportedService',
      `The service ${service} does not support service specific credentials.`,
    )
  return service
}

/** How AWS refuses it for another service is not verified. */
function readAge(service: string, value: unknown): number {
  const age = readInteger('credentialAgeDays', value, CREDENTIAL_AGE)
  if (!isApiKey(service))
    throw refused('ValidationError', `The service ${service} does not support CredentialAgeDays.`)
  return age
}

const isApiKey = (service: string): boolean => CREDENTIAL_SERVICES[service]?.isApiKey === true

/** As long as AWS's; of 170 random bits. It is told once. */
function newSecret(writing: Writing, { body: { service } }: Row) {
  const secret = createHash('sha256')
    .update(writing.newId(writing.newId('')))
    .digest('base64')
  return isApiKey(service) ? { ServiceCredentialSecret: secret } : { ServicePassword: secret }
}

/** What AWS calls a key is not verified: here it is what it would call a user. */
const view = ({ now }: Pick<Reading, 'now'>, user: StoredEntity, { id, created, body }: Row) => ({
  UserName: user.name,
  Status: statusAt(now, body),
  ServiceName: body.service,
  ...(isApiKey(body.service)
    ? { ServiceCredentialAlias: body.userName }
    : { ServiceUserName: body.userName }),
  ServiceSpecificCredentialId: id,
  CreateDate: new Date(created),
  ...(body.expires === undefined ? {} : { ExpirationDate: new Date(body.expires) }),
})

const statusAt = (now: number, { status, expires }: Row['body']): sdk.StatusType =>
  status === 'Active' && expires !== undefined && expires <= now ? 'Expired' : status
