import type {
  AttachmentRow,
  CountedKind,
  GroupRow,
  IdentityKind,
  IdentityOf,
  IdentityRow,
  InlinePolicyRow,
  MembershipRow,
  Page,
  PolicyRow,
  PolicyUseRow,
  ReadRows,
  ResolvedTrustRow,
  RoleRow,
  Setting,
  TagRow,
  TrustRow,
  UserRow,
  VersionRow,
} from '../../iam/store-port.ts'
import type { Connection } from './connection.ts'

/** Names are ASCII, so that this is SQLite's `lower()` too. */
export const foldName = (name: string): string => name.toLowerCase()

interface IdentityRecord {
  readonly id: string
  readonly kind: IdentityKind
  readonly name: string
  readonly path: string
  readonly created: number
  readonly boundary: string | null
  readonly description: string | null
  readonly max_session_duration: number | null
  readonly trust_policy: string | null
}

const IDENTITY_COLUMNS = [
  'id',
  'kind',
  'name',
  'path',
  'created',
  'boundary',
  'description',
  'max_session_duration',
  'trust_policy',
]
const IDENTITY = IDENTITY_COLUMNS.join(', ')
const IDENTITY_OF_I = IDENTITY_COLUMNS.map((column) => `i.${column}`).join(', ')

const POLICY =
  'id, name, path, description, created, updated, default_version AS defaultVersion, latest_version AS latestVersion'

/** The columns that a row of each kind doesn't have are null. */
function identityOf(record: IdentityRecord): IdentityRow {
  const { id, name, path, created, boundary } = record
  switch (record.kind) {
    case 'user':
      return { kind: 'user', id, name, path, created, boundary } satisfies UserRow
    case 'group':
      return { kind: 'group', id, name, path, created } satisfies GroupRow
    case 'role':
      return {
        kind: 'role',
        id,
        name,
        path,
        created,
        boundary,
        description: record.description ?? '',
        maxSessionDuration: record.max_session_duration ?? 0,
        trustPolicy: record.trust_policy ?? '',
      } satisfies RoleRow
  }
}

/** `get` of libsql adds a `_metadata` property, so that rows are copied column by column. */
const policyOf = ({
  id,
  name,
  path,
  description,
  created,
  updated,
  defaultVersion,
  latestVersion,
}: PolicyRow): PolicyRow => ({
  id,
  name,
  path,
  description,
  created,
  updated,
  defaultVersion,
  latestVersion,
})

/** Matches a column with one value, or with any of a JSON list. */
const among = (
  column: string,
  values: readonly string[],
): { readonly sql: string; readonly value: string } =>
  values.length === 1 && values[0] !== undefined
    ? { sql: `${column} = ?`, value: values[0] }
    : { sql: `${column} IN (SELECT value FROM json_each(?))`, value: JSON.stringify(values) }

const PAGE = `name_key > ? AND (? = '/' OR substr(path, 1, length(?)) = ?) ORDER BY name_key LIMIT ?`
const pageValues = ({ after, pathPrefix, limit }: Page) =>
  [after === null ? '' : foldName(after), pathPrefix, pathPrefix, pathPrefix, limit] as const

/** The store port's reading half, over a connection that is inside a transaction. */
export class SqliteReadRows implements ReadRows {
  protected readonly connection: Connection

  constructor(connection: Connection) {
    this.connection = connection
  }

  async identity<K extends IdentityKind>(kind: K, name: string): Promise<IdentityOf<K> | null> {
    const record = this.connection.first<IdentityRecord>(
      `SELECT ${IDENTITY} FROM identities WHERE kind = ? AND name_key = ?`,
      kind,
      foldName(name),
    )
    return record === null || record.name !== name ? null : (identityOf(record) as IdentityOf<K>)
  }

  async identityById(id: string): Promise<IdentityRow | null> {
    const record = this.connection.first<IdentityRecord>(
      `SELECT ${IDENTITY} FROM identities WHERE id = ?`,
      id,
    )
    return record === null ? null : identityOf(record)
  }

  async identities<K extends IdentityKind>(kind: K, page: Page): Promise<readonly IdentityOf<K>[]> {
    return this.connection
      .all<IdentityRecord>(
        `SELECT ${IDENTITY} FROM identities WHERE kind = ? AND ${PAGE}`,
        kind,
        ...pageValues(page),
      )
      .map((record) => identityOf(record) as IdentityOf<K>)
  }

  async policy(name: string): Promise<PolicyRow | null> {
    const row = this.connection.first<PolicyRow>(
      `SELECT ${POLICY} FROM policies WHERE name_key = ?`,
      foldName(name),
    )
    return row === null || row.name !== name ? null : policyOf(row)
  }

  async policies(page: Page): Promise<readonly PolicyRow[]> {
    return this.connection
      .all<PolicyRow>(`SELECT ${POLICY} FROM policies WHERE ${PAGE}`, ...pageValues(page))
      .map(policyOf)
  }

  async takenName(kind: CountedKind, name: string): Promise<string | null> {
    const key = foldName(name)
    const row =
      kind === 'policy'
        ? this.connection.first<{ readonly name: string }>(
            'SELECT name FROM policies WHERE name_key = ?',
            key,
          )
        : this.connection.first<{ readonly name: string }>(
            'SELECT name FROM identities WHERE kind = ? AND name_key = ?',
            kind,
            key,
          )
    return row?.name ?? null
  }

  async count(kind: CountedKind): Promise<number> {
    const row =
      kind === 'policy'
        ? this.connection.first<{ readonly count: number }>('SELECT count(*) AS count FROM policies')
        : this.connection.first<{ readonly count: number }>(
            'SELECT count(*) AS count FROM identities WHERE kind = ?',
            kind,
          )
    return row?.count ?? 0
  }

  async versions(policyIds: readonly string[]): Promise<readonly VersionRow[]> {
    const { sql, value } = among('policy_id', policyIds)
    return this.connection.all<VersionRow>(
      `SELECT policy_id AS policyId, version, document, created FROM policy_versions WHERE ${sql} ORDER BY policy_id, version`,
      value,
    )
  }

  async attachments(ownerIds: readonly string[]): Promise<readonly AttachmentRow[]> {
    const { sql, value } = among('owner_id', ownerIds)
    return this.connection.all<AttachmentRow>(
      `SELECT owner_id AS ownerId, policy_arn AS policyArn FROM attachments WHERE ${sql} ORDER BY owner_id, policy_arn`,
      value,
    )
  }

  async inlinePolicies(ownerIds: readonly string[]): Promise<readonly InlinePolicyRow[]> {
    const { sql, value } = among('owner_id', ownerIds)
    return this.connection.all<InlinePolicyRow>(
      `SELECT owner_id AS ownerId, name, document, size FROM inline_policies WHERE ${sql} ORDER BY owner_id, name`,
      value,
    )
  }

  async memberships(userIds: readonly string[]): Promise<readonly MembershipRow[]> {
    const { sql, value } = among('m.user_id', userIds)
    return this.connection.all<MembershipRow>(
      `SELECT m.user_id AS userId, m.group_id AS groupId, g.name AS groupName
       FROM memberships m JOIN identities g ON g.id = m.group_id WHERE ${sql} ORDER BY m.user_id, g.name_key`,
      value,
    )
  }

  async members(groupId: string, page: Page): Promise<readonly UserRow[]> {
    return this.connection
      .all<IdentityRecord>(
        `SELECT ${IDENTITY_OF_I} FROM memberships m JOIN identities i ON i.id = m.user_id WHERE m.group_id = ? AND ${PAGE}`,
        groupId,
        ...pageValues(page),
      )
      .map((record) => identityOf(record) as UserRow)
  }

  async tags(ownerIds: readonly string[]): Promise<readonly TagRow[]> {
    const { sql, value } = among('owner_id', ownerIds)
    return this.connection.all<TagRow>(
      `SELECT owner_id AS ownerId, key, value FROM tags WHERE ${sql} ORDER BY owner_id, key`,
      value,
    )
  }

  async trusts(roleIds: readonly string[]): Promise<readonly ResolvedTrustRow[]> {
    const { sql, value } = among('t.role_id', roleIds)
    return this.connection
      .all<
        TrustRow & { readonly kind: 'user' | 'role' | null; readonly path: string; readonly name: string }
      >(
        `SELECT t.role_id AS roleId, t.written, t.principal_id AS principalId, i.kind, i.path, i.name
         FROM trusts t LEFT JOIN identities i ON i.id = t.principal_id WHERE ${sql} ORDER BY t.role_id, t.written`,
        value,
      )
      .map(({ roleId, written, principalId, kind, path, name }) => ({
        roleId,
        written,
        principalId,
        current: kind === null ? null : { kind, path, name },
      }))
  }

  async policyUses(policyArns: readonly string[] | 'all'): Promise<readonly PolicyUseRow[]> {
    const attachments = this.#countBy('attachments', 'policy_arn', policyArns)
    const boundaries = this.#countBy('identities', 'boundary', policyArns)
    return [...new Set([...attachments.keys(), ...boundaries.keys()])].map((policyArn) => ({
      policyArn,
      attachments: attachments.get(policyArn) ?? 0,
      boundaries: boundaries.get(policyArn) ?? 0,
    }))
  }

  async setting(setting: Setting): Promise<string | null> {
    const row = this.connection.first<{ readonly value: string }>(
      'SELECT value FROM settings WHERE name = ?',
      setting,
    )
    return row?.value ?? null
  }

  #countBy(
    table: 'attachments' | 'identities',
    column: 'policy_arn' | 'boundary',
    policyArns: readonly string[] | 'all',
  ): ReadonlyMap<string, number> {
    const filter = policyArns === 'all' ? null : among(column, policyArns)
    const rows = this.connection.all<{ readonly arn: string; readonly count: number }>(
      `SELECT ${column} AS arn, count(*) AS count FROM ${table}
       WHERE ${column} IS NOT NULL ${filter === null ? '' : `AND ${filter.sql}`} GROUP BY ${column}`,
      ...(filter === null ? [] : [filter.value]),
    )
    return new Map(rows.map(({ arn, count }) => [arn, count]))
  }
}
