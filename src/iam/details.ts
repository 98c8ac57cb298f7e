import type * as sdk from '@aws-sdk/client-iam'
import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'
import { parseEntityArn } from '../model/index.ts'
import type { Reading } from './context.ts'
import { encodeDocument } from './documents.ts'
import type { NameOf, StoredEntity } from './store-port.ts'
import { viewBoundary } from './views.ts'

/** What a page of `GetAccountAuthorizationDetails` holds. */
export interface Details {
  readonly UserDetailList: sdk.UserDetail[]
  readonly GroupDetailList: sdk.GroupDetail[]
  readonly RoleDetailList: sdk.RoleDetail[]
  readonly Policies: sdk.ManagedPolicyDetail[]
}

/** A part of the answer, which a filter can ask for by its name. */
export interface DetailsSection<E = StoredEntities, S = StoredSettings> {
  readonly name: string
  /** Adds to `details` up to `room` entities that come after the name `after`. */
  readonly read: (
    reading: Reading<E, S>,
    after: string | null,
    room: number,
    details: Details,
  ) => Promise<{ readonly count: number; readonly last: string | null; readonly more: boolean }>
}

/**
 * @param list some rows; one more than there is room for is asked for, which tells whether there is more
 * @param view adds them to the page
 */
export const detailsSection = <Row extends { readonly name: string }, E = StoredEntities, S = StoredSettings>(
  name: string,
  list: (reading: Reading<E, S>, after: string | null, limit: number) => Promise<readonly Row[]>,
  view: (reading: Reading<E, S>, rows: readonly Row[], details: Details) => Promise<void>,
): DetailsSection<E, S> => ({
  name,
  read: async (reading, after, room, details) => {
    const rows = await list(reading, after, room + 1)
    const page = rows.slice(0, room)
    await view(reading, page, details)
    return { count: page.length, last: page.at(-1)?.name ?? null, more: rows.length > room }
  },
})

/** Lists all entities of a kind. */
export const allOf =
  <K extends NameOf<E>, E = StoredEntities>(kind: K) =>
  ({ rows }: Pick<Reading<E>, 'rows'>, after: string | null, limit: number) =>
    rows.entities(kind, { after, limit, pathPrefix: '/' })

export const idsOf = (rows: readonly Pick<StoredEntity, 'id'>[]): readonly string[] =>
  rows.map(({ id }) => id)

/** The policies of identities, and their boundaries, in the words of the API. */
export async function grantsOf({ rows }: Pick<Reading, 'rows'>, ids: readonly string[]) {
  const links = await rows.links(ids, 'policy', 'boundary')
  const attachments = byOwner(links.filter(({ relation }) => relation === 'policy'))
  const boundaries = new Map(
    links.flatMap(({ ownerId, relation, target }) =>
      relation === 'boundary' ? [[ownerId, target] as const] : [],
    ),
  )
  const inlinePolicies = byOwner(await rows.documents(ids, 'inline'))
  return {
    attached: (id: string): sdk.AttachedPolicy[] =>
      (attachments.get(id) ?? []).map(({ target: arn }) => ({
        PolicyName: parseEntityArn(arn)?.name ?? arn,
        PolicyArn: arn,
      })),
    boundary: (id: string) => viewBoundary(boundaries.get(id) ?? null),
    inline: (id: string): sdk.PolicyDetail[] =>
      (inlinePolicies.get(id) ?? []).map(({ name, text }) => ({
        PolicyName: name,
        PolicyDocument: encodeDocument(text),
      })),
  }
}

export function byOwner<Row extends { readonly ownerId: string }>(
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
