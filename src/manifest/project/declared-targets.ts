import { z } from 'zod'
import type { Target, TargetKind, Targets } from '../desired.ts'
import { ruled } from '../schema/rules.ts'
import { isEndpoint } from './endpoint.ts'

/** What the project file says of a kind of target. */
export interface DeclaredTarget<K extends TargetKind> {
  /** Of `target:` in the project file. */
  readonly schema: z.ZodType
  /** A file of this machine that holds it, relative to the IAM folder; null: it lies elsewhere. */
  stateFile(target: Targets[K]): string | null
}

const quotas = z
  .record(z.string(), z.int(ruled('quota')).min(0, ruled('quota')))
  .optional()
  .meta({ description: 'Default quotas of AWS that this account has other values of.' })

const local = z
  .strictObject({
    kind: z.literal('local', ruled('targetKind')),
    database: z
      .string(ruled('database'))
      .min(1, ruled('database'))
      .optional()
      .meta({ description: 'The database file, relative to this file. Default: `.iam-sync/ACCOUNT.db`.' }),
    quotas,
  })
  .meta({ description: 'The embedded IAM over a database file.' })

const aws = z
  .strictObject({
    kind: z.literal('aws', ruled('targetKind')),
    endpoint: z.string(ruled('endpoint')).refine(isEndpoint, ruled('endpoint')).meta({
      description: 'Where it answers: `https://HOST`, or `http://127.0.0.1:PORT` of this machine.',
    }),
    region: z
      .string(ruled('region'))
      .regex(/^[a-z]{2,8}(?:-[a-z]+)+-\d{1,2}$/, ruled('region'))
      .optional()
      .meta({ description: 'What calls are signed for. Default: the region of IAM in the partition.' }),
    quotas,
  })
  .meta({
    description:
      "Whatever answers AWS's client, as `iam-sync serve` does. Credentials come from the environment alone.",
  })

/** Every kind of target, as the project file has it. How each is opened: `target/kinds.ts`. */
export const DECLARED_TARGETS: { readonly [K in TargetKind]: DeclaredTarget<K> } = {
  local: { schema: local, stateFile: ({ database }) => database },
  aws: { schema: aws, stateFile: () => null },
}

export const anyTarget = z.discriminatedUnion('kind', [local, aws], {
  error: ({ code }) => (code === 'invalid_union' ? ruled('targetKind') : undefined),
})

export const stateFileOf = (target: Target): string | null => declaredAs(target).stateFile(target)

const declaredAs = <K extends TargetKind>(target: Targets[K] & { readonly kind: K }): DeclaredTarget<K> =>
  DECLARED_TARGETS[target.kind]
