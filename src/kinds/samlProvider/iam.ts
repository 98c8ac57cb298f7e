import type * as sdk from '@aws-sdk/client-iam'
import {
  METADATA_LENGTH,
  readSamlMetadata,
  type SamlSigner,
  samlSignerIn,
} from '../../credentials/saml-metadata.ts'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readText } from '../../iam/input.ts'
import { claimName } from '../../iam/lookup.ts'
import type { NamedKind, TagRules } from '../../iam/named-kind.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { refused, validationError } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewTags } from '../../iam/views.ts'
import { type Account, entityArn, parseEntityArn } from '../../model/index.ts'
import { SAML_PROVIDER } from './kind.ts'

const providers: NamedKind<'samlProvider'> = {
  kind: 'samlProvider',
  facts: SAML_PROVIDER,
  quotaLabel: 'SAMLProvidersPerAccount',
  alreadyExists: (_, taken) => `SAML provider with name ${taken} already exists.`,
  isProtected: () => false,
}

const tags: TagRules = { quota: 'tagsPerSamlProvider', keysIgnoreCase: false }

type Row = EntityRow<'samlProvider'>

/** Encrypted assertions, and the keys for them, are none of it: a call that asks for them is refused. */
export const samlProvider = {
  reads: { GetSAMLProvider: get, ListSAMLProviders: list, ListSAMLProviderTags: listTags },
  writes: {
    CreateSAMLProvider: create,
    UpdateSAMLProvider: update,
    DeleteSAMLProvider: async (writing, { SAMLProviderArn }) => {
      const { id } = await find(writing, SAMLProviderArn)
      await writing.rows.delete(id)
    },
    TagSAMLProvider: (writing, { SAMLProviderArn, Tags }) =>
      addTags(writing, tags, () => find(writing, SAMLProviderArn), Tags),
    UntagSAMLProvider: (writing, { SAMLProviderArn, TagKeys }) =>
      removeTags(writing, tags, () => find(writing, SAMLProviderArn), TagKeys),
  },
  summary: async ({ rows }) => ({ Providers: await rows.count(providers.kind) }),
} satisfies IamKindOf<'samlProvider'>

const arnOf = (account: Account, { name }: Pick<Row, 'name'>): string =>
  entityArn(account, SAML_PROVIDER, '/', name)

/** @throws IamError ValidationError, InvalidInput, NoSuchEntity */
/** What the metadata of a provider says who signs in by it; null: there is none of this ARN. */
export async function samlSignerAt(
  { account, rows }: Pick<Reading, 'account' | 'rows'>,
  arn: string,
): Promise<SamlSigner | null> {
  const named = parseEntityArn(arn)
  const row = named?.kind === providers.kind ? await rows.entity(providers.kind, named.name) : null
  return row === null || arnOf(account, row) !== arn ? null : samlSignerIn(row.body.metadata)
}

async function find({ account, rows }: Pick<Reading, 'account' | 'rows'>, value: unknown): Promise<Row> {
  const arn = readText('sAMLProviderArn', value, { least: 20, most: 2048 })
  const named = parseEntityArn(arn)
  if (named === null || named.kind !== 'samlProvider') throw refused('InvalidInput', `Invalid ARN: ${arn}`)
  const row = await rows.entity('samlProvider', named.name)
  if (row === null || arnOf(account, row) !== arn)
    throw refused('NoSuchEntity', `Manifest not found for arn ${arn}`)
  return row
}

async function get(
  reading: Reading,
  input: sdk.GetSAMLProviderRequest,
): Promise<sdk.GetSAMLProviderResponse> {
  const row = await find(reading, input.SAMLProviderArn)
  return {
    SAMLProviderUUID: row.id,
    SAMLMetadataDocument: row.body.metadata,
    CreateDate: new Date(row.created),
    ValidUntil: new Date(row.body.validUntil),
    ...viewTags(await reading.rows.tags([row.id])),
  }
}

/** All of them: this listing has no pages. */
async function list({ rows, account }: Reading): Promise<sdk.ListSAMLProvidersResponse> {
  const all = await rows.entities('samlProvider', { after: null, limit: ALL, pathPrefix: '/' })
  return {
    SAMLProviderList: all.map((row) => ({
      Arn: arnOf(account, row),
      ValidUntil: new Date(row.body.validUntil),
      CreateDate: new Date(row.created),
    })),
  }
}

const ALL = 1_000_000

async function listTags(
  reading: Reading,
  input: sdk.ListSAMLProviderTagsRequest,
): Promise<sdk.ListSAMLProviderTagsResponse> {
  const pageInput = readPage(input)
  const row = await find(reading, input.SAMLProviderArn)
  const { page, end } = pageOf(await reading.rows.tags([row.id]), pageInput)
  return { Tags: tagList(page), ...end }
}

async function create(
  writing: Writing,
  input: sdk.CreateSAMLProviderRequest,
): Promise<sdk.CreateSAMLProviderResponse> {
  const metadata = readText('sAMLMetadataDocument', input.SAMLMetadataDocument, METADATA_LENGTH)
  const name = readProviderName(input.Name)
  refuseEncryption(input)
  const id = writing.newId(SAML_PROVIDER.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  const body = bodyOf(metadata, writing.now)
  await claimName(writing, providers, name)
  const row: Row = { kind: 'samlProvider', id, name, path: '/', created: writing.now, parentId: null, body }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return { SAMLProviderArn: arnOf(writing.account, row), ...viewTags(given) }
}

async function update(
  writing: Writing,
  input: sdk.UpdateSAMLProviderRequest,
): Promise<sdk.UpdateSAMLProviderResponse> {
  refuseEncryption(input)
  const metadata = readText('sAMLMetadataDocument', input.SAMLMetadataDocument, METADATA_LENGTH)
  const row = await find(writing, input.SAMLProviderArn)
  await writing.rows.update({ ...row, body: bodyOf(metadata, row.created) })
  return { SAMLProviderArn: arnOf(writing.account, row) }
}

function readProviderName(value: unknown): string {
  const { longestName, names } = SAML_PROVIDER
  const name = readText('name', value, { least: 1, most: longestName })
  if (names?.pattern.test(name) !== true)
    throw validationError('name', name, 'Member must satisfy regular expression pattern: [\\w._-]+')
  return name
}

function refuseEncryption(input: object): void {
  const asked = ['AssertionEncryptionMode', 'AddPrivateKey', 'RemovePrivateKey'].find(
    (field) => Reflect.get(input, field) !== undefined,
  )
  if (asked !== undefined) throw refused('InvalidInput', `${asked} is not supported here.`)
}

/** Years after its creation that one is valid whose metadata doesn't say until when: AWS shows as much. */
const YEARS = 100

/** @throws IamError InvalidInput: AWS's words, then ours */
function bodyOf(metadata: string, created: number): Row['body'] {
  const read = readSamlMetadata(metadata)
  if ('problem' in read) throw refused('InvalidInput', `Could not parse metadata: ${read.problem}`)
  const later = new Date(created)
  later.setUTCFullYear(later.getUTCFullYear() + YEARS)
  return { metadata, validUntil: read.validUntil ?? later.getTime() }
}
