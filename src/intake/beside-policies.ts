import { warningOf } from '../diagnostics/index.ts'
import { isUnknown, type ResourceFacts, type StateDocument, type UnknownDocument } from '../model/index.ts'
import type { Intake, Source } from './intake.ts'

/** What lets in others to a resource and is no policy: an ACL, a grant of a key. Whom, and to what, nothing here decides by. */
export interface BesidePolicy {
  readonly arn: string
  /** The id of the account that owns the resource. */
  readonly account: string
  /** In words: an ACL (`public-read`). */
  readonly what: string
  readonly source: Source
  /** Of `not-all`: its text tells two of them apart. */
  readonly document: UnknownDocument
}

/** The same input, in which of such resources no policy says everything. */
export function withBeside(intake: Intake, beside: readonly BesidePolicy[]): Intake {
  if (beside.length === 0) return intake
  const resources = new Map(intake.estate.resources)
  const sources = new Map(intake.sources)
  const byArn = new Map<string, BesidePolicy[]>()
  for (const each of beside) if (byArn.get(each.arn)?.push(each) === undefined) byArn.set(each.arn, [each])
  for (const [arn, all] of byArn) {
    const [first] = all
    if (first === undefined) continue
    const facts: ResourceFacts = resources.get(arn) ?? {
      arn,
      account: first.account,
      policy: null,
      tags: new Map(),
    }
    const text = JSON.stringify(all.map(({ document }) => document.text).toSorted())
    resources.set(arn, { ...facts, policy: besides(facts.policy, { ...first.document, text }) })
    if (!sources.has(arn)) sources.set(arn, first.source)
  }
  const findings = [...byArn].map(([arn, all]) =>
    warningOf({
      code: 'intake.beside-policy',
      message: `\`${arn}\` lets in others beside its policy: ${listed(all)}`,
      help: 'who gets at it is taken to be unknown, and no gate passes on it',
    }),
  )
  return {
    ...intake,
    estate: { ...intake.estate, resources },
    sources,
    findings: [...intake.findings, ...findings],
  }
}

/** A policy beside which something else lets in others. @param beside of `not-all` */
export function besides(policy: StateDocument | null, beside: UnknownDocument): UnknownDocument {
  const known = policy === null ? undefined : isUnknown(policy) ? policy.known : policy
  const text = policy === null ? '' : isUnknown(policy) ? policy.text : JSON.stringify(policy.json)
  return {
    unknown: 'not-all',
    text: `${beside.text} ${text}`,
    place: beside.place,
    ...(known === undefined ? {} : { known }),
  }
}

const MOST_LISTED = 5

const listed = (all: readonly BesidePolicy[]): string =>
  all
    .slice(0, MOST_LISTED)
    .map(({ what, source }) => `${what} of \`${source.address}\``)
    .join(', ') + (all.length > MOST_LISTED ? ` and ${all.length - MOST_LISTED} more` : '')
