import type { CommandSpec } from './command-spec.ts'
import { ACCOUNT, COMMON_BESIDE_POSITIONALS, LOCK_TIMEOUT } from './flag-specs.ts'

/** The end of what somebody holds already. */
export const REVOKE_COMMAND: CommandSpec = {
  name: 'revoke',
  results: ['revoke'],
  emptyBody: { roles: [], unread: [] },
  summary: 'end the sessions that a role has now',
  description:
    'Puts the inline policy AWSRevokeOlderSessions on the role, as the console of AWS does: sessions that began before are denied everything, later ones work. Names the roles that sessions of it may have gone on to, as the policies of the target are now. Shows all of it, and asks.',
  positional: 'entities',
  flags: [
    { flags: '--chain', description: 'end those of the roles that are named beside it, too' },
    { flags: '--dry-run', description: 'only show whose sessions it would be' },
    { flags: '--yes', description: 'do not ask' },
    ACCOUNT,
    LOCK_TIMEOUT,
    ...COMMON_BESIDE_POSITIONALS,
  ],
  examples: [
    ['iam-sync revoke role/deploy --dry-run', 'who may hold what by it'],
    ['iam-sync revoke role/deploy --chain --yes', 'end all of it at once'],
  ],
}
