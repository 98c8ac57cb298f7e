import { declaredState } from '../../checks/declared-state.ts'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { type AccountQuestion, evaluateInAccount } from '../../evaluator/account.ts'
import { type AccountState, parseArn } from '../../model/index.ts'
import { parseIpRange } from '../../policy/condition-values.ts'
import { evaluationJson, evaluationText } from '../../report/evaluation.ts'
import {
  FailedWith,
  type Flags,
  flagList,
  flagSet,
  flagText,
  type Invocation,
  type Outcome,
  type Said,
} from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { type OpenedProject, openProject, type ValidAccount } from '../project.ts'

export async function run(invocation: Invocation): Promise<Outcome | Said> {
  const { folder, accounts, flags, streams } = invocation
  const batch = flagText(flags, 'batch')
  if (batch !== null) {
    const { runBatch } = await import('./evaluate-batch.ts')
    return runBatch(batch, invocation)
  }
  const question = questionOf(flags)
  const now = timeOf(flags)
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref') })
  const account = accountFor(question.principal, opened)
  const state = await stateOf(account, opened, flagText(flags, 'asOf') === 'target')
  const answered = await evaluateInAccount(state, question, { documentOf: opened.facts.document, now })
  if (answered.answer === null) throw new FailedWith(new DiagnosticError(answered.diagnostics), opened.texts)
  const { answer } = answered
  return {
    exitCode: answer.decision === 'allow' ? EXIT.ok : EXIT.denied,
    body: evaluationJson(answer, opened.texts),
    text: evaluationText(answer, opened.texts, { color: streams.outColor }),
    diagnostics: opened.diagnostics,
    texts: opened.texts,
  }
}

/** What the YAML says, or what is applied. */
async function stateOf(
  account: ValidAccount,
  opened: OpenedProject,
  asOfTarget: boolean,
): Promise<AccountState> {
  if (!asOfTarget) return declaredState(account.desired)
  // A database driver is no business of a question about the YAML.
  const { openTargetForReading, using } = await import('../account-target.ts')
  const { observe } = await import('../../reconcile/observe.ts')
  return using(openTargetForReading(account, opened), ({ iam }) => observe(iam, account.account))
}

/** The account of the principal's ARN, or the only one. */
function accountFor(principal: string, { accounts, texts }: OpenedProject): ValidAccount {
  const id = parseArn(principal)?.account ?? ''
  const [first, second] = id === '' ? accounts : accounts.filter(({ account }) => account.id === id)
  if (first !== undefined && second === undefined) return first
  const names = accounts.map(({ name }) => `\`${name}\``).join(', ')
  throw new FailedWith(
    new DiagnosticError(
      first === undefined
        ? errorOf({
            code: 'evaluate.foreign-principal',
            message: `\`${principal}\` belongs to none of the accounts ${names}`,
            help: 'ask for a principal of one of them',
          })
        : errorOf({
            code: 'evaluate.which-account',
            message: `\`${principal}\` can be meant in several accounts`,
            help: `add \`--account NAME\`, one of ${names}, or write an ARN`,
          }),
    ),
    texts,
  )
}

function questionOf(flags: Flags): AccountQuestion {
  const context = new Map<string, readonly string[]>()
  const spellings = new Map<string, string>()
  const give = (key: string, value: string) => {
    // Names of context keys ignore case: the first spelling stands for all.
    const spelled = spellings.get(key.toLowerCase()) ?? key
    spellings.set(key.toLowerCase(), spelled)
    context.set(spelled, [...(context.get(spelled) ?? []), value])
  }
  for (const given of flagList(flags, 'context')) {
    const equals = given.indexOf('=')
    if (equals < 1)
      throw invalid(
        `\`--context ${given}\` is not a key and a value`,
        'write `--context aws:SourceIp=10.0.0.1`',
      )
    give(given.slice(0, equals), given.slice(equals + 1))
  }
  const sourceIp = flagText(flags, 'sourceIp')
  if (sourceIp !== null) {
    // A mistyped address would be outside of every range, and a decision for the wrong reason.
    if (sourceIp.includes('/') || parseIpRange(sourceIp) === null)
      throw invalid(
        `\`--source-ip ${sourceIp}\` is not an address`,
        'write `--source-ip 10.0.0.1`, or an IPv6 address',
      )
    give('aws:SourceIp', sourceIp)
  }
  if (flagSet(flags, 'mfa')) give('aws:MultiFactorAuthPresent', 'true')
  return {
    principal: required(flags, 'principal', 'user/alice'),
    action: required(flags, 'action', 's3:GetObject'),
    resource: flagText(flags, 'resource') ?? '*',
    context,
  }
}

function required(flags: Flags, name: string, example: string): string {
  const value = flagText(flags, name)
  if (value !== null) return value
  throw new DiagnosticError(
    errorOf({
      code: 'cli.missing-flag',
      message: `\`--${name}\` is missing`,
      help: `add it, as in \`--${name} ${example}\``,
    }),
  )
}

function timeOf(flags: Flags): Date {
  const text = flagText(flags, 'at')
  if (text === null) return new Date()
  // `Date` also reads `1` and `May 5`, each machine in its own time zone.
  const time = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/.test(text)
    ? new Date(text)
    : null
  if (time === null || Number.isNaN(time.getTime()))
    throw invalid(`\`--at ${text}\` is not a time`, 'write `2026-12-31T23:59:00Z`, or a date')
  return time
}

const invalid = (message: string, help: string): DiagnosticError =>
  new DiagnosticError(errorOf({ code: 'cli.invalid-value', message, help }))
