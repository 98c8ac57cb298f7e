import { z } from 'zod'
import type { Target, TargetKind, Targets } from '../desired.ts'
import { ruled } from '../schema/rules.ts'

/** What the project file says of a kind of target. */
export interface DeclaredTarget<K extends TargetKind> {
  /** Of `target:` in the project file. */
  readonly schema: z.ZodType
  /** A file of this machine that holds it, relative to the IAM folder; null: it lies elsewhere. */
  stateFile(target: Targets[K]): string | null
}

const local = z
  .strictObject({
    kind: z.literal('local', ruled('targetKind')),
    database: z
      .string(ruled('database'))
      .min(1, ruled('database'))
      .optional()
      .meta({ description: 'The database file, relative to this file. Default: `.iam-sync/ACCOUNT.db`.' }),
    quotas: z
      .record(z.string(), z.int(ruled('quota')).min(0, ruled('quota')))
      .optional()
      .meta({ description: 'Default quotas of AWS that this account has other values of.' }),
  })
  .meta({ description: 'The embedded IAM over a database file.' })

/** Every kind of target, as the project file has it. How each is opened: `target/kinds.ts`. */
export const DECLARED_TARGETS: { readonly [K in TargetKind]: DeclaredTarget<K> } = {
  local: { schema: local, stateFile: ({ database }) => database },
}

/** With a second kind, a union of all by `kind`. */
export const anyTarget = local

export const stateFileOf = (target: Target): string | null => DECLARED_TARGETS[target.kind].stateFile(target)
