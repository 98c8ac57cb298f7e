import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { isMadeWithoutTarget } from '../../plan/digest-without-target.ts'
import { flagList, flagSet, flagText, type Invocation } from '../command.ts'

/** What an apply is bound to on the command line. */
export interface NamedReview {
  /** A file that holds plans; null: none. */
  readonly file: string | null
  /** Digests of plans; empty: none is asked for. */
  readonly digests: readonly string[]
}

/** What says how a plan is made, which a saved one says by itself. */
const SAID_BY_PLAN = [
  ['ref', '--ref'],
  ['base', '--base'],
  ['assume', '--assume'],
] as const

/** @throws DiagnosticError `cli.…`, `apply.digest-without-target` */
export function namedReview({ flags, accounts }: Pick<Invocation, 'flags' | 'accounts'>): NamedReview {
  const file = flagText(flags, 'plan')
  const digests = [...new Set(flagList(flags, 'expectDigest'))]
  const doubled =
    file === null
      ? []
      : [
          ...(accounts.length > 0 ? ['--account'] : []),
          ...SAID_BY_PLAN.flatMap(([name, flag]) => (flagText(flags, name) === null ? [] : [flag])),
          ...(flagSet(flags, 'allowBrieflyWider') ? ['--allow-briefly-wider'] : []),
        ]
  const problems = [
    ...doubled.map(saidTwice),
    ...digests.flatMap((digest) => digestProblem('--expect-digest', digest) ?? []),
  ]
  if (problems.length > 0) throw new DiagnosticError(problems)
  return { file, digests }
}

const saidTwice = (flag: string): Diagnostic =>
  errorOf({
    code: 'cli.conflicting-flags',
    message: `\`--plan\` names a plan that was made already, and \`${flag}\` says how to make one`,
    help: `leave \`${flag}\` out, or give it to \`iam-sync plan --out FILE\``,
  })

/** Digests of plans that are agreed to against the guard. @throws DiagnosticError `cli.…`, `apply.digest-without-target` */
export function guardOverrides(flags: Invocation['flags']): ReadonlySet<string> {
  const digests = flagList(flags, 'overrideGuard')
  const problems = digests.flatMap((digest) => digestProblem('--override-guard', digest) ?? [])
  if (problems.length > 0) throw new DiagnosticError(problems)
  return new Set(digests)
}

function digestProblem(flag: string, digest: string): Diagnostic | null {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    return errorOf({
      code: 'cli.invalid-value',
      message: `\`${flag} ${digest}\` is no digest of a plan`,
      help: 'a digest is `sha256:` and 64 hexadecimal digits: `plans[].digest` of `iam-sync plan --json`',
    })
  return isMadeWithoutTarget(digest)
    ? errorOf({
        code: 'apply.digest-without-target',
        message: `the plan \`${digest}\` was made without a target, so nobody can apply it`,
        help: 'review a plan of the target: `iam-sync plan --json`, or `iam-sync plan --out FILE`',
      })
    : null
}
