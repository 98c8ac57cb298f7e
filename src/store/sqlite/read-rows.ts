import type {
  DocumentRow,
  EntityRow,
  FoundLink,
  LinkCount,
  LinkRow,
  NameOf,
  Page,
  ReadRows,
  ResolvedLinkRow,
  StoredEntity,
  TagRow,
} from '../../iam/store-port.ts'
import type { Connection } from './connection.ts'
import type { KindRegistry } from './schema/kind-registry.ts'

/** Names are ASCII, so that this is SQLite's `lower()` too. */
export const foldName = (name: string): string => name.toLowerCase()

interface EntityRecord {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly created: number
  readonly parentId: string | null
  readonly body: string
}

const COLUMNS = ['id', 'name', 'path', 'created', 'parentId', 'body'] as const
const ENTITY = 'e.id, e.name, e.path, e.created, e.parent_id AS parentId, e.body'

/** Matches a column with one value, or with any of a JSON list. */
const among = (
  column: string,
  values: readonly string[],
): { readonly sql: string; readonly value: string } =>
  values.length === 1 && values[0] !== undefined
    ? { sql: `${column} = ?`, value: values[0] }
    : { sql: `${column} IN (SELECT value FROM json_each(?))`, value: JSON.stringify(values) }

const PAGE = `e.name_key > ? AND (? = '/' OR substr(e.path, 1, length(?)) = ?) ORDER BY e.name_key LIMIT ?`
const pageValues = ({ after, pathPrefix, limit }: Page) =>
  [after === null ? '' : foldName(after), pathPrefix, pathPrefix, pathPrefix, limit] as const

/** As the unique index has it, so that it is used. */
const BY_NAME = `FROM entities e WHERE e.kind = ? AND e.name_key = ? AND coalesce(e.parent_id, '') = ?`

/** The store port's reading half, over a connection that is inside a transaction. */
export class SqliteReadRows<E, S> implements ReadRows<E, S> {
  protected readonly connection: Connection
  protected readonly kinds: KindRegistry<E, S>

  constructor(connection: Connection, kinds: KindRegistry<E, S>) {
    this.connection = connection
    this.kinds = kinds
  }

  async entity<K extends NameOf<E>>(
    kind: K,
    name: string,
    parentId: string | null = null,
  ): Promise<EntityRow<K, E> | null> {
    const record = this.connection.first<EntityRecord>(
      `SELECT ${ENTITY} ${BY_NAME}`,
      kind,
      foldName(name),
      parentId ?? '',
    )
    return record === null || record.name !== name ? null : this.#rowOf(kind, record)
  }

  async entityById(id: string): Promise<StoredEntity | null> {
    const record = this.connection.first<StoredEntity>(
      'SELECT kind, name, path, created, parent_id AS parentId FROM entities WHERE id = ?',
      id,
    )
    if (record === null) return null
    const { kind, name, path, created, parentId } = record
    return { kind, id, name, path, created, parentId }
  }

  async entities<K extends NameOf<E>>(kind: K, page: Page): Promise<readonly EntityRow<K, E>[]> {
    return this.connection
      .list<EntityRecord>(
        COLUMNS,
        `SELECT ${ENTITY} FROM entities e WHERE e.kind = ? AND ${PAGE}`,
        kind,
        ...pageValues(page),
      )
      .map((record) => this.#rowOf(kind, record))
  }

  async children<K extends NameOf<E>>(
    kind: K,
    parentIds: readonly string[],
  ): Promise<readonly EntityRow<K, E>[]> {
    const { sql, value } = among('e.parent_id', parentIds)
    return this.connection
      .list<EntityRecord>(
        COLUMNS,
        `SELECT ${ENTITY} FROM entities e WHERE ${sql} AND e.kind = ? ORDER BY e.parent_id, e.name_key`,
        value,
        kind,
      )
      .map((record) => this.#rowOf(kind, record))
  }

  async linkedTo<K extends NameOf<E>>(
    kind: K,
    relation: string,
    target: string,
    page: Page,
  ): Promise<readonly EntityRow<K, E>[]> {
    return this.connection
      .list<EntityRecord>(
        COLUMNS,
        `SELECT ${ENTITY} FROM links l JOIN entities e ON e.id = l.owner_id
         WHERE l.relation = ? AND l.target = ? AND e.kind = ? AND ${PAGE}`,
        relation,
        target,
        kind,
        ...pageValues(page),
      )
      .map((record) => this.#rowOf(kind, record))
  }

  async takenName(kind: NameOf<E>, name: string, parentId: string | null = null): Promise<string | null> {
    const row = this.connection.first<{ readonly name: string }>(
      `SELECT e.name ${BY_NAME}`,
      kind,
      foldName(name),
      parentId ?? '',
    )
    return row?.name ?? null
  }

  async count(kind: NameOf<E>, parentId: string | null = null): Promise<number> {
    const row =
      parentId === null
        ? this.connection.first<{ readonly count: number }>(
            'SELECT count(*) AS count FROM entities WHERE kind = ?',
            kind,
          )
        : this.connection.first<{ readonly count: number }>(
            'SELECT count(*) AS count FROM entities WHERE parent_id = ? AND kind = ?',
            parentId,
            kind,
          )
    return row?.count ?? 0
  }

  async links(ownerIds: readonly string[], ...relations: readonly string[]): Promise<readonly FoundLink[]> {
    const { sql, value } = among('owner_id', ownerIds)
    const sorts = relations.map(() => '?').join(', ')
    return this.connection.list<FoundLink>(
      ['ownerId', 'relation', 'target'],
      `SELECT owner_id AS ownerId, relation, target FROM links WHERE ${sql} AND relation IN (${sorts})
       ORDER BY owner_id, relation, target`,
      value,
      ...relations,
    )
  }

  async resolvedLinks(ownerIds: readonly string[], relation: string): Promise<readonly ResolvedLinkRow[]> {
    const { sql, value } = among('l.owner_id', ownerIds)
    return this.connection
      .list<ResolvedRecord>(
        ['ownerId', 'target', 'label', 'kind', 'path', 'name'],
        `SELECT l.owner_id AS ownerId, l.target, l.label, e.kind, e.path, e.name
         FROM links l LEFT JOIN entities e ON e.id = l.target
         WHERE ${sql} AND l.relation = ? ORDER BY l.owner_id, l.target, l.label`,
        value,
        relation,
      )
      .map(({ ownerId, target, label, kind, path, name }) => ({
        ownerId,
        target,
        label,
        to: kind === null ? null : { kind, path, name },
      }))
  }

  async linkCounts(
    relations: readonly string[],
    targets: readonly string[] | 'all',
  ): Promise<readonly LinkCount[]> {
    const wanted = among('relation', relations)
    const filter = targets === 'all' ? null : among('target', targets)
    return this.connection.list<LinkCount>(
      ['relation', 'target', 'count'],
      `SELECT relation, target, count(*) AS count FROM links
       WHERE ${wanted.sql}${filter === null ? '' : ` AND ${filter.sql}`} GROUP BY relation, target`,
      wanted.value,
      ...(filter === null ? [] : [filter.value]),
    )
  }

  async documents(ownerIds: readonly string[], slot: string): Promise<readonly DocumentRow[]> {
    const { sql, value } = among('owner_id', ownerIds)
    return this.connection.list<DocumentRow>(
      ['ownerId', 'name', 'text', 'size', 'created'],
      `SELECT owner_id AS ownerId, name, text, size, created FROM documents
       WHERE ${sql} AND slot = ? ORDER BY owner_id, name`,
      value,
      slot,
    )
  }

  async tags(ownerIds: readonly string[]): Promise<readonly TagRow[]> {
    const { sql, value } = among('owner_id', ownerIds)
    return this.connection.list<TagRow>(
      ['ownerId', 'key', 'value'],
      `SELECT owner_id AS ownerId, key, value FROM tags WHERE ${sql} ORDER BY owner_id, key`,
      value,
    )
  }

  async setting<K extends NameOf<S>>(kind: K): Promise<S[K] | null> {
    const row = this.connection.first<{ readonly value: string }>(
      'SELECT value FROM settings WHERE name = ?',
      kind,
    )
    return row === null ? null : this.kinds.readValue(kind, row.value)
  }

  /** `get` of libsql adds a `_metadata` property, so that rows are copied column by column. */
  #rowOf<K extends NameOf<E>>(
    kind: K,
    { id, name, path, created, parentId, body }: EntityRecord,
  ): EntityRow<K, E> {
    return { kind, id, name, path, created, parentId, body: this.kinds.readBody(kind, body) }
  }
}

interface ResolvedRecord extends LinkRow {
  readonly kind: string | null
  readonly path: string
  readonly name: string
}
