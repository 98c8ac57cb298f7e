import type * as sdk from '@aws-sdk/client-iam'
import { entityArn, isAwsManagedPolicyArn, parseEntityArn } from '../model/index.ts'
import type { Reading } from './context.ts'
import { encodeDocument } from './documents.ts'
import { policyArn } from './lookup.ts'
import { markerOf, readPage } from './pagination.ts'
import { viewAwsPolicy } from './policies.ts'
import { policyUses } from './policy-uses.ts'
import { viewAwsVersion } from './policy-versions.ts'
import { refused, validationError } from './refusals.ts'
import type { EntityRow, StoredEntity } from './store-port.ts'
import { trustPolicies } from './trust.ts'
import { versionsOf, viewBoundary, viewPolicy, viewVersion } from './views.ts'

/** The parts of the answer, in the order in which pages go through them. */
const SECTIONS = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const
type Section = (typeof SECTIONS)[number]

interface Details {
  readonly UserDetailList: sdk.UserDetail[]
  readonly GroupDetailList: sdk.GroupDetail[]
  readonly RoleDetailList: sdk.RoleDetail[]
  readonly Policies: sdk.ManagedPolicyDetail[]
}

/**
 * Everything about an account's identities and policies, page by page; `MaxItems` counts entities of all kinds.
 * Of AWS's own policies, those that are attached or a boundary.
 */
export async function getAccountAuthorizationDetails(
  reading: Reading,
  input: sdk.GetAccountAuthorizationDetailsRequest,
): Promise<sdk.GetAccountAuthorizationDetailsResponse> {
  const { limit, after } = readPage(input)
  const sections = readFilter(input.Filter)
  const start = after === null ? null : readPosition(after)
  const details: Details = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] }
  let room = limit
  for (const section of sections) {
    if (start !== null && SECTIONS.indexOf(section) < SECTIONS.indexOf(start.section)) continue
    const from = start !== null && start.section === section ? start.name : null
    const { count, last, more } = await READERS[section](reading, from, room, details)
    room -= count
    if (more) return { ...details, IsTruncated: true, Marker: markerOf(`${section} ${last ?? from ?? ''}`) }
  }
  return { ...details, IsTruncated: false }
}

/** Adds to `details` up to `room` entities of a section that come after the name `after`. */
type SectionReader = (
  reading: Reading,
  after: string | null,
  room: number,
  details: Details,
) => Promise<{ readonly count: number; readonly last: string | null; readonly more: boolean }>

/** One more row than there is room for is asked for, which tells whether there is more. */
function sectionOf<Row extends { readonly name: string }>(
  list: (reading: Reading, after: string | null, limit: number) => Promise<readonly Row[]>,
  view: (reading: Reading, rows: readonly Row[], details: Details) => Promise<void>,
): SectionReader {
  return async (reading, after, room, details) => {
    const rows = await list(reading, after, room + 1)
    const page = rows.slice(0, room)
    await view(reading, page, details)
    return { count: page.length, last: page.at(-1)?.name ?? null, more: rows.length > room }
  }
}

const READERS: Readonly<Record<Section, SectionReader>> = {
  User: sectionOf(
    ({ rows }, after, limit) => rows.entities('user', { after, limit, pathPrefix: '/' }),
    viewUsers,
  ),
  Group: sectionOf(
    ({ rows }, after, limit) => rows.entities('group', { after, limit, pathPrefix: '/' }),
    viewGroups,
  ),
  Role: sectionOf(
    ({ rows }, after, limit) => rows.entities('role', { after, limit, pathPrefix: '/' }),
    viewRoles,
  ),
  LocalManagedPolicy: sectionOf(
    ({ rows }, after, limit) => rows.entities('policy', { after, limit, pathPrefix: '/' }),
    viewPolicies,
  ),
  AWSManagedPolicy: sectionOf(awsPoliciesInUse, viewAwsPolicies),
}

async function viewUsers(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const grants = await grantsOf(reading, ids)
  const boundaries = byOwner(await reading.rows.links(ids, 'boundary'))
  const groups = byOwner(await reading.rows.resolvedLinks(ids, 'group'))
  const tags = byOwner(await reading.rows.tags(ids))
  for (const row of rows)
    details.UserDetailList.push({
      Path: row.path,
      UserName: row.name,
      UserId: row.id,
      Arn: entityArn(reading.account, 'user', row.path, row.name),
      CreateDate: new Date(row.created),
      UserPolicyList: grants.inline(row.id),
      GroupList: (groups.get(row.id) ?? []).map(({ to, target }) => to?.name ?? target).sort(ignoringCase),
      AttachedManagedPolicies: grants.attached(row.id),
      ...viewBoundary(boundaries.get(row.id)?.[0]?.target ?? null),
      Tags: tagList(tags.get(row.id)),
    })
}

async function viewGroups(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const grants = await grantsOf(
    reading,
    rows.map(({ id }) => id),
  )
  for (const row of rows)
    details.GroupDetailList.push({
      Path: row.path,
      GroupName: row.name,
      GroupId: row.id,
      Arn: entityArn(reading.account, 'group', row.path, row.name),
      CreateDate: new Date(row.created),
      GroupPolicyList: grants.inline(row.id),
      AttachedManagedPolicies: grants.attached(row.id),
    })
}

async function viewRoles(reading: Reading, rows: readonly StoredEntity[], details: Details): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const grants = await grantsOf(reading, ids)
  const boundaries = byOwner(await reading.rows.links(ids, 'boundary'))
  const tags = byOwner(await reading.rows.tags(ids))
  const trusts = await trustPolicies(reading, ids)
  for (const row of rows)
    details.RoleDetailList.push({
      Path: row.path,
      RoleName: row.name,
      RoleId: row.id,
      Arn: entityArn(reading.account, 'role', row.path, row.name),
      CreateDate: new Date(row.created),
      AssumeRolePolicyDocument: encodeDocument(trusts.get(row.id) ?? ''),
      InstanceProfileList: [],
      RolePolicyList: grants.inline(row.id),
      AttachedManagedPolicies: grants.attached(row.id),
      ...viewBoundary(boundaries.get(row.id)?.[0]?.target ?? null),
      Tags: tagList(tags.get(row.id)),
      RoleLastUsed: {},
    })
}

async function viewPolicies(
  reading: Reading,
  rows: readonly EntityRow<'policy'>[],
  details: Details,
): Promise<void> {
  const documents = byOwner(
    await reading.rows.documents(
      rows.map(({ id }) => id),
      'version',
    ),
  )
  const uses = await policyUses(
    reading,
    rows.map((row) => policyArn(reading.account, row)),
  )
  for (const row of rows)
    details.Policies.push({
      ...viewPolicy(reading.account, row, uses.get(policyArn(reading.account, row))),
      PolicyVersionList: versionsOf(documents.get(row.id) ?? [])
        .map((version) => ({
          ...viewVersion(row, version),
          Document: encodeDocument(version.text),
        }))
        .reverse(),
    })
}

async function viewAwsPolicies(
  reading: Reading,
  rows: readonly { readonly arn: string }[],
  details: Details,
): Promise<void> {
  const uses = await policyUses(
    reading,
    rows.map(({ arn }) => arn),
  )
  for (const { arn } of rows) {
    const version = viewAwsVersion(reading, arn)
    details.Policies.push({
      ...viewAwsPolicy(reading, arn),
      AttachmentCount: uses.get(arn)?.attachments ?? 0,
      PermissionsBoundaryUsageCount: uses.get(arn)?.boundaries ?? 0,
      PolicyVersionList: version === null ? [] : [version],
    })
  }
}

/** Listed by ARN, since names of AWS's own policies under different paths may repeat. */
async function awsPoliciesInUse(
  reading: Reading,
  after: string | null,
  limit: number,
): Promise<readonly { readonly name: string; readonly arn: string }[]> {
  const arns = [...(await policyUses(reading, 'all')).keys()]
    // A catalogue that is older than the database may miss one.
    .filter((arn) => isAwsManagedPolicyArn(arn) && reading.awsPolicies.has(arn))
    .sort()
  return arns
    .filter((arn) => after === null || arn > after)
    .slice(0, limit)
    .map((arn) => ({ name: arn, arn }))
}

/** The policies of identities, in the words of the API. */
async function grantsOf({ rows }: Reading, ids: readonly string[]) {
  const attachments = byOwner(await rows.links(ids, 'policy'))
  const inlinePolicies = byOwner(await rows.documents(ids, 'inline'))
  return {
    attached: (id: string): sdk.AttachedPolicy[] =>
      (attachments.get(id) ?? []).map(({ target: arn }) => ({
        PolicyName: parseEntityArn(arn)?.name ?? arn,
        PolicyArn: arn,
      })),
    inline: (id: string): sdk.PolicyDetail[] =>
      (inlinePolicies.get(id) ?? []).map(({ name, text }) => ({
        PolicyName: name,
        PolicyDocument: encodeDocument(text),
      })),
  }
}

/** As listings are sorted: names are ASCII. */
const ignoringCase = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)

const tagList = (rows: readonly { readonly key: string; readonly value: string }[] | undefined): sdk.Tag[] =>
  (rows ?? []).map(({ key, value }) => ({ Key: key, Value: value }))

function byOwner<Row extends { readonly ownerId: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  const byId = new Map<string, Row[]>()
  for (const row of rows) {
    const known = byId.get(row.ownerId)
    if (known === undefined) byId.set(row.ownerId, [row])
    else known.push(row)
  }
  return byId
}

function readFilter(filter: readonly string[] | undefined): readonly Section[] {
  if (filter === undefined || filter.length === 0) return SECTIONS
  for (const [index, entry] of filter.entries())
    if (!(SECTIONS as readonly string[]).includes(entry))
      throw validationError(
        `filter.${index + 1}.member`,
        entry,
        `Member must satisfy enum value set: [${SECTIONS.join(', ')}]`,
      )
  return SECTIONS.filter((section) => filter.includes(section))
}

function readPosition(text: string): { readonly section: Section; readonly name: string | null } {
  const [section = '', name = ''] = text.split(' ')
  if (!(SECTIONS as readonly string[]).includes(section)) throw refused('ValidationError', 'Invalid Marker')
  return { section: section as Section, name: name === '' ? null : name }
}
