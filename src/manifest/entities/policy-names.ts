import { jobFunctionTitles, policyOfJobFunction } from '../../catalog/job-functions.ts'
import { type Diagnostic, errorOf, type Span, warningOf } from '../../diagnostics/index.ts'
import {
  type Account,
  type EntityKind,
  entityArn,
  isAwsManagedPolicyArn,
  POLICY,
  parseEntityArn,
} from '../../model/index.ts'
import { type EntityFacts, oneOf } from '../../model/kind-facts.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { Suggestions } from '../hints/suggestions.ts'

/** What is asked of the catalogue of AWS's own policies; `ManagedPolicyFacts` has it. */
export interface AwsPolicyNames {
  arnOf(name: string, partition: Account['partition']): string | null
  names(): Iterable<string>
  has(arn: string): boolean
}

/** What names stand for in one account. */
export interface NamesInScope {
  readonly account: Account
  /** ARNs of what the account's manifests declare. */
  readonly arns: Readonly<Record<EntityKind, ReadonlyMap<string, string>>>
  readonly aws: AwsPolicyNames
  /** false: some files couldn't be read, so that names may be declared there. */
  readonly isComplete: boolean
  /** false: the account's id or partition may be wrong, so that ARNs can't be held against them. */
  readonly isAccountKnown: boolean
  readonly suggestions: Suggestions
  /** Whether they are about another state than what is declared, whose names are among these. */
  readonly isOfAnotherState?: true
}

export type Report = (diagnostic: Diagnostic) => void

/** The ARN that an entry of `managedPolicies`, or a `permissionsBoundary`, stands for; null: an error, reported. */
export function policyArnOf(text: string, span: Span, names: NamesInScope, report: Report): string | null {
  if (text.startsWith('arn:')) return checkedPolicyArn(text, span, names, report)
  const own = names.arns.policy.get(text)
  const aws = names.aws.arnOf(text, names.account.partition)
  if (own !== undefined && aws !== null) {
    report(
      errorOf({
        code: 'manifest.ambiguous-policy',
        message: `\`${shorten(text)}\` is a policy of this project and one of AWS`,
        help: `write the ARN: \`${own}\` or \`${aws}\``,
        span,
      }),
    )
    return null
  }
  if (own !== undefined) return own
  const found = aws ?? ofJobFunction(text, names)
  if (found !== null) return found
  if (names.isComplete)
    report(
      errorOf({
        code: 'manifest.unknown-policy',
        message: `no policy is called \`${shorten(text)}\`, neither in this project nor among those of AWS`,
        help: names.suggestions.help(
          'policy',
          lastSegment(text),
          () => namesOf(names),
          'declare it under `policies`, or write the ARN of one that exists in the account',
          text,
        ),
        span,
      }),
    )
  return null
}

/** By a title of AWS, where nothing has that name. */
function ofJobFunction(text: string, { aws, account }: NamesInScope): string | null {
  const name = policyOfJobFunction(text)
  return name === null ? null : aws.arnOf(name, account.partition)
}

/** A name without the path, or the `policy/`, that it was written with. */
const lastSegment = (text: string): string => text.slice(text.lastIndexOf('/') + 1)

function* namesOf(names: NamesInScope): Iterable<string> {
  yield* names.arns.policy.keys()
  yield* names.aws.names()
  yield* jobFunctionTitles()
}

function checkedPolicyArn(text: string, span: Span, names: NamesInScope, report: Report): string | null {
  const arn = parseEntityArn(text)
  if (arn === null || arn.kind !== 'policy') {
    report(
      errorOf({
        code: 'manifest.bad-policy-arn',
        message: `\`${shorten(text)}\` is not the ARN of a managed policy`,
        help: `such an ARN is \`${entityArn(names.account, POLICY, '/', 'NAME')}\``,
        span,
      }),
    )
    return null
  }
  if (!isOfPartition(arn, text, span, names, report)) return null
  if (isAwsManagedPolicyArn(text)) {
    if (!names.aws.has(text)) report(unknownAwsPolicy(text, arn.name, span, names))
    return text
  }
  if (!names.isAccountKnown) return text
  if (arn.account !== names.account.id) {
    report(
      errorOf({
        code: 'manifest.foreign-policy',
        message: `the policy \`${shorten(text)}\` is of another account`,
        help: `policies of account \`${names.account.id}\` and of AWS can be attached; use a role to cross accounts`,
        span,
      }),
    )
    return null
  }
  return isDeclaredElsewhere('policy', text, arn.name, span, names, report) ? null : text
}

const unknownAwsPolicy = (text: string, name: string, span: Span, names: NamesInScope): Diagnostic => {
  const known = names.aws.arnOf(name, names.account.partition)
  return warningOf({
    code: 'manifest.unknown-aws-policy',
    message: `the catalogue has no policy \`${shorten(text)}\` of AWS`,
    help:
      known === null
        ? names.suggestions.help(
            'policy of AWS',
            name,
            () => names.aws.names(),
            'check the name; the policy may be newer than this version of iam-sync',
          )
        : `did you mean \`${known}\`?`,
    span,
  })
}

function isOfPartition(
  arn: { readonly partition: string },
  text: string,
  span: Span,
  names: NamesInScope,
  report: Report,
): boolean {
  if (arn.partition === names.account.partition || !names.isAccountKnown) return true
  report(
    errorOf({
      code: 'manifest.other-partition',
      message: `\`${shorten(text)}\` is of the partition \`${arn.partition}\`, the account of \`${names.account.partition}\``,
      help: `write \`${text.replace(/^arn:[^:]*:/, `arn:${names.account.partition}:`)}\``,
      span,
    }),
  )
  return false
}

/** An ARN with the name of a declared entity and another path names nothing: names are unique in an account. */
function isDeclaredElsewhere(
  kind: EntityKind,
  text: string,
  name: string,
  span: Span,
  names: NamesInScope,
  report: Report,
): boolean {
  const declared = names.arns[kind].get(name)
  if (declared === undefined || declared === text || !names.isAccountKnown) return false
  report(
    errorOf({
      code: 'manifest.other-path',
      message: `the ${kind} \`${shorten(name)}\` is declared with another path`,
      help: `write \`${name}\`, or \`${declared}\``,
      span,
    }),
  )
  return true
}

type NameOf = (text: string, span: Span, names: NamesInScope, report: Report) => string | null

/**
 * Reads entries that stand for entities of one kind by name: declared ones, or by their ARNs such as are managed elsewhere.
 * What it returns answers null for an error, which it has reported.
 */
export const nameReader =
  (
    kind: EntityKind,
    facts: EntityFacts,
    codes: { readonly unknown: string; readonly badArn: string },
  ): NameOf =>
  (text, span, names, report) => {
    const { label, section } = facts
    const declared = names.arns[kind]
    if (!text.startsWith('arn:')) {
      if (declared.has(text)) return text
      if (names.isComplete)
        report(
          errorOf({
            code: codes.unknown,
            message: `no ${label} \`${shorten(text)}\` is declared`,
            help: names.suggestions.help(
              label,
              lastSegment(text),
              () => declared.keys(),
              `declare it under \`${section}\`, or write \`${entityArn(names.account, facts, '/', shorten(lastSegment(text)))}\` if it is managed elsewhere`,
              text,
            ),
            span,
          }),
        )
      return null
    }
    const arn = parseEntityArn(text)
    if (arn === null || arn.kind !== kind || (names.isAccountKnown && arn.account !== names.account.id)) {
      report(
        errorOf({
          code: codes.badArn,
          message: `\`${shorten(text)}\` is not the ARN of ${oneOf(facts)} of this account`,
          help: `such an ARN is \`${entityArn(names.account, facts, '/', 'NAME')}\``,
          span,
        }),
      )
      return null
    }
    if (!isOfPartition(arn, text, span, names, report)) return null
    return isDeclaredElsewhere(kind, text, arn.name, span, names, report) ? null : arn.name
  }
