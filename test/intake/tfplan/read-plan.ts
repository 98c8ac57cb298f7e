import { SourceTexts } from '../../../src/diagnostics/index.ts'
import type { Intake } from '../../../src/intake/intake.ts'
import { readTfplan } from '../../../src/intake/tfplan/read-tfplan.ts'
import { isUnknown, type StateDocument } from '../../../src/model/index.ts'
import { type Planned, planBytes, planJson } from './plan-json.ts'

export const readBytes = (
  bytes: Uint8Array,
  side: 'before' | null = null,
  account: string | null = '111122223333',
): Intake =>
  readTfplan({
    file: 'plan.json',
    bytes,
    side,
    account: { id: account, partition: null },
    texts: new SourceTexts(),
  })

/** One side of a plan of these resources. */
export const readPlan = (
  resources: readonly Planned[],
  parts: Parameters<typeof planJson>[1] = {},
  side: 'before' | null = null,
): Intake => readBytes(planBytes(planJson(resources, parts)), side)

/** What a document says, in short; of an unknown one why, and what is known of it. */
export function shown(document: StateDocument | null | undefined): unknown {
  if (document == null) return null
  if (!isUnknown(document)) return document.json.Statement
  return { unknown: document.unknown, known: document.known?.json.Statement ?? null }
}

/** What is said of every plan is left out: that it has nothing but what Terraform manages. */
export const findingsOf = ({ findings }: Intake): Intake['findings'] =>
  findings.filter(({ code }) => code !== 'intake.not-held')

export const codesOf = (intake: Intake): readonly string[] => [
  ...new Set(findingsOf(intake).map(({ code }) => code)),
]

/** A document that allows one action on everything. */
export const allowing = (action: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow' as const, Action: action, Resource: '*' }],
})

export const trusting = (service: string) => ({
  Version: '2012-10-17' as const,
  Statement: [{ Effect: 'Allow' as const, Principal: { Service: service }, Action: 'sts:AssumeRole' }],
})

/** A role that is there already, or will be. */
export const roleOf = (name: string, rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_role',
  name,
  before: null,
  after: { name, path: '/', assume_role_policy: JSON.stringify(trusting('ec2.amazonaws.com')) },
  computed: ['arn', 'id', 'unique_id', 'managed_policy_arns', 'inline_policy'],
  ...rest,
})
