import type { Proof } from '../../access/analysis.ts'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { ACTION_PATTERN, RESOURCE_PATTERN } from '../../manifest/schema/manifest-schema.ts'
import { parseArn } from '../../model/index.ts'
import { undecidedReason } from '../../report/decisions/reasons.ts'
import { givenTime, timeContextOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { openAnalysis, requiredAnalysis } from './access-analysis.ts'
import { accessContextOf } from './access-changes.ts'
import { openAsked } from './asked-estate.ts'
import { refuseOtherPartitions } from './asked-names.ts'

interface PatternQuestion {
  readonly action: string
  readonly resource: string
  readonly context: ReadonlyMap<string, readonly string[]>
}

/** Who may do anything of a form. There is no single request to decide, so it is proved who may and who may not. */
export async function whoCanPattern(
  { action, resource, context }: PatternQuestion,
  invocation: Invocation,
): Promise<CommandOutcome> {
  const { accounts, flags } = invocation
  refuseSingle(action, resource, flags)
  const opened = await openAsked(invocation)
  const { texts, facts } = opened
  refuseOtherPartitions(flags, [resource], opened)
  try {
    const estate = await opened.estate('all')
    const analysis = await requiredAnalysis(
      { documentOf: facts.document, now: givenTime(flags) },
      openAnalysis,
    )
    const time = timeContextOf(flags, context)
    const found = withoutUnasked(
      await analysis.whoMay(estate, {
        actions: [action],
        resources: [resource],
        context: new Map([...time, ...context]),
      }),
      time,
    )
    const selected = new Set(opened.accounts.map(({ account }) => account.id))
    const proof = accounts.length === 0 ? found : ofAccounts(found, selected)
    const known = new Set(estate.accounts.map(({ account }) => account.id))
    const shown = await accessContextOf(estate.accounts)
    const undecided = undecidedReason(
      proof.unknown.filter(({ reason }) => reason !== 'document'),
      texts,
    )
    return {
      // Who could not be decided may or may not. What nobody can read is an input's matter, and said of each whom it concerns.
      exitCode: undecided === null ? EXIT.ok : EXIT.error,
      ...(undecided === null ? {} : { why: [undecided] }),
      result: {
        type: 'who-can of a pattern',
        pattern: { action, resource },
        proof,
        outside: outsideOf(proof, known),
        context: shown,
      },
      diagnostics: opened.diagnostics,
      texts,
    }
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, texts)
  }
}

/** @throws DiagnosticError when it is no pattern, or something is given that belongs to one resource */
function refuseSingle(action: string, resource: string, flags: Invocation['flags']): void {
  for (const [flag, name] of [
    ['resourcePolicy', '--resource-policy'],
    ['resourceAccount', '--resource-account'],
  ] as const)
    if (flagText(flags, flag) !== null)
      throw refusal(
        `\`${name}\` is about one resource, and \`${/[*?]/.test(action) ? action : resource}\` is a pattern`,
        'name one action and one ARN, or declare the resource in a manifest (`resources:`)',
      )
  if (!ACTION_PATTERN.test(action))
    throw refusal(`\`${action}\` is not an action`, 'write `iam:PassRole`, `s3:Delete*` or `*`')
  if (!RESOURCE_PATTERN.test(resource))
    throw refusal(
      `\`${resource}\` is not a resource`,
      'write an ARN, with `*` and `?`: `arn:aws:s3:::data/*`; or `*`, any resource',
    )
}

const refusal = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'evaluate.pattern', message, help }))

/** Who is of accounts that aren't known, by how entries call them. */
const outsideOf = ({ violations }: Proof, known: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    violations
      .flatMap(({ principals }) => principals)
      .filter((label) => {
        const account = label.startsWith('account:')
          ? label.slice('account:'.length)
          : parseArn(label)?.account
        return account !== undefined && !known.has(account)
      }),
  )

/** The time of all requests is shown where a condition asks for it. */
function withoutUnasked(proof: Proof, time: PatternQuestion['context']): Proof {
  if (time.size === 0) return proof
  const violations = proof.violations.map((entry) => {
    const asked = JSON.stringify(entry.conditions).toLowerCase()
    const context = [...entry.witness.context].filter(
      ([key]) => !time.has(key) || asked.includes(`"${key.toLowerCase()}"`),
    )
    return { ...entry, witness: { ...entry.witness, context: new Map(context) } }
  })
  return { ...proof, violations }
}

/** Only of principals of some accounts. */
function ofAccounts({ holds, violations, unknown }: Proof, accounts: ReadonlySet<string>): Proof {
  const of = <T extends { readonly principals: readonly string[] }>(all: readonly T[]): readonly T[] =>
    all.flatMap((each) => {
      const principals = each.principals.filter((arn) => accounts.has(parseArn(arn)?.account ?? ''))
      return principals.length === 0 ? [] : [{ ...each, principals }]
    })
  return { holds, violations: of(violations), unknown: of(unknown) }
}
