import { z } from 'zod'
import { PARTITIONS } from '../model/index.ts'
import { path, tagMap } from './attribute-schemas.ts'
import { anyTarget } from './declared-targets.ts'
import { ruled } from './rules.ts'

const ALIAS = /^(?!\d{12}$)[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/

export const projectAccount = z
  .strictObject({
    id: z
      .string(ruled('accountId'))
      .regex(/^\d{12}$/, ruled('accountId'))
      .meta({ description: 'Twelve digits, in quotes.' }),
    partition: z.enum(PARTITIONS, ruled('partition')).optional().meta({ description: 'Default: `aws`.' }),
    alias: z
      .string(ruled('alias'))
      .regex(ALIAS, ruled('alias'))
      .nullable()
      .optional()
      .meta({ description: 'The account alias. `null` = none; absent = not managed here.' }),
    target: anyTarget.optional(),
    manifests: z
      .array(z.string(), ruled('manifestList'))
      .optional()
      .meta({ description: 'Folders or files, relative to this file. Absent = every manifest.' }),
    blockPublicAccess: z
      .boolean()
      .optional()
      .meta({ description: 'S3 blocks public access to all buckets and access points of the account.' }),
    variables: z
      .record(z.string().regex(/^[A-Za-z][\w-]*$/, ruled('variableName')), z.string(ruled('variable')))
      .nullable()
      .optional()
      .meta({ description: 'Values of `{{ variables.NAME }}` in the quoted strings of the manifests.' }),
  })
  .meta({ description: 'One AWS-style account.' })

const pathScope = z.strictObject({ path })
const tagScope = z.strictObject({ tag: tagMap })
const scope = z.union([z.enum(['all', 'declared']), pathScope, tagScope], ruled('scope')).optional()
const groupScope = z.union([z.enum(['all', 'declared']), pathScope], ruled('groupScope')).optional()

export const guard = z
  .strictObject({
    maxDeletePercent: z
      .number(ruled('percent'))
      .min(0, ruled('percent'))
      .max(100, ruled('percent'))
      .optional()
      .meta({ description: 'An apply that deletes more than this share of a kind is refused. Default: 30.' }),
    minimumExisting: z
      .int(ruled('minimumExisting'))
      .min(0, ruled('minimumExisting'))
      .optional()
      .meta({ description: 'The share counts once at least this many of a kind exist. Default: 10.' }),
    protect: z
      .array(
        z.string(ruled('protect')).regex(/^(user|group|role|policy)\/[\w+=,.@-]+$/, ruled('protect')),
        ruled('protect'),
      )
      .optional()
      .meta({ description: 'What is never deleted: `role/break-glass`.' }),
  })
  .meta({ description: 'What an apply refuses to do.' })

export const project = z
  .strictObject({
    version: z.literal(1, ruled('version')),
    accounts: z.record(z.string().regex(/^[\w.-]{1,64}$/, ruled('accountName')), projectAccount),
    scope: z
      .strictObject({ users: scope, groups: groupScope, roles: scope, policies: scope })
      .optional()
      .meta({
        description:
          'Per kind, what may be deleted when it is no longer declared. Default: `declared`, what the last apply declared.',
      }),
    guard: guard.optional(),
  })
  .meta({ description: 'The project file of an IAM folder, `iam-sync.yaml`.' })

/** Everything but what is in the accounts, which are read one by one. */
export const projectTop = project.extend({ accounts: z.unknown().optional() })

export type ProjectTopInput = z.infer<typeof projectTop>
export type ProjectAccountInput = z.infer<typeof projectAccount>
export type ScopeInput =
  | 'all'
  | 'declared'
  | { readonly path: string }
  | { readonly tag: Readonly<Record<string, string>> }
