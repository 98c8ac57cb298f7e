import type {
  AttachmentRow,
  IdentityRow,
  InlinePolicyRow,
  PolicyRow,
  Rows,
  Setting,
  TagRow,
  TrustRow,
  VersionRow,
} from '../../iam/store-port.ts'
import { foldName, SqliteReadRows } from './read-rows.ts'

/** The whole store port, over a connection that is inside a write transaction. */
export class SqliteRows extends SqliteReadRows implements Rows {
  async insertIdentity(row: IdentityRow): Promise<void> {
    const { kind, name, path, created } = row
    this.connection.run(
      `INSERT INTO identities (id, kind, name, name_key, path, created, boundary, description, max_session_duration, trust_policy)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      kind,
      name,
      foldName(name),
      path,
      created,
      ...ownColumns(row),
    )
  }

  async updateIdentity(row: IdentityRow): Promise<void> {
    this.connection.run(
      `UPDATE identities SET name = ?, name_key = ?, path = ?, created = ?,
       boundary = ?, description = ?, max_session_duration = ?, trust_policy = ? WHERE id = ?`,
      row.name,
      foldName(row.name),
      row.path,
      row.created,
      ...ownColumns(row),
      row.id,
    )
  }

  async deleteIdentity(id: string): Promise<void> {
    this.connection.run('DELETE FROM identities WHERE id = ?', id)
    this.connection.run('DELETE FROM tags WHERE owner_id = ?', id)
  }

  async insertPolicy(row: PolicyRow): Promise<void> {
    this.connection.run(
      `INSERT INTO policies (id, name, name_key, path, description, created, updated, default_version, latest_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.name,
      foldName(row.name),
      row.path,
      row.description,
      row.created,
      row.updated,
      row.defaultVersion,
      row.latestVersion,
    )
  }

  async updatePolicy(row: PolicyRow): Promise<void> {
    this.connection.run(
      `UPDATE policies SET name = ?, name_key = ?, path = ?, description = ?, created = ?, updated = ?,
       default_version = ?, latest_version = ? WHERE id = ?`,
      row.name,
      foldName(row.name),
      row.path,
      row.description,
      row.created,
      row.updated,
      row.defaultVersion,
      row.latestVersion,
      row.id,
    )
  }

  async deletePolicy(id: string): Promise<void> {
    this.connection.run('DELETE FROM policies WHERE id = ?', id)
    this.connection.run('DELETE FROM tags WHERE owner_id = ?', id)
  }

  async insertVersion({ policyId, version, document, created }: VersionRow): Promise<void> {
    this.connection.run(
      'INSERT INTO policy_versions (policy_id, version, document, created) VALUES (?, ?, ?, ?)',
      policyId,
      version,
      document,
      created,
    )
  }

  async deleteVersion(policyId: string, version: number): Promise<void> {
    this.connection.run('DELETE FROM policy_versions WHERE policy_id = ? AND version = ?', policyId, version)
  }

  async attach({ ownerId, policyArn }: AttachmentRow): Promise<void> {
    this.connection.run(
      'INSERT INTO attachments (owner_id, policy_arn) VALUES (?, ?) ON CONFLICT DO NOTHING',
      ownerId,
      policyArn,
    )
  }

  async detach({ ownerId, policyArn }: AttachmentRow): Promise<boolean> {
    return (
      this.connection.run(
        'DELETE FROM attachments WHERE owner_id = ? AND policy_arn = ?',
        ownerId,
        policyArn,
      ) > 0
    )
  }

  async putInlinePolicy({ ownerId, name, document, size }: InlinePolicyRow): Promise<void> {
    this.connection.run(
      `INSERT INTO inline_policies (owner_id, name, document, size) VALUES (?, ?, ?, ?)
       ON CONFLICT (owner_id, name) DO UPDATE SET document = excluded.document, size = excluded.size`,
      ownerId,
      name,
      document,
      size,
    )
  }

  async deleteInlinePolicy(ownerId: string, name: string): Promise<boolean> {
    return (
      this.connection.run('DELETE FROM inline_policies WHERE owner_id = ? AND name = ?', ownerId, name) > 0
    )
  }

  async addMember(userId: string, groupId: string): Promise<void> {
    this.connection.run(
      'INSERT INTO memberships (user_id, group_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
      userId,
      groupId,
    )
  }

  async removeMember(userId: string, groupId: string): Promise<boolean> {
    return (
      this.connection.run('DELETE FROM memberships WHERE user_id = ? AND group_id = ?', userId, groupId) > 0
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

  async replaceTrusts(roleId: string, rows: readonly TrustRow[]): Promise<void> {
    this.connection.run('DELETE FROM trusts WHERE role_id = ?', roleId)
    for (const { written, principalId } of rows)
      this.connection.run(
        'INSERT INTO trusts (role_id, written, principal_id) VALUES (?, ?, ?)',
        roleId,
        written,
        principalId,
      )
  }

  async putSetting(setting: Setting, value: string | null): Promise<void> {
    if (value === null) this.connection.run('DELETE FROM settings WHERE name = ?', setting)
    else
      this.connection.run(
        `INSERT INTO settings (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        setting,
        value,
      )
  }
}

/** boundary, description, max_session_duration, trust_policy */
function ownColumns(row: IdentityRow): readonly [string | null, string | null, number | null, string | null] {
  switch (row.kind) {
    case 'user':
      return [row.boundary, null, null, null]
    case 'group':
      return [null, null, null, null]
    case 'role':
      return [row.boundary, row.description, row.maxSessionDuration, row.trustPolicy]
  }
}
