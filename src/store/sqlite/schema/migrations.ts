/**
 * The schema's history. A database says which of these it has had (`schema_version`); the rest is run in order.
 * INVARIANT: what has been released is never edited; a change of the schema is a new entry.
 */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE account (
  id TEXT NOT NULL,
  partition TEXT NOT NULL
) STRICT;

CREATE TABLE identities (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('user', 'group', 'role')),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  path TEXT NOT NULL,
  created INTEGER NOT NULL,
  boundary TEXT,
  description TEXT,
  max_session_duration INTEGER,
  trust_policy TEXT,
  CHECK ((kind = 'role') = (trust_policy IS NOT NULL)),
  CHECK (kind <> 'group' OR boundary IS NULL)
) STRICT;
CREATE UNIQUE INDEX identities_name ON identities (kind, name_key);
CREATE INDEX identities_boundary ON identities (boundary) WHERE boundary IS NOT NULL;

CREATE TABLE policies (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL,
  description TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  default_version INTEGER NOT NULL,
  latest_version INTEGER NOT NULL
) STRICT;

CREATE TABLE policy_versions (
  policy_id TEXT NOT NULL REFERENCES policies (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  document TEXT NOT NULL,
  created INTEGER NOT NULL,
  PRIMARY KEY (policy_id, version)
) STRICT;

-- A policy of AWS's own has an ARN and no row, so that attachments name ARNs.
CREATE TABLE attachments (
  owner_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  policy_arn TEXT NOT NULL,
  PRIMARY KEY (owner_id, policy_arn)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_policy ON attachments (policy_arn);

CREATE TABLE inline_policies (
  owner_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  document TEXT NOT NULL,
  size INTEGER NOT NULL,
  PRIMARY KEY (owner_id, name)
) STRICT;

CREATE TABLE memberships (
  user_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  group_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, group_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_group ON memberships (group_id);

-- The owner is an identity or a policy; the store deletes tags with their owner.
CREATE TABLE tags (
  owner_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) STRICT, WITHOUT ROWID;

-- The principal may be gone: that is what these rows are for.
CREATE TABLE trusts (
  role_id TEXT NOT NULL REFERENCES identities (id) ON DELETE CASCADE,
  written TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  PRIMARY KEY (role_id, written)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time TEXT NOT NULL,
  "commit" TEXT,
  dirty INTEGER,
  actor TEXT NOT NULL,
  digest TEXT NOT NULL,
  declared TEXT,
  outcome TEXT CHECK (outcome IN ('complete', 'partial', 'interrupted')),
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0
) STRICT;

-- At most one row: who took the lock last. Whether it is still held, the operating system knows.
CREATE TABLE lock_holder (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  start TEXT NOT NULL,
  "commit" TEXT,
  entry_id TEXT
) STRICT;
`,
  // What an apply took for granted of the organization and of resources.
  `ALTER TABLE journal ADD COLUMN facts TEXT;`,
  // Why an apply could not go on: the code of what its target refused.
  `ALTER TABLE journal ADD COLUMN reason TEXT;`,
  // Any kind of entity in one table, what it is connected with in another, its policy documents in a third.
  `
CREATE TABLE entities (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  path TEXT NOT NULL,
  created INTEGER NOT NULL,
  -- Whom it is named under; NULL: the account.
  parent_id TEXT REFERENCES entities (id) ON DELETE CASCADE,
  -- What else its kind keeps, as JSON.
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX entities_name ON entities (kind, name_key, coalesce(parent_id, ''));
CREATE INDEX entities_parent ON entities (parent_id, kind, name_key) WHERE parent_id IS NOT NULL;

-- A target is an ARN (a policy of AWS's own has no row), or an id. Where the link goes with whom it leads to, that one is
-- \`target_id\` too.
CREATE TABLE links (
  owner_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  relation TEXT NOT NULL,
  target TEXT NOT NULL,
  label TEXT NOT NULL,
  target_id TEXT REFERENCES entities (id) ON DELETE CASCADE,
  PRIMARY KEY (owner_id, relation, target, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_target ON links (relation, target);
CREATE INDEX links_entity ON links (target_id) WHERE target_id IS NOT NULL;

CREATE TABLE documents (
  owner_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  slot TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  size INTEGER,
  created INTEGER,
  PRIMARY KEY (owner_id, slot, name)
) STRICT;

INSERT INTO entities (id, kind, name, name_key, path, created, body)
SELECT id, kind, name, name_key, path, created,
  CASE kind WHEN 'role' THEN json_object('description', coalesce(description, ''),
    'maxSessionDuration', coalesce(max_session_duration, 0)) ELSE '{}' END
FROM identities;
INSERT INTO entities (id, kind, name, name_key, path, created, body)
SELECT id, 'policy', name, name_key, path, created, json_object('description', description, 'updated', updated,
  'defaultVersion', default_version, 'latestVersion', latest_version)
FROM policies;
INSERT INTO links (owner_id, relation, target, label)
SELECT owner_id, 'policy', policy_arn, '' FROM attachments
UNION ALL SELECT id, 'boundary', boundary, '' FROM identities WHERE boundary IS NOT NULL
UNION ALL SELECT role_id, 'trust', principal_id, written FROM trusts;
INSERT INTO links (owner_id, relation, target, label, target_id)
SELECT user_id, 'group', group_id, '', group_id FROM memberships;
INSERT INTO documents (owner_id, slot, name, text, size) SELECT owner_id, 'inline', name, document, size FROM inline_policies;
INSERT INTO documents (owner_id, slot, name, text, created)
SELECT policy_id, 'version', CAST(version AS TEXT), document, created FROM policy_versions;
INSERT INTO documents (owner_id, slot, name, text) SELECT id, 'trust', '', trust_policy FROM identities WHERE kind = 'role';

-- Tags of nobody were never shown.
ALTER TABLE tags RENAME TO earlier_tags;
CREATE TABLE tags (
  owner_id TEXT NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, key)
) STRICT, WITHOUT ROWID;
INSERT INTO tags SELECT * FROM earlier_tags WHERE owner_id IN (SELECT id FROM entities);

DROP TABLE earlier_tags;
DROP TABLE trusts;
DROP TABLE memberships;
DROP TABLE inline_policies;
DROP TABLE attachments;
DROP TABLE policy_versions;
DROP TABLE policies;
DROP TABLE identities;
`,
  // Which credentials have which names, and whether their secrets arrived.
  `
CREATE TABLE credentials (
  sequence INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  id TEXT UNIQUE,
  others TEXT NOT NULL,
  begun INTEGER,
  delivered INTEGER
) STRICT;
`,
  // Secrets of access keys, sealed, stand in the bodies of their entities from here on; the root user is no entity.
  `
CREATE TABLE root_keys (
  id TEXT PRIMARY KEY,
  secret TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
`,
]

/** The first version of the schema whose tables are for any kind. */
export const FIRST_OF_ENTITIES = 4
