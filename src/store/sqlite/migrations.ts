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
]
