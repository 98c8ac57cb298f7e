import type * as sdk from '@aws-sdk/client-iam'
import { qrPng } from '../../credentials/qr-png.ts'
import { otpauthText, stepOfCodes, TOTP_STEP, totpCode } from '../../credentials/totp.ts'
import { childrenOf } from '../../iam/children.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readName, readPath, readText } from '../../iam/input.ts'
import { findEntity, findModifiable } from '../../iam/lookup.ts'
import type { TagRules } from '../../iam/named-kind.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { alreadyExists, deleteConflict, limitExceeded, refused, validationError } from '../../iam/refusals.ts'
import type { EntityRow, StoredEntity } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList } from '../../iam/views.ts'
import type { Account } from '../../model/index.ts'
import { users, viewUser } from '../user/iam.ts'
import { isClearSeed, MFA_DEVICE } from './kind.ts'

type Row = EntityRow<'mfaDevice'>

const KIND = 'mfaDevice'
const LONGEST_NAME = 226
const tags: TagRules = { quota: 'tagsPerMfaDevice', keysIgnoreCase: false }

/** How many steps a device's clock may be off: when it is enabled, and when it is told the time anew. AWS says neither. */
const REACH = { code: 1, enable: 2, resync: 120 } as const

export const mfaDevice = {
  reads: {
    ListMFADevices: async (reading, input) => {
      const wanted = readPage(input)
      const user = await findEntity(reading, users, input.UserName)
      const { page, end } = pageOf(await childrenOf(reading, KIND, user.id), wanted)
      return { MFADevices: page.map((row) => viewAssigned(reading.account, user, row)), ...end }
    },
    ListVirtualMFADevices: listVirtual,
    GetMFADevice: async (reading, { SerialNumber, UserName }) => {
      const row = await findDevice(reading, SerialNumber)
      const owner = await ownerOf(reading, row)
      if (UserName !== undefined && owner?.name !== (await findEntity(reading, users, UserName)).name)
        throw noDevice(serialOf(reading.account, row))
      return {
        SerialNumber: serialOf(reading.account, row),
        ...(owner === null ? {} : { UserName: owner.name }),
        ...enabledIn(row),
      }
    },
    ListMFADeviceTags: async (reading, input) => {
      const wanted = readPage(input)
      const { id } = await findDevice(reading, input.SerialNumber)
      const { page, end } = pageOf(tagList(await reading.rows.tags([id])), wanted)
      return { Tags: [...page], ...end }
    },
  },
  writes: {
    CreateVirtualMFADevice: create,
    EnableMFADevice: enable,
    ResyncMFADevice: resync,
    DeactivateMFADevice: async (writing, { UserName, SerialNumber }) => {
      const user = UserName === undefined ? null : await findModifiable(writing, users, UserName)
      const row = await findDevice(writing, SerialNumber)
      if (row.parentId === null || (user !== null && row.parentId !== user.id))
        throw noDevice(String(SerialNumber))
      await give(writing, row, null, { enabled: null, drift: 0, used: undefined })
    },
    DeleteVirtualMFADevice: async (writing, { SerialNumber }) => {
      const row = await findDevice(writing, SerialNumber)
      if (row.parentId !== null) throw deleteConflict('MFA VirtualDevice in use. Must deactivate first.')
      await writing.rows.delete(row.id)
    },
    TagMFADevice: (writing, { SerialNumber, Tags }) =>
      addTags(writing, tags, () => findDevice(writing, SerialNumber), Tags),
    UntagMFADevice: (writing, { SerialNumber, TagKeys }) =>
      removeTags(writing, tags, () => findDevice(writing, SerialNumber), TagKeys),
  },
  summary: async (reading) => {
    const devices = await allDevices(reading)
    return {
      MFADevices: devices.length,
      MFADevicesInUse: devices.filter(({ body }) => body.enabled !== null).length,
    }
  },
} satisfies IamKindOf<'mfaDevice'>

async function listVirtual(
  reading: Reading,
  input: sdk.ListVirtualMFADevicesRequest,
): Promise<sdk.ListVirtualMFADevicesResponse> {
  const wanted = readPage(input)
  const status = input.AssignmentStatus ?? 'Any'
  if (!['Any', 'Assigned', 'Unassigned'].includes(status))
    throw validationError(
      'assignmentStatus',
      status,
      'Member must satisfy enum value set: [Any, Assigned, Unassigned]',
    )
  const rows = (await allDevices(reading)).filter(
    ({ parentId }) => status === 'Any' || (status === 'Assigned') === (parentId !== null),
  )
  const { page, end } = pageOf(rows, wanted)
  const VirtualMFADevices = await Promise.all(
    page.map(async (row): Promise<sdk.VirtualMFADevice> => {
      const owner = await ownerOf(reading, row)
      return {
        SerialNumber: serialOf(reading.account, row),
        ...(owner === null ? {} : { User: viewUser(reading.account, owner) }),
        ...enabledIn(row),
      }
    }),
  )
  return { VirtualMFADevices, ...end }
}

/** Its seed is told once, here, as a text and as a picture. */
async function create(
  writing: Writing,
  input: sdk.CreateVirtualMFADeviceRequest,
): Promise<sdk.CreateVirtualMFADeviceResponse> {
  const name = readName(LONGEST_NAME, 'virtualMFADeviceName', input.VirtualMFADeviceName)
  const path = readPath(input.Path)
  const id = writing.newId('')
  const given = readNewTags(writing, tags, input.Tags, id)
  if ((await allDevices(writing)).some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists('MFADevice entity at the same path and name already exists.')
  // As long as AWS's: 64 characters.
  const seed = ['', '', '', '']
    .map((part) => writing.newId(part))
    .join('')
    .slice(0, 64)
  const row: Row = {
    kind: KIND,
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: { seed: writing.sealer?.seal(seed, id) ?? seed, enabled: null, drift: 0 },
  }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return {
    VirtualMFADevice: {
      SerialNumber: serialOf(writing.account, row),
      Base32StringSeed: new TextEncoder().encode(seed),
      QRCodePNG: await qrPng(otpauthText(name, writing.account.id, seed)),
      ...(given.length === 0 ? {} : { Tags: tagList(given) }),
    },
  }
}

/** @see IAM API Reference, EnableMFADevice: two codes, one after the other, show that somebody holds it */
async function enable(writing: Writing, input: sdk.EnableMFADeviceRequest): Promise<void> {
  const codes = readCodes(input)
  const user = await findModifiable(writing, users, input.UserName)
  const row = await findDevice(writing, input.SerialNumber)
  if (row.parentId !== null)
    throw alreadyExists(`MFA Device ${String(input.SerialNumber)} is already in use.`)
  if ((await writing.rows.count(KIND, user.id)) >= MFA_DEVICE.most)
    throw limitExceeded('MFADevicesPerUser', MFA_DEVICE.most)
  await give(writing, row, user.id, {
    enabled: writing.now,
    ...shownBy(writing, row, codes, REACH.enable),
  })
}

/** @see IAM API Reference, ResyncMFADevice */
async function resync(writing: Writing, input: sdk.ResyncMFADeviceRequest): Promise<void> {
  const codes = readCodes(input)
  const user = await findModifiable(writing, users, input.UserName)
  const row = await findDevice(writing, input.SerialNumber)
  if (row.parentId !== user.id) throw noDevice(String(input.SerialNumber))
  await writing.rows.update({
    ...row,
    body: { ...row.body, ...shownBy(writing, row, codes, REACH.resync) },
  })
}

type Codes = readonly [string, string]

function readCodes({
  AuthenticationCode1,
  AuthenticationCode2,
}: Pick<sdk.EnableMFADeviceRequest, 'AuthenticationCode1' | 'AuthenticationCode2'>): Codes {
  return [
    readCode('authenticationCode1', AuthenticationCode1),
    readCode('authenticationCode2', AuthenticationCode2),
  ]
}

function readCode(field: string, value: unknown): string {
  const code = readText(field, value, { least: 6, most: 6 })
  if (!/^\d{6}$/.test(code))
    throw validationError(field, code, 'Member must satisfy regular expression pattern: [\\d]+')
  return code
}

/**
 * By how much a device's clock is off, as two codes show. One whose clock was set back has to come to new codes first: those
 * that were taken stay so.
 * @throws IamError InvalidAuthenticationCode
 */
function shownBy(
  writing: Writing,
  row: Row,
  codes: Codes,
  reach: number,
): Required<Pick<Row['body'], 'drift' | 'used'>> {
  const around = stepAt(writing.now)
  const seed = seedOf(row, writing)
  const step = seed === null ? null : stepOfCodes(seed, codes, around, reach)
  if (step === null)
    throw refused('InvalidAuthenticationCode', 'Authentication code for device is not valid.')
  // The second is the one that the device shows now.
  return { drift: step + 1 - around, used: Math.max(step + 1, row.body.used ?? 0) }
}

/** Older devices' are there as they are. null: it was sealed by another key, so that no code of it can be told. */
const seedOf = ({ id, body: { seed } }: Row, { sealer }: Pick<Writing, 'sealer'>): string | null =>
  isClearSeed(seed) ? seed : (sealer?.open(seed, id) ?? null)

const stepAt = (now: number): number => Math.floor(now / 1000 / TOTP_STEP)

/**
 * Takes a code of a device that a user has enabled; no code is taken twice.
 * @returns whether it was taken; null: the user has no such device
 */
export async function takeCode(
  writing: Writing,
  userId: string,
  serial: string,
  code: string,
): Promise<boolean | null> {
  const row = await deviceOf(writing, serial)
  if (row === null || row.parentId !== userId || row.body.enabled === null) return null
  const seed = seedOf(row, writing)
  if (seed === null) return false
  const { drift, used = -1 } = row.body
  const around = stepAt(writing.now)
  for (let step = Math.max(0, around + drift - REACH.code); step <= around + drift + REACH.code; step++)
    if (step > used && totpCode(seed, step) === code) {
      await writing.rows.update({ ...row, body: { ...row.body, drift: step - around, used: step } })
      return true
    }
  return false
}

/** The same device under another owner, or none. */
async function give(
  { rows }: Writing,
  row: Row,
  parentId: string | null,
  { used, ...now }: Pick<Row['body'], 'enabled' | 'drift'> & { readonly used: number | undefined },
): Promise<void> {
  const held = await rows.tags([row.id])
  await rows.delete(row.id)
  const body = { seed: row.body.seed, ...now, ...(used === undefined ? {} : { used }) }
  await rows.insert({ ...row, parentId, body })
  if (held.length > 0) await rows.putTags(held)
}

/** @throws IamError ValidationError, NoSuchEntity */
async function findDevice(reading: Pick<Reading, 'account' | 'rows'>, value: unknown): Promise<Row> {
  const serial = readText('serialNumber', value, { least: 9, most: 256 })
  const found = await deviceOf(reading, serial)
  if (found === null) throw noDevice(serial)
  return found
}

/** What the ARNs of virtual devices begin with after the account. */
export const SERIAL_ARN_TYPE = 'mfa'

/** The device of a serial number; null: there is none. */
export const deviceOf = async (
  reading: Pick<Reading, 'account' | 'rows'>,
  serial: string,
): Promise<Row | null> =>
  (await allDevices(reading)).find((row) => serialOf(reading.account, row) === serial) ?? null

const noDevice = (serial: string) =>
  refused('NoSuchEntity', `VirtualMFADevice with serial number ${serial} does not exist.`)

const allDevices = ({ rows }: Pick<Reading, 'rows'>): Promise<readonly Row[]> =>
  rows.entities(KIND, { after: null, limit: Number.MAX_SAFE_INTEGER, pathPrefix: '/' })

const ownerOf = async ({ rows }: Pick<Reading, 'rows'>, { parentId }: Row): Promise<StoredEntity | null> =>
  parentId === null ? null : rows.entityById(parentId)

const serialOf = ({ partition, id }: Account, { path, name }: Row): string =>
  `arn:${partition}:iam::${id}:${SERIAL_ARN_TYPE}${path}${name}`

const enabledIn = ({ body: { enabled } }: Row): { readonly EnableDate?: Date } =>
  enabled === null ? {} : { EnableDate: new Date(enabled) }

const viewAssigned = (account: Account, user: StoredEntity, row: Row): sdk.MFADevice => ({
  UserName: user.name,
  SerialNumber: serialOf(account, row),
  EnableDate: new Date(row.body.enabled ?? row.created),
})
