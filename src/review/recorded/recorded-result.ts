import { z } from 'zod'

/*
 * What `plan --json` and `access diff --json` print, as far as a comment is made of it. It may come from somebody who would like
 * to write to a pull request what isn't so: everything is checked to be of its type, and is nothing but text from then on.
 */

const Place = z.object({ file: z.string(), line: z.number().int().positive().nullable() })
const Names = z.array(z.string())

const Entry = z.object({
  principals: Names,
  actions: Names,
  resources: Names,
  notResources: Names,
  tier: z.enum(['typed', 'pattern', 'future']),
  source: Place.nullish(),
  policy: z.string().nullish(),
  levels: z.partialRecord(z.enum(['permissions', 'write', 'tagging', 'read', 'list']), z.number()),
})

const Escalation = Entry.extend({
  rule: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  target: z.string().nullable(),
  why: z.string().nullish(),
})

const Unknown = z.object({
  principals: Names,
  direction: z.enum(['gained', 'lost']),
  reason: z.string(),
  source: Place.nullish(),
  policy: z.string().nullish(),
})

const Access = z.object({
  verdict: z.enum(['none', 'gained', 'lost', 'both', 'unknown']),
  gained: z.array(Entry),
  lost: z.array(Entry),
  unknown: z.array(Unknown),
  escalations: z.array(Escalation),
  unknownEscalations: z.array(Unknown).optional(),
})

/** These stand at the top of a comment, where there is no room for more. */
const Short = z.string().max(200)

const AccountOfResult = z.object({ id: Short, name: Short })

const Change = z.object({
  action: z.enum(['create', 'update', 'delete', 'replace']),
  kind: z.string(),
  name: z.string(),
  arn: z.string().nullable(),
  parent: z.string().nullish(),
  details: z
    .array(
      z.object({
        path: z.string(),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
        added: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  source: Place.nullable(),
})

const PlanOfAccount = z.object({
  account: AccountOfResult,
  digest: Short,
  against: z.object({ ref: Short, commit: Short }).nullish(),
  changes: z.array(Change),
  access: Access.optional(),
})

const Diagnostics = z.array(
  z.object({
    severity: z.enum(['error', 'warning', 'info']),
    code: z.string(),
    message: z.string(),
    file: z.string().nullable(),
    start: z.object({ line: z.number().int().positive() }).nullable(),
  }),
)

const Weakened = z.object({
  kind: z.enum(['invariant', 'test', 'guard', 'scope']),
  name: z.string(),
  change: z.enum(['removed', 'changed']),
  accounts: z.array(AccountOfResult),
  source: Place.nullable(),
})

const version = z.string().regex(/^1\.\d+$/)

const PlanDocument = z.object({
  formatVersion: version,
  plans: z.array(PlanOfAccount),
  weakened: z.array(Weakened).optional(),
  diagnostics: Diagnostics,
})

const DiffDocument = z.object({
  formatVersion: version,
  accounts: z.array(z.object({ account: AccountOfResult.nullable(), access: Access })),
  diagnostics: Diagnostics,
})

export type RecordedPlan = z.infer<typeof PlanOfAccount>
export type RecordedAccess = z.infer<typeof Access>
export type RecordedEntry = z.infer<typeof Entry>
export type RecordedWeakened = z.infer<typeof Weakened>
export type RecordedDiagnostic = z.infer<typeof Diagnostics>[number]

/** One account's part of a result. */
export interface RecordedPart {
  readonly account: z.infer<typeof AccountOfResult> | null
  /** null: states were compared, and nothing is to be applied. */
  readonly plan: RecordedPlan | null
  /** null: it isn't known. */
  readonly access: RecordedAccess | null
}

export interface RecordedResult {
  readonly parts: readonly RecordedPart[]
  /** What no longer protects, as far as that was looked at. */
  readonly weakened: readonly RecordedWeakened[]
  readonly diagnostics: readonly RecordedDiagnostic[]
}

/** @returns why it is no such result, in words, if it isn't */
export function recordedResult(json: unknown): RecordedResult | { readonly why: string } {
  if (typeof json !== 'object' || json === null) return { why: 'it is no object' }
  if ('plans' in json) {
    const read = PlanDocument.safeParse(json)
    if (!read.success) return { why: whyNot(read.error) }
    const { plans, weakened = [], diagnostics } = read.data
    return {
      parts: plans.map((plan) => ({ account: plan.account, plan, access: plan.access ?? null })),
      weakened,
      diagnostics,
    }
  }
  if ('accounts' in json) {
    const read = DiffDocument.safeParse(json)
    if (!read.success) return { why: whyNot(read.error) }
    const { accounts, diagnostics } = read.data
    return {
      parts: accounts.map(({ account, access }) => ({ account, plan: null, access })),
      weakened: [],
      diagnostics,
    }
  }
  return { why: 'it has neither `plans` nor `accounts`' }
}

/** The place alone: what stands there is somebody else's text. */
const whyNot = ({ issues: [issue] }: z.ZodError): string =>
  `${issue === undefined || issue.path.length === 0 ? 'it' : `\`${issue.path.map(String).join('.')}\``} is not what such a result has there`
