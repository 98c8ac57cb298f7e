import { type Diagnostic, DiagnosticError, errorOf, infoOf } from '../../diagnostics/index.ts'
import type { Decision } from '../../evaluator/decision.ts'
import type { EstateQuestion } from '../../evaluator/estate/estate-question.ts'
import { createEvaluator, type Evaluator } from '../../evaluator/estate/evaluator.ts'
import type { Hinge } from '../../evaluator/estate/open/hinges.ts'
import { parseArn } from '../../model/index.ts'
import type { Answer } from '../../report/decisions/evaluation.ts'
import { deniedReason } from '../../report/decisions/reasons.ts'
import { givenContext, givenResourceAccount, givenTime } from '../arguments/question-flags.ts'
import { askedState } from '../arguments/state-words.ts'
import {
  type CommandOutcome,
  FailedWith,
  type Flags,
  flagList,
  flagSet,
  flagText,
  type Invocation,
  type Said,
} from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { onlyAccount } from '../output/text-options.ts'
import { type AskedEstate, openAsked } from '../questions/asked-estate.ts'
import { warnOfUnknownNames } from '../questions/asked-names.ts'
import { decisionFacts } from '../questions/decision-facts.ts'
import { readPolicyFile } from '../questions/policy-file.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome | Said> {
  const { flags } = invocation
  const batch = flagText(flags, 'batch')
  if (batch !== null) {
    const { runBatch } = await import('./evaluate-batch.ts')
    return runBatch(batch, invocation)
  }
  if (flagList(flags, 'policies').length > 0)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.conflicting-flags',
        message: '`--policies` goes with `--batch` only',
        help: 'add `--batch FILE`; a single question takes the policies of the project',
      }),
    )
  askedState(flags)
  const asked = questionsOf(flags)
  const now = givenTime(flags)
  const opened = await openAsked(invocation)
  const { texts } = opened
  const account = accountFor(asked[0]?.principal ?? '', opened)
  const policies = policiesOf(flags, opened)
  const questions = asked.map((question) => ({
    ...question,
    ...policies,
    ...(account === null ? {} : { account }),
  }))
  const estate = await opened.estate(accountsIn(questions, opened))
  const evaluator = await createEvaluator(estate, decisionFacts(opened, now))
  const answer = answerTo(questions, evaluator, flagSet(flags, 'explain'), opened)
  const [first] = asked
  const mistyped = await warnOfUnknownNames(
    {
      actions: first === undefined ? [] : [first.action],
      principals: first === undefined ? [] : [first.principal],
      resources: asked.map(({ resource }) => resource),
      ...(first === undefined ? {} : { context: first.context }),
    },
    { actions: '--action', principals: '--principal', resources: '--resource', context: '--context' },
    opened,
  )
  const notes = [...mistyped, ...noteDiagnostics(answer), ...hingeDiagnostics(answer.hinges)]
  return {
    exitCode: answer.decision === 'allow' ? EXIT.ok : EXIT.denied,
    why: answer.decision === 'allow' ? [] : [deniedReason(answer, texts)],
    result: { type: 'evaluate', answer, account: onlyAccount(estate) },
    diagnostics: [...opened.diagnostics, ...notes],
    texts,
    shown: new Set(noteDiagnostics(answer)),
  }
}

/** The first of several resources on which it isn't allowed, else the last. @throws FailedWith when one can't be decided */
function answerTo(
  questions: readonly EstateQuestion[],
  evaluator: Evaluator,
  withExplanation: boolean,
  { texts }: AskedEstate,
): HangingAnswer {
  let last: HangingAnswer | null = null
  for (const question of questions) {
    const answered = withExplanation ? evaluator.explain(question) : evaluator.evaluate(question)
    if (answered.answer === null) throw new FailedWith(new DiagnosticError(answered.diagnostics), texts)
    last = { ...answered.answer, hinges: evaluator.hinges(question, answered.answer) }
    if (last.decision !== 'allow') return last
  }
  if (last === null) throw new Error('no resource was asked about')
  return last
}

/** An answer, with what it hung on besides. */
interface HangingAnswer extends Answer {
  readonly hinges: readonly Hinge[]
}

const hingeDiagnostics = (hinges: readonly Hinge[]): readonly Diagnostic[] =>
  hinges.map((hinge) => {
    const would = WOULD_BE[hinge.decision]
    return hinge.type === 'key'
      ? infoOf({
          code: 'evaluate.key-not-given',
          message: `the answer hangs on \`${hinge.key}\`, which was not given: with ${hinge.value === null ? 'another value' : `\`${hinge.value}\``} it would be ${would}`,
          help: `add \`--context ${hinge.key}=VALUE\``,
        })
      : infoOf({
          code: 'evaluate.assumed-rule',
          message: `the answer hangs on rule ${hinge.doubt.rule}, which AWS's documentation leaves open (${hinge.doubt.about}): read the other way it would be ${would}`,
          help: 'write the policy so that both readings agree; docs/semantics.md lists what is left open',
        })
  })

const WOULD_BE: Readonly<Record<Decision, string>> = {
  allow: 'allowed',
  explicit_deny: 'denied by a statement',
  implicit_deny: 'denied, since nothing allows it',
}

const noteDiagnostics = ({ note }: Answer): readonly Diagnostic[] => (note === null ? [] : [infoOf(note)])

/** The id of the account that a name is meant in; null: the principal says it itself, or has none. */
function accountFor(principal: string, { accounts, all, texts }: AskedEstate): string | null {
  if (!/^(?:root$|(?:user|role|group|federated-user)\/)/.test(principal)) return null
  const [first, second] = accounts
  if (first !== undefined && second === undefined) return first.account.id
  const names = all.map(({ name }) => `\`${name}\``).join(', ')
  throw new FailedWith(
    new DiagnosticError(
      errorOf({
        code: 'evaluate.which-account',
        message: `\`${principal}\` can be meant in several accounts`,
        help: `add \`--account NAME\`, one of ${names}, or write an ARN`,
      }),
    ),
    texts,
  )
}

/** The ids of all accounts that a question can be about. */
function accountsIn(
  questions: readonly EstateQuestion[],
  { all, resources }: AskedEstate,
): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const { principal, resource, resourceAccount, account, parent } of questions) {
    for (const text of [principal, resource, parent ?? '']) ids.add(parseArn(text)?.account ?? '')
    ids.add(resourceAccount ?? '').add(account ?? '')
    const owners = [...resources.values()].flatMap(({ arn, account: owner }) =>
      resource.startsWith(arn) ? [owner] : [],
    )
    for (const owner of owners) ids.add(owner)
    // Nobody says whose it is: any of them may own it.
    if (parseArn(resource)?.account === '' && owners.length === 0 && resourceAccount === undefined)
      for (const each of all) ids.add(each.account.id)
  }
  return ids
}

/** What the flags ask: one question for each resource. */
function questionsOf(flags: Flags): readonly EstateQuestion[] {
  const resourceAccount = givenResourceAccount(flags)
  const parent = flagText(flags, 'parent')
  const resources = flagList(flags, 'resource')
  const common = {
    principal: required(flags, 'principal', 'user/alice'),
    action: required(flags, 'action', 's3:GetObject'),
    context: givenContext(flags),
    ...(resourceAccount === null ? {} : { resourceAccount }),
    ...(parent === null ? {} : { parent }),
  }
  return (resources.length === 0 ? ['*'] : resources).map((resource) => ({ ...common, resource }))
}

function policiesOf(
  flags: Flags,
  { texts }: AskedEstate,
): Pick<EstateQuestion, 'sessionPolicies' | 'resourcePolicy' | 'endpoint'> {
  const session = flagList(flags, 'sessionPolicy')
  const resource = flagText(flags, 'resourcePolicy')
  const endpoint = flagList(flags, 'endpointPolicy')
  return {
    ...(session.length === 0
      ? {}
      : { sessionPolicies: session.map((path) => readPolicyFile('--session-policy', path, texts)) }),
    ...(resource === null ? {} : { resourcePolicy: readPolicyFile('--resource-policy', resource, texts) }),
    ...(endpoint.length === 0
      ? {}
      : {
          endpoint: {
            type: flagText(flags, 'endpointType') === 'gateway' ? 'gateway' : 'interface',
            policies: endpoint.map((path) => readPolicyFile('--endpoint-policy', path, texts)),
          },
        }),
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
