import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../iam/context.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readText } from '../../iam/input.ts'
import { claimName } from '../../iam/lookup.ts'
import type { NamedKind, TagRules } from '../../iam/named-kind.ts'
import { pageOf, readPage } from '../../iam/pagination.ts'
import { limitExceeded, refused, validationError } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewTags } from '../../iam/views.ts'
import { type Account, entityArn, parseEntityArn } from '../../model/index.ts'
import { OIDC_PROVIDER, OIDC_SCHEME } from './kind.ts'

const providers: NamedKind<'oidcProvider'> = {
  kind: 'oidcProvider',
  facts: OIDC_PROVIDER,
  quotaLabel: 'OpenIdConnectProvidersPerAccount',
  alreadyExists: (_, taken) => `Provider with url ${OIDC_SCHEME}${taken} already exists.`,
  isProtected: () => false,
}

const tags: TagRules = { quota: 'tagsPerOidcProvider', keysIgnoreCase: false }

type Row = EntityRow<'oidcProvider'>

/** Nothing is fetched: without a thumbprint one has none, where AWS asks the provider's server for it. */
export const oidcProvider = {
  reads: {
    GetOpenIDConnectProvider: get,
    ListOpenIDConnectProviders: list,
    ListOpenIDConnectProviderTags: listTags,
  },
  writes: {
    CreateOpenIDConnectProvider: create,
    DeleteOpenIDConnectProvider: async (writing, { OpenIDConnectProviderArn }) => {
      const { id } = await find(writing, OpenIDConnectProviderArn)
      await writing.rows.delete(id)
    },
    AddClientIDToOpenIDConnectProvider: addClientId,
    RemoveClientIDFromOpenIDConnectProvider: removeClientId,
    UpdateOpenIDConnectProviderThumbprint: updateThumbprint,
    TagOpenIDConnectProvider: (writing, { OpenIDConnectProviderArn, Tags }) =>
      addTags(writing, tags, () => find(writing, OpenIDConnectProviderArn), Tags),
    UntagOpenIDConnectProvider: (writing, { OpenIDConnectProviderArn, TagKeys }) =>
      removeTags(writing, tags, () => find(writing, OpenIDConnectProviderArn), TagKeys),
  },
  summary: async ({ rows }) => ({ Providers: await rows.count(providers.kind) }),
} satisfies IamKindOf<'oidcProvider'>

const arnOf = (account: Account, { name }: Pick<Row, 'name'>): string =>
  entityArn(account, OIDC_PROVIDER, '/', name)

/** A provider by its URL without `https://`; null: the account has none such. */
export async function oidcProviderNamed(
  { account, rows }: Pick<Reading, 'account' | 'rows'>,
  name: string,
): Promise<{ readonly arn: string; readonly clientIds: readonly string[] } | null> {
  const row = await rows.entity(providers.kind, name)
  return row === null ? null : { arn: arnOf(account, row), clientIds: row.body.clientIds }
}

/** @throws IamError ValidationError, InvalidInput, NoSuchEntity */
async function find({ account, rows }: Pick<Reading, 'account' | 'rows'>, value: unknown): Promise<Row> {
  const arn = readText('openIDConnectProviderArn', value, { least: 20, most: 2048 })
  const named = parseEntityArn(arn)
  if (named === null || named.kind !== 'oidcProvider') throw refused('InvalidInput', `Invalid ARN: ${arn}`)
  const row = await rows.entity('oidcProvider', named.name)
  if (row === null || arnOf(account, row) !== arn)
    throw refused('NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`)
  return row
}

/** The URL without its scheme, as AWS shows it. */
async function get(
  reading: Reading,
  input: sdk.GetOpenIDConnectProviderRequest,
): Promise<sdk.GetOpenIDConnectProviderResponse> {
  const row = await find(reading, input.OpenIDConnectProviderArn)
  return {
    Url: row.name,
    ClientIDList: [...row.body.clientIds],
    ThumbprintList: [...row.body.thumbprints],
    CreateDate: new Date(row.created),
    ...viewTags(await reading.rows.tags([row.id])),
  }
}

/** All of them: this listing has no pages. */
async function list({ rows, account }: Reading): Promise<sdk.ListOpenIDConnectProvidersResponse> {
  const all = await rows.entities('oidcProvider', { after: null, limit: ALL, pathPrefix: '/' })
  return { OpenIDConnectProviderList: all.map((row) => ({ Arn: arnOf(account, row) })) }
}

const ALL = 1_000_000

async function listTags(
  reading: Reading,
  input: sdk.ListOpenIDConnectProviderTagsRequest,
): Promise<sdk.ListOpenIDConnectProviderTagsResponse> {
  const pageInput = readPage(input)
  const row = await find(reading, input.OpenIDConnectProviderArn)
  const { page, end } = pageOf(await reading.rows.tags([row.id]), pageInput)
  return { Tags: tagList(page), ...end }
}

async function create(
  writing: Writing,
  input: sdk.CreateOpenIDConnectProviderRequest,
): Promise<sdk.CreateOpenIDConnectProviderResponse> {
  const name = readUrl(input.Url)
  const thumbprints = readThumbprints(writing, input.ThumbprintList ?? [])
  const clientIds = [...new Set(textsIn('clientIDList', input.ClientIDList ?? [], { least: 1, most: 255 }))]
  requireClientIds(writing, clientIds.length)
  const id = writing.newId(OIDC_PROVIDER.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, providers, name)
  const row: Row = {
    kind: 'oidcProvider',
    id,
    name,
    path: '/',
    created: writing.now,
    parentId: null,
    body: { clientIds, thumbprints },
  }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return { OpenIDConnectProviderArn: arnOf(writing.account, row), ...viewTags(given) }
}

/** One that is there already is no error. */
async function addClientId(
  writing: Writing,
  input: sdk.AddClientIDToOpenIDConnectProviderRequest,
): Promise<void> {
  const client = readClientId(input.ClientID)
  const row = await find(writing, input.OpenIDConnectProviderArn)
  const { clientIds, thumbprints } = row.body
  if (clientIds.includes(client)) return
  requireClientIds(writing, clientIds.length + 1)
  await writing.rows.update({ ...row, body: { clientIds: [...clientIds, client], thumbprints } })
}

/** Nor is one that isn't there. */
async function removeClientId(
  writing: Writing,
  input: sdk.RemoveClientIDFromOpenIDConnectProviderRequest,
): Promise<void> {
  const client = readClientId(input.ClientID)
  const row = await find(writing, input.OpenIDConnectProviderArn)
  const { clientIds, thumbprints } = row.body
  const left = clientIds.filter((each) => each !== client)
  await writing.rows.update({ ...row, body: { clientIds: left, thumbprints } })
}

/** The list takes the place of all that there are. */
async function updateThumbprint(
  writing: Writing,
  input: sdk.UpdateOpenIDConnectProviderThumbprintRequest,
): Promise<void> {
  const thumbprints = readThumbprints(writing, input.ThumbprintList)
  const row = await find(writing, input.OpenIDConnectProviderArn)
  await writing.rows.update({ ...row, body: { ...row.body, thumbprints } })
}

const INVALID_URL = 'Invalid Open ID Connect Provider URL.'

/**
 * What of a URL is a provider's name.
 * @see IAM API Reference, CreateOpenIDConnectProvider: Url
 */
function readUrl(value: unknown): string {
  const url = readText('url', value, { least: 1, most: 255 })
  if (!/^[a-z]+:\/\/./i.test(url)) throw refused('ValidationError', INVALID_URL.slice(0, -1))
  if (!url.startsWith(OIDC_SCHEME))
    throw refused('InvalidInput', `${INVALID_URL} The URL must begin with ${OIDC_SCHEME}.`)
  const name = url.slice(OIDC_SCHEME.length)
  if (OIDC_PROVIDER.names?.pattern.test(name) !== true) throw refused('InvalidInput', INVALID_URL)
  return name
}

const readClientId = (value: unknown): string => readText('clientID', value, { least: 1, most: 255 })

function requireClientIds({ quotas }: Writing, count: number): void {
  const limit = quotas.clientIdsPerOidcProvider
  if (count > limit) throw limitExceeded('ClientIdsPerOpenIdConnectProvider', limit)
}

function readThumbprints({ quotas }: Writing, value: unknown): readonly string[] {
  const thumbprints = textsIn('thumbprintList', value, { least: 40, most: 40 })
  if (thumbprints.length > quotas.thumbprintsPerOidcProvider)
    throw refused(
      'InvalidInput',
      `Thumbprint list must contain fewer than ${quotas.thumbprintsPerOidcProvider} entries.`,
    )
  if (!thumbprints.every((each) => /^[0-9A-Fa-f]+$/.test(each)))
    throw refused('InvalidInput', 'A thumbprint has 40 hexadecimal digits.')
  return [...new Set(thumbprints.map((each) => each.toLowerCase()))]
}

function textsIn(
  field: string,
  value: unknown,
  bounds: { readonly least: number; readonly most: number },
): readonly string[] {
  if (!Array.isArray(value)) throw validationError(field, value, 'Member must not be null')
  return value.map((each: unknown, index) => readText(`${field}.${index + 1}.member`, each, bounds))
}
