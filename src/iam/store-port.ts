import { DiagnosticError, errorOf } from '../diagnostics/index.ts'
import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'

/**
 * What the embedded IAM needs of a store: typed rows inside transactions. Asynchronous, because a store may be on the
 * other side of a network. Times are milliseconds since the epoch. Ids are IAM's unique ids (AIDA…, AROA…).
 * INVARIANT: the store keeps names unique per kind (and parent) whatever their case, and deletes what belongs to a row with it.
 *
 * `E` says what each kind of entity keeps, `S` what each setting is: more kinds need no more methods.
 */
export interface ReadableStore<E = StoredEntities, S = StoredSettings> {
  /** Runs `work` on one consistent state. */
  read<T>(work: (rows: ReadRows<E, S>) => Promise<T>): Promise<T>
}

export interface WritableStore<E = StoredEntities, S = StoredSettings> extends ReadableStore<E, S> {
  /**
   * Runs `work` alone: no other write happens meanwhile, and all or nothing of it stays.
   * If `work` rejects, nothing is written, and the rejection is passed on.
   * @throws StoreBusyError when another process keeps the store locked
   */
  write<T>(work: (rows: Rows<E, S>) => Promise<T>): Promise<T>
}

/**
 * Somebody else has the store locked; the same call can succeed later. Nothing was written. Where no call of the IAM
 * API turns it into a retryable error (the journal), it is a diagnostic like any other failure of a store.
 */
export class StoreBusyError extends DiagnosticError {
  constructor(message: string) {
    super(errorOf({ code: 'store.locked', message, help: 'wait until it is done, then run this again' }))
    this.name = 'StoreBusyError'
  }
}

/** What there is to know of any entity, whatever its kind. */
export interface StoredEntity<Kind extends string = string> {
  readonly kind: Kind
  readonly id: string
  readonly name: string
  /** Begins and ends with `/`. */
  readonly path: string
  readonly created: number
  /** Of what is named under another entity, that one's id. */
  readonly parentId: string | null
}

export type NameOf<Map> = keyof Map & string

/** An entity with what its kind keeps besides. */
export interface EntityRow<K extends NameOf<E>, E = StoredEntities> extends StoredEntity<K> {
  readonly body: E[K]
}

/** A connection of an entity: to a policy by its ARN, to another entity by its id. Of what sort it is, its kind says. */
export interface LinkRow {
  readonly ownerId: string
  /** An ARN or an id. */
  readonly target: string
  /** How the owner calls the target, where it has words of its own for it; else empty. */
  readonly label: string
}

/** One of several sorts that were asked for. */
export interface FoundLink extends Omit<LinkRow, 'label'> {
  readonly relation: string
}

export interface ResolvedLinkRow extends LinkRow {
  /** The entity whose id `target` is; null: an ARN, or somebody who is gone, or of another account. */
  readonly to: Pick<StoredEntity, 'kind' | 'path' | 'name'> | null
}

/** How many entities have a link of this sort to this target. */
export interface LinkCount {
  readonly relation: string
  readonly target: string
  readonly count: number
}

/** A policy document that belongs to an entity. What slots there are for them, its kind says. */
export interface DocumentRow {
  readonly ownerId: string
  /** Tells it from others in the same slot: an inline policy's name, a version's number; empty where there is one only. */
  readonly name: string
  /** As its author wrote it. */
  readonly text: string
  /** Characters without white space, as a quota counts them; null where none does. */
  readonly size: number | null
  /** Null where nobody asks. */
  readonly created: number | null
}

export interface TagRow {
  readonly ownerId: string
  readonly key: string
  readonly value: string
}

/** A slice of a list that is sorted by name, ignoring case. */
export interface Page {
  /** Names after this one, ignoring case; null: from the start. */
  readonly after: string | null
  readonly limit: number
  /** Only what lies under this path. */
  readonly pathPrefix: string
}

/**
 * Methods that take several ids return the rows of all of them, in no particular order of owners, then by what tells them
 * apart. A parent's id is `null` for what is named in the account itself.
 */
export interface ReadRows<E = StoredEntities, S = StoredSettings> {
  /** By exact name. */
  entity<K extends NameOf<E>>(
    kind: K,
    name: string,
    parentId?: string | null,
  ): Promise<EntityRow<K, E> | null>
  /** Of whatever kind. */
  entityById(id: string): Promise<StoredEntity | null>
  entities<K extends NameOf<E>>(kind: K, page: Page): Promise<readonly EntityRow<K, E>[]>
  /** What is named under these, by name. */
  children<K extends NameOf<E>>(kind: K, parentIds: readonly string[]): Promise<readonly EntityRow<K, E>[]>
  /** Those of a kind that have a link of this sort to this target. */
  linkedTo<K extends NameOf<E>>(
    kind: K,
    relation: string,
    target: string,
    page: Page,
  ): Promise<readonly EntityRow<K, E>[]>
  /** The name that is taken already, which may differ in case; null: it is free. */
  takenName(kind: NameOf<E>, name: string, parentId?: string | null): Promise<string | null>
  count(kind: NameOf<E>, parentId?: string | null): Promise<number>

  links(ownerIds: readonly string[], ...relations: readonly string[]): Promise<readonly FoundLink[]>
  resolvedLinks(ownerIds: readonly string[], relation: string): Promise<readonly ResolvedLinkRow[]>
  /** Only those that there are, to these targets or to all. */
  linkCounts(relations: readonly string[], targets: readonly string[] | 'all'): Promise<readonly LinkCount[]>
  documents(ownerIds: readonly string[], slot: string): Promise<readonly DocumentRow[]>
  tags(ownerIds: readonly string[]): Promise<readonly TagRow[]>
  setting<K extends NameOf<S>>(kind: K): Promise<S[K] | null>
}

export interface Rows<E = StoredEntities, S = StoredSettings> extends ReadRows<E, S> {
  insert<K extends NameOf<E>>(row: EntityRow<K, E>): Promise<void>
  /** Replaces all but kind and parent of the row with this id. */
  update<K extends NameOf<E>>(row: EntityRow<K, E>): Promise<void>
  delete(id: string): Promise<void>
  /** Linking twice is linking once. */
  putLink(relation: string, row: LinkRow): Promise<void>
  /** @returns whether there was one */
  deleteLink(relation: string, row: Omit<LinkRow, 'label'>): Promise<boolean>
  /** All links of one sort that an entity has. */
  replaceLinks(
    ownerId: string,
    relation: string,
    links: readonly Pick<LinkRow, 'target' | 'label'>[],
  ): Promise<void>
  /** Inserts, or replaces the one of the same slot and name. */
  putDocument(slot: string, row: DocumentRow): Promise<void>
  /** @returns whether there was one */
  deleteDocument(slot: string, row: Pick<DocumentRow, 'ownerId' | 'name'>): Promise<boolean>
  /** Inserts, or replaces the value of the same key (same case). */
  putTags(rows: readonly TagRow[]): Promise<void>
  /** Keys in exact case; those that aren't there are passed over. */
  deleteTags(ownerId: string, keys: readonly string[]): Promise<void>
  /** null removes it. */
  putSetting<K extends NameOf<S>>(kind: K, value: S[K] | null): Promise<void>
}

/** A key of the account's root user, who is no entity. */
export interface RootKeyRow {
  readonly id: string
  /** Sealed, about the id. */
  readonly secret: string
  readonly created: number
}

export interface RootKeyRows {
  all(): Promise<readonly RootKeyRow[]>
  /** Durable when it returns. Takes the place of all that there are. */
  replace(row: RootKeyRow): Promise<void>
}

/** A record of the audit log. */
export interface AuditRow {
  /** From 1, without gaps. */
  readonly sequence: number
  /** Of the record before, in hexadecimal. */
  readonly previous: string
  readonly hash: string
  /** JSON. */
  readonly text: string
}

/** Where an audit log ends, as its last writer left it. */
export interface AuditHead {
  readonly sequence: number
  readonly hash: string
  /** Shows that it was a writer. */
  readonly seal: string
}

export interface AuditRows {
  /**
   * Runs `make` alone, of all processes, and adds what it returns, all or nothing.
   * @param make is given the end as it was noted, and the last record that there is
   * @throws StoreBusyError
   */
  append(
    make: (
      head: AuditHead | null,
      last: AuditRow | null,
    ) => { readonly added: readonly AuditRow[]; readonly head: AuditHead },
  ): Promise<AuditHead>
}
