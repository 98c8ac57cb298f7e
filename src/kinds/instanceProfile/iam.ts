import type * as sdk from '@aws-sdk/client-iam'
import type { Reading, Writing } from '../../iam/context.ts'
import { byOwner, type Details, idsOf } from '../../iam/details.ts'
import type { IamKindOf } from '../../iam/iam-kind.ts'
import { readPath, readPathPrefix } from '../../iam/input.ts'
import { claimName, findEntity, findModifiable, readOwnName } from '../../iam/lookup.ts'
import type { NamedKind, TagRules } from '../../iam/named-kind.ts'
import { cutPage, pageOf, readPage } from '../../iam/pagination.ts'
import { deleteConflict, limitExceeded, refused } from '../../iam/refusals.ts'
import type { EntityRow } from '../../iam/store-port.ts'
import { addTags, readNewTags, removeTags } from '../../iam/tags.ts'
import { tagList, viewTags } from '../../iam/views.ts'
import { entityArn } from '../../model/index.ts'
import { roles, viewRolesNamed } from '../role/iam.ts'
import { INSTANCE_PROFILE } from './kind.ts'

const profiles: NamedKind<'instanceProfile'> = {
  kind: 'instanceProfile',
  facts: INSTANCE_PROFILE,
  quotaLabel: 'InstanceProfilesPerAccount',
  alreadyExists: (_, taken) => `Instance Profile ${taken} already exists.`,
  missing: (name) => `Instance Profile ${name} cannot be found.`,
  isProtected: () => false,
}

const tags: TagRules = { quota: 'tagsPerInstanceProfile', keysIgnoreCase: false }

/** The link to the role that is in a profile. */
const HOLDS = 'instanceRole'
/** @see IAM API Reference, AddRoleToInstanceProfile: the quota can't be raised */
const MOST_ROLES = 1

export const instanceProfile = {
  reads: {
    GetInstanceProfile: getInstanceProfile,
    ListInstanceProfiles: listInstanceProfiles,
    ListInstanceProfilesForRole: listInstanceProfilesForRole,
    ListInstanceProfileTags: listInstanceProfileTags,
  },
  writes: {
    CreateInstanceProfile: createInstanceProfile,
    DeleteInstanceProfile: deleteInstanceProfile,
    AddRoleToInstanceProfile: addRoleToInstanceProfile,
    RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile,
    TagInstanceProfile: (writing, { InstanceProfileName, Tags }) =>
      addTags(writing, tags, () => findModifiable(writing, profiles, InstanceProfileName), Tags),
    UntagInstanceProfile: (writing, { InstanceProfileName, TagKeys }) =>
      removeTags(writing, tags, () => findModifiable(writing, profiles, InstanceProfileName), TagKeys),
  },
  completes: completeRoles,
  summary: async ({ rows, quotas }) => ({
    InstanceProfiles: await rows.count(profiles.kind),
    InstanceProfilesQuota: quotas.instanceProfilesPerAccount,
  }),
} satisfies IamKindOf<'instanceProfile'>

type Row = EntityRow<'instanceProfile'>

/** In the words of the API, without tags. @param held the role that is in it, if there is one */
const viewProfile = ({ account }: Reading, row: Row, held: readonly sdk.Role[]): sdk.InstanceProfile => ({
  Path: row.path,
  InstanceProfileName: row.name,
  InstanceProfileId: row.id,
  Arn: entityArn(account, INSTANCE_PROFILE, row.path, row.name),
  CreateDate: new Date(row.created),
  Roles: [...held],
})

/** Each with the role that is in it. */
async function viewProfiles(reading: Reading, rows: readonly Row[]): Promise<sdk.InstanceProfile[]> {
  const held = await rolesIn(reading, rows)
  return rows.map((row) => viewProfile(reading, row, held(row)))
}

/** Of some profiles the roles that are in them. */
async function rolesIn(
  reading: Reading,
  rows: readonly Row[],
): Promise<(row: Pick<Row, 'id'>) => readonly sdk.Role[]> {
  const links = byOwner(await reading.rows.resolvedLinks(idsOf(rows), HOLDS))
  const namesIn = ({ id }: Pick<Row, 'id'>) => (links.get(id) ?? []).flatMap(({ to }) => to?.name ?? [])
  const views = await viewRolesNamed(reading, new Set(rows.flatMap(namesIn)))
  return (row) => namesIn(row).flatMap((name) => views.get(name) ?? [])
}

async function getInstanceProfile(
  reading: Reading,
  input: sdk.GetInstanceProfileRequest,
): Promise<sdk.GetInstanceProfileResponse> {
  const row = await findEntity(reading, profiles, input.InstanceProfileName)
  const held = await rolesIn(reading, [row])
  const found = await reading.rows.tags([row.id])
  return { InstanceProfile: { ...viewProfile(reading, row, held(row)), ...viewTags(found) } }
}

/** Leaves out tags, as AWS does. @see IAM API Reference, ListInstanceProfiles */
async function listInstanceProfiles(
  reading: Reading,
  input: sdk.ListInstanceProfilesRequest,
): Promise<sdk.ListInstanceProfilesResponse> {
  const { limit, after } = readPage(input)
  const pathPrefix = readPathPrefix(input.PathPrefix)
  const rows = await reading.rows.entities('instanceProfile', { after, limit: limit + 1, pathPrefix })
  const { page, end } = cutPage(rows, limit, ({ name }) => name)
  return { InstanceProfiles: await viewProfiles(reading, page), ...end }
}

async function listInstanceProfilesForRole(
  reading: Reading,
  input: sdk.ListInstanceProfilesForRoleRequest,
): Promise<sdk.ListInstanceProfilesForRoleResponse> {
  const { limit, after } = readPage(input)
  const { id } = await findEntity(reading, roles, input.RoleName)
  const rows = await holding(reading, id, { after, limit: limit + 1 })
  const { page, end } = cutPage(rows, limit, ({ name }) => name)
  return { InstanceProfiles: await viewProfiles(reading, page), ...end }
}

const holding = (
  { rows }: Reading,
  roleId: string,
  page: { readonly after: string | null; readonly limit: number },
): Promise<readonly Row[]> => rows.linkedTo('instanceProfile', HOLDS, roleId, { ...page, pathPrefix: '/' })

async function listInstanceProfileTags(
  reading: Reading,
  input: sdk.ListInstanceProfileTagsRequest,
): Promise<sdk.ListInstanceProfileTagsResponse> {
  const paging = readPage(input)
  const { id } = await findEntity(reading, profiles, input.InstanceProfileName)
  const { page, end } = pageOf(await reading.rows.tags([id]), paging)
  return { Tags: tagList(page), ...end }
}

async function createInstanceProfile(
  writing: Writing,
  input: sdk.CreateInstanceProfileRequest,
): Promise<sdk.CreateInstanceProfileResponse> {
  const name = readOwnName(profiles, input.InstanceProfileName)
  const path = readPath(input.Path)
  const id = writing.newId(INSTANCE_PROFILE.idPrefix)
  const given = readNewTags(writing, tags, input.Tags, id)
  await claimName(writing, profiles, name)
  const row: Row = {
    kind: 'instanceProfile',
    id,
    name,
    path,
    created: writing.now,
    parentId: null,
    body: {},
  }
  await writing.rows.insert(row)
  if (given.length > 0) await writing.rows.putTags(given)
  return { InstanceProfile: { ...viewProfile(writing, row, []), ...viewTags(given) } }
}

async function deleteInstanceProfile(
  writing: Writing,
  input: sdk.DeleteInstanceProfileRequest,
): Promise<void> {
  const { id } = await findModifiable(writing, profiles, input.InstanceProfileName)
  if ((await writing.rows.links([id], HOLDS)).length > 0)
    throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
  await writing.rows.delete(id)
}

/** Also where it is the same role that is in it already. */
async function addRoleToInstanceProfile(
  writing: Writing,
  input: sdk.AddRoleToInstanceProfileRequest,
): Promise<void> {
  const { id } = await findModifiable(writing, profiles, input.InstanceProfileName)
  const role = await findModifiable(writing, roles, input.RoleName)
  if ((await writing.rows.links([id], HOLDS)).length >= MOST_ROLES)
    throw limitExceeded('InstanceSessionsPerInstanceProfile', MOST_ROLES)
  await writing.rows.putLink(HOLDS, { ownerId: id, target: role.id, label: '' })
}

async function removeRoleFromInstanceProfile(
  writing: Writing,
  input: sdk.RemoveRoleFromInstanceProfileRequest,
): Promise<void> {
  const { id, name } = await findModifiable(writing, profiles, input.InstanceProfileName)
  const role = await findModifiable(writing, roles, input.RoleName)
  if (!(await writing.rows.deleteLink(HOLDS, { ownerId: id, target: role.id })))
    throw refused(
      'NoSuchEntity',
      `The role with name ${role.name} cannot be found in the instance profile with name ${name}.`,
    )
}

/** Says with each role of the details in which profiles it is. */
async function completeRoles(reading: Reading, { RoleDetailList }: Details): Promise<void> {
  const ids = RoleDetailList.flatMap(({ RoleId }) => RoleId ?? [])
  if (ids.length === 0) return
  const counts = await reading.rows.linkCounts([HOLDS], ids)
  const held = new Map(counts.map(({ target, count }) => [target, count]))
  for (const detail of RoleDetailList) {
    const count = held.get(detail.RoleId ?? '')
    if (detail.RoleId === undefined || count === undefined) continue
    const rows = await holding(reading, detail.RoleId, { after: null, limit: count })
    detail.InstanceProfileList = await viewProfiles(reading, rows)
  }
}
