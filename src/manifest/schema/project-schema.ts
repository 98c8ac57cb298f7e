import { z } from 'zod'
import { type EntityKind, keysOf, PARTITIONS } from '../../model/index.ts'
import type { EntityManifests, ManifestKinds, SettingManifests } from '../manifest-kind.ts'
import { anyTarget } from '../project/declared-targets.ts'
import { resolvePath } from '../project/file-paths.ts'
import { pathSchema, tagMap } from './attribute-schemas.ts'
import { ruled, ruledFor } from './rules.ts'
import { settingsIn } from './setting-schemas.ts'

const accountFor = (settings: SettingManifests) =>
  z
    .strictObject({
      id: z
        .string(ruled('accountId'))
        .regex(/^\d{12}$/, ruled('accountId'))
        .meta({ description: 'Twelve digits, in quotes.' }),
      partition: z.enum(PARTITIONS, ruled('partition')).optional().meta({ description: 'Default: `aws`.' }),
      ...settingsIn('account', settings),
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

export const accountName = z.string().regex(/^[\w.-]{1,64}$/, ruled('accountName'))

const pathScope = z.strictObject({ path: pathSchema })
const tagScope = z.strictObject({ tag: tagMap })
const scope = z.union([z.enum(['all', 'declared']), pathScope, tagScope], ruled('scope')).optional()
const untaggedScope = (section: string) =>
  z.union([z.enum(['all', 'declared']), pathScope], ruledFor('untaggedScope', section)).optional()

const pathlessScope = (section: string) =>
  z.union([z.enum(['all', 'declared']), tagScope], ruledFor('pathlessScope', section)).optional()

/** What names one of a kind whose names are made of what most are, or of one that has names of its own: `role/break-glass`. */
function protectedNames(kinds: EntityManifests): RegExp {
  const all = keysOf(kinds)
  const own = all.flatMap((kind) => {
    const { names } = kinds[kind].facts
    return names === undefined ? [] : [`${kind}\\/${names.pattern.source.replace(/^\^|\$$/g, '')}`]
  })
  const plain = all.filter((kind) => kinds[kind].facts.names === undefined)
  return new RegExp(`^(?:${[`(?:${plain.join('|')})\\/[\\w+=,.@-]+`, ...own].join('|')})$`)
}

const guardFor = (kinds: EntityManifests) => {
  const protect = ruledFor('protect', ...keysOf(kinds))
  return z
    .strictObject({
      maxDeletePercent: z
        .number(ruled('percent'))
        .min(0, ruled('percent'))
        .max(100, ruled('percent'))
        .optional()
        .meta({
          description: 'An apply that deletes more than this share of a kind is refused. Default: 30.',
        }),
      minimumExisting: z
        .int(ruled('minimumExisting'))
        .min(0, ruled('minimumExisting'))
        .optional()
        .meta({ description: 'The share counts once at least this many of a kind exist. Default: 10.' }),
      protect: z
        .array(z.string(protect).regex(protectedNames(kinds), protect), protect)
        .optional()
        .meta({ description: 'What is never deleted: `role/break-glass`.' }),
    })
    .meta({ description: 'What an apply refuses to do.' })
}

/** A program would be run by whoever applies what somebody else wrote. */
const secrets = z
  .strictObject({
    to: z
      .string(ruled('secretsTo'))
      .regex(/^(?!exec:)/, ruled('secretsTo'))
      .refine((path) => !['', null].includes(resolvePath('', path)), ruled('secretsTo'))
      .meta({
        description:
          'A folder of this project, relative to this file: a file for each secret, encrypted for the `recipients:` of its user.',
      }),
  })
  .meta({ description: 'Where secrets go that an apply makes, unless `--secrets-to` says it.' })

/** The project file of an IAM folder, for the kinds that its accounts may hold. */
const projectFor = (kinds: EntityManifests, account: ReturnType<typeof accountFor>) =>
  z
    .strictObject({
      version: z.literal(1, ruled('version')),
      accounts: z.record(accountName, account),
      scope: z
        .strictObject(Object.fromEntries(Object.values(kinds).map(scopeOfKind)))
        .optional()
        .meta({
          description:
            'Per kind, what may be deleted when it is no longer declared. Default: `declared`, what the last apply declared.',
        }),
      guard: guardFor(kinds).optional(),
      secrets: secrets.optional(),
    })
    .meta({ description: 'The project file of an IAM folder, `iam-sync.yaml`.' })

const scopeOfKind = ({ facts, attributes }: EntityManifests[EntityKind]) =>
  [
    facts.section,
    !attributes.some(({ name }) => name === 'tags')
      ? untaggedScope(facts.section)
      : facts.isPathless === true
        ? pathlessScope(facts.section)
        : scope,
  ] as const

/** Everything but what is in the accounts, which are read one by one. */
const topOf = (project: ReturnType<typeof projectFor>) => project.extend({ accounts: z.unknown().optional() })

interface ProjectSchemas {
  readonly account: ReturnType<typeof accountFor>
  readonly project: ReturnType<typeof projectFor>
  readonly top: ReturnType<typeof topOf>
}

/** Made once for each list of kinds. */
export function projectSchemas(kinds: ManifestKinds): ProjectSchemas {
  const known = made.get(kinds)
  if (known !== undefined) return known
  const account = accountFor(kinds.settings)
  const project = projectFor(kinds.entities, account)
  const schemas = { account, project, top: topOf(project) }
  made.set(kinds, schemas)
  return schemas
}

const made = new WeakMap<ManifestKinds, ProjectSchemas>()

export type ProjectTopInput = z.infer<ProjectSchemas['top']>
export type ProjectAccountInput = z.infer<ProjectSchemas['account']>
export type ScopeInput =
  | 'all'
  | 'declared'
  | { readonly path: string }
  | { readonly tag: Readonly<Record<string, string>> }
