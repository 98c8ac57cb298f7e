import { IS_NO_PATH, isNoName, isNoPolicy, isNoTime, JOURNAL_TEXTS, type RowRules } from './senseless.ts'

/** For each table what no row of it is. */
const SENSELESS: RowRules['senseless'] = [
  [
    'identities',
    `SELECT 1 FROM identities WHERE kind NOT IN ('user', 'group', 'role')
     OR (kind = 'role') <> (trust_policy IS NOT NULL) OR (kind = 'group' AND boundary IS NOT NULL)
     OR name_key <> lower(name) OR ${isNoName('name', "CASE kind WHEN 'group' THEN 128 ELSE 64 END")}
     OR ${IS_NO_PATH} OR ${isNoTime('created')} OR ${isNoPolicy('boundary')}`,
  ],
  [
    'policies',
    `SELECT 1 FROM policies p WHERE name_key <> lower(name) OR ${isNoName('name', '128')} OR ${IS_NO_PATH}
     OR ${isNoTime('created')} OR ${isNoTime('updated')}
     OR NOT EXISTS (SELECT 1 FROM policy_versions v WHERE v.policy_id = p.id AND v.version = p.default_version)`,
  ],
  ['policy_versions', `SELECT 1 FROM policy_versions WHERE version < 1 OR ${isNoTime('created')}`],
  ['attachments', `SELECT 1 FROM attachments WHERE ${isNoPolicy('policy_arn')}`],
  ['inline_policies', `SELECT 1 FROM inline_policies WHERE ${isNoName('name', '128')}`],
  [
    'memberships',
    `SELECT 1 FROM memberships m JOIN identities u ON u.id = m.user_id JOIN identities g ON g.id = m.group_id
     WHERE u.kind <> 'user' OR g.kind <> 'group'`,
  ],
]

/** Of the versions of the schema that had a table for each kind. */
export const EARLIER_RULES: RowRules = {
  senseless: SENSELESS,
  texts: [
    ['identities', 'trust_policy', 'Statement'],
    ['policy_versions', 'document', 'Statement'],
    ['inline_policies', 'document', 'Statement'],
    ['settings', 'value', null],
    ...JOURNAL_TEXTS,
  ],
  assertReadable: () => {},
}
