import type { DocumentRow, EntityRow, LinkRow, NameOf, Rows, TagRow } from '../../iam/store-port.ts'
import { foldName, SqliteReadRows } from './read-rows.ts'

/** The whole store port, over a connection that is inside a write transaction. */
export class SqliteRows<E, S> extends SqliteReadRows<E, S> implements Rows<E, S> {
  async insert<K extends NameOf<E>>(row: EntityRow<K, E>): Promise<void> {
    this.connection.run(
      'INSERT INTO entities (id, kind, name, name_key, path, created, parent_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      row.id,
      row.kind,
      row.name,
      foldName(row.name),
      row.path,
      row.created,
      row.parentId,
      JSON.stringify(row.body),
    )
  }

  async update<K extends NameOf<E>>(row: EntityRow<K, E>): Promise<void> {
    this.connection.run(
      'UPDATE entities SET name = ?, name_key = ?, path = ?, created = ?, body = ? WHERE id = ?',
      row.name,
      foldName(row.name),
      row.path,
      row.created,
      JSON.stringify(row.body),
      row.id,
    )
  }

  async delete(id: string): Promise<void> {
    this.connection.run('DELETE FROM entities WHERE id = ?', id)
  }

  async putLink(relation: string, { ownerId, target, label }: LinkRow): Promise<void> {
    this.connection.run(
      'INSERT INTO links (owner_id, relation, target, label, target_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ownerId,
      relation,
      target,
      label,
      this.kinds.linkTarget(relation).to === 'entity' ? target : null,
    )
  }

  async deleteLink(relation: string, { ownerId, target }: Omit<LinkRow, 'label'>): Promise<boolean> {
    return (
      this.connection.run(
        'DELETE FROM links WHERE owner_id = ? AND relation = ? AND target = ?',
        ownerId,
        relation,
        target,
      ) > 0
    )
  }

  async replaceLinks(
    ownerId: string,
    relation: string,
    links: readonly Pick<LinkRow, 'target' | 'label'>[],
  ): Promise<void> {
    this.connection.run('DELETE FROM links WHERE owner_id = ? AND relation = ?', ownerId, relation)
    for (const { target, label } of links) await this.putLink(relation, { ownerId, target, label })
  }

  async putDocument(slot: string, { ownerId, name, text, size, created }: DocumentRow): Promise<void> {
    this.connection.run(
      `INSERT INTO documents (owner_id, slot, name, text, size, created) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (owner_id, slot, name) DO UPDATE SET text = excluded.text, size = excluded.size, created = excluded.created`,
      ownerId,
      slot,
      name,
      text,
      size,
      created,
    )
  }

  async deleteDocument(
    slot: string,
    { ownerId, name }: Pick<DocumentRow, 'ownerId' | 'name'>,
  ): Promise<boolean> {
    return (
      this.connection.run(
        'DELETE FROM documents WHERE owner_id = ? AND slot = ? AND name = ?',
        ownerId,
        slot,
        name,
      ) > 0
    )
  }

  async putTags(rows: readonly TagRow[]): Promise<void> {
    for (const { ownerId, key, value } of rows)
      this.connection.run(
        `INSERT INTO tags (owner_id, key, value) VALUES (?, ?, ?)
         ON CONFLICT (owner_id, key) DO UPDATE SET value = excluded.value`,
        ownerId,
        key,
        value,
      )
  }

  async deleteTags(ownerId: string, keys: readonly string[]): Promise<void> {
    for (const key of keys)
      this.connection.run('DELETE FROM tags WHERE owner_id = ? AND key = ?', ownerId, key)
  }

  async putSetting<K extends NameOf<S>>(kind: K, value: S[K] | null): Promise<void> {
    if (value === null) this.connection.run('DELETE FROM settings WHERE name = ?', kind)
    else
      this.connection.run(
        `INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        kind,
        JSON.stringify(value),
      )
  }
}
