import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Diagnostic, DiagnosticError, errorOf } from '../diagnostics/index.ts'
import { digestOn } from './digest.ts'
import type { Plan } from './plan.ts'

/** Plans as a file holds them, to be applied later: what was reviewed, and how it is found again. */
export interface SavedPlans {
  readonly made: HowMade
  readonly plans: readonly SavedPlan[]
}

/** All that a plan was made of besides the YAML and the target. */
interface HowMade {
  /** Of the IAM folder's repository; null: there is none. */
  readonly commit: string | null
  readonly dirty: boolean | null
  /** The commit that the YAML was read from; null: the working tree. */
  readonly ref: string | null
  /** The commit whose declarations may be deleted; null: none was named. */
  readonly base: string | null
  readonly allowBrieflyWider: boolean
  readonly assume: 'strict' | null
}

/** One account's plan, without what only a report needs. */
export interface SavedPlan extends Pick<Plan, 'basis' | 'digest'> {
  readonly account: { readonly id: string; readonly name: string; readonly partition: string }
  readonly changes: readonly SavedChange[]
  readonly steps: readonly SavedStep[]
}

type SavedChange = Omit<Plan['changes'][number], 'span' | 'brieflyWider'>

interface SavedStep {
  readonly operation: string
  /** In place of secrets it has where they come from. */
  readonly input: object
  readonly needs: readonly number[]
}

const VERSION = '1.0'
const TYPE = 'iam-sync plan'

/** How every saved plan begins, so that nothing else is taken for one and written over. */
export const SAVED_PLAN_START = `{"type":${JSON.stringify(TYPE)},`

/** @returns the text of the file: one line of JSON, the seal before what it covers */
export function savedPlansText({ made, plans }: SavedPlans): string {
  const body = {
    made,
    plans: plans.map(({ account, basis, digest, changes, steps }) => ({
      account: { id: account.id, name: account.name, partition: account.partition },
      digest,
      basis,
      changes: changes.map(({ action, kind, name, arn, details, steps: numbers }) => ({
        action,
        kind,
        name,
        arn,
        details,
        steps: numbers,
      })),
      steps: steps.map(({ operation, input, needs }) => ({ operation, input, needs })),
    })),
  }
  return `${JSON.stringify({ type: TYPE, formatVersion: VERSION, seal: sealOf(VERSION, body), ...body })}\n`
}

const sealOf = (version: string, body: object): string =>
  `sha256:${createHash('sha256')
    .update(JSON.stringify([TYPE, version, body]))
    .digest('hex')}`

const numbers = z.array(z.int().min(0))
const body = z.strictObject({
  made: z.strictObject({
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
    ref: z.string().nullable(),
    base: z.string().nullable(),
    allowBrieflyWider: z.boolean(),
    assume: z.literal('strict').nullable(),
  }),
  plans: z.array(
    z.strictObject({
      account: z.strictObject({ id: z.string(), name: z.string(), partition: z.string() }),
      digest: z.string(),
      basis: z.string(),
      changes: z.array(
        z.strictObject({
          action: z.enum(['create', 'update', 'delete', 'replace']),
          kind: z.string(),
          name: z.string(),
          arn: z.string().nullable(),
          details: z.array(z.unknown()),
          steps: numbers,
        }),
      ),
      steps: z.array(
        z.strictObject({ operation: z.string(), input: z.record(z.string(), z.unknown()), needs: numbers }),
      ),
    }),
  ),
})

/**
 * Reads what `savedPlansText` wrote.
 * @param file as it was named, for what is said of it
 * @param kinds all that changes may be about
 * @throws DiagnosticError `saved-plan.…`: it is none, of another version, or not as it was written
 */
export function readSavedPlans(text: string, file: string, kinds: readonly string[]): SavedPlans {
  const whole = jsonIn(text)
  if (whole === null || whole.type !== TYPE)
    throw refusal(
      text.startsWith(SAVED_PLAN_START)
        ? {
            code: 'saved-plan.cut',
            message: `\`${file}\` is a saved plan that was cut, or changed`,
            help: 'save it again: `iam-sync plan --out FILE`',
          }
        : {
            code: 'saved-plan.unknown',
            message: `\`${file}\` is no saved plan`,
            help: 'name a file that `iam-sync plan --out FILE` wrote',
          },
    )
  const { type: _, formatVersion, seal, ...rest } = whole
  if (formatVersion !== VERSION)
    throw refusal({
      code: 'saved-plan.version',
      message: `\`${file}\` is a saved plan of version \`${String(formatVersion)}\`, and this is iam-sync for version \`${VERSION}\``,
      help: 'save and apply a plan with the same version of iam-sync',
    })
  const parsed = body.safeParse(rest)
  const isWhole =
    parsed.success &&
    parsed.data.plans.every(({ changes }) => changes.every(({ kind }) => kinds.includes(kind)))
  if (seal !== sealOf(VERSION, rest) || !isWhole)
    throw refusal({
      code: 'saved-plan.seal',
      message: `\`${file}\` is not as it was saved: its seal doesn't fit what it holds`,
      help: 'save it again, and review that: `iam-sync plan --out FILE`',
    })
  // As the file has them: zod would leave out keys such as `__proto__`.
  const { plans } = rest as unknown as SavedPlans
  const other = plans.filter(({ basis, digest, ...plan }) => digestOn(basis, plan) !== digest)
  if (other.length > 0)
    throw new DiagnosticError(
      other.map(({ account, digest }) =>
        errorOf({
          code: 'saved-plan.digest',
          message: `\`${file}\` is not as it was saved: what it shows for \`${account.name}\` is not what \`${digest}\` was given to`,
          help: 'save it again, and review that: `iam-sync plan --out FILE`',
        }),
      ),
    )
  // What is not looked at here, details and inputs, is only ever compared.
  return parsed.data as SavedPlans
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

const refusal = (told: Pick<Diagnostic, 'code' | 'message'> & { readonly help: string }): DiagnosticError =>
  new DiagnosticError(errorOf(told))
