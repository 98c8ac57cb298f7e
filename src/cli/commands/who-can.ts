import { DiagnosticError, errorOf, hasErrors } from '../../diagnostics/index.ts'
import type { Request } from '../../evaluator/decision.ts'
import { createEvaluator } from '../../evaluator/estate/evaluator.ts'
import { requestHelp, requestProblem } from '../../evaluator/module/request-facts.ts'
import { parseArn } from '../../model/index.ts'
import { givenContext, givenResourceAccount, givenTime, timeContextOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { onlyAccount } from '../output/text-options.ts'
import { openAsked } from '../questions/asked-estate.ts'
import { refuseOtherPartitions, refuseUnknownNames } from '../questions/asked-names.ts'
import { decisionFacts } from '../questions/decision-facts.ts'
import { readPolicyFile } from '../questions/policy-file.ts'
import { whoCanPattern } from '../questions/who-can-pattern.ts'

export async function run(invocation: Invocation): Promise<CommandOutcome> {
  const { accounts, flags } = invocation
  const resourceAccount = givenResourceAccount(flags)
  const policyFile = flagText(flags, 'resourcePolicy')
  const request = {
    action: flagText(flags, 'action') ?? '',
    resource: flagText(flags, 'resource') ?? '',
    context: givenContext(flags),
    ...(resourceAccount === null ? {} : { resourceAccount }),
  }
  const { action, resource, context } = request
  await refuseUnknownNames(
    flags,
    { actions: [action], resources: [resource], context },
    { context: '--context' },
  )
  if (isPattern(request)) return whoCanPattern(request, invocation)
  refuseNoRequest({ principal: '*', ...request })
  const now = givenTime(flags)
  const opened = await openAsked(invocation)
  const { texts } = opened
  refuseOtherPartitions(flags, [resource], opened)
  const estate = await opened.estate('all')
  const evaluator = await createEvaluator(estate, {
    ...decisionFacts(opened, now),
    openCarriedKeys: async () => (await import('../../catalog/carried-keys.ts')).loadCarriedKeys(),
  })
  const { grants, diagnostics } = evaluator.whoCan({
    ...request,
    context: new Map([...timeContextOf(flags, context), ...context]),
    ...(policyFile === null
      ? {}
      : { resourcePolicy: readPolicyFile('--resource-policy', policyFile, texts) }),
  })
  if (hasErrors(diagnostics) && grants.length === 0)
    throw new FailedWith(new DiagnosticError(diagnostics), texts)
  const selected = new Set(opened.accounts.map(({ account }) => account.id))
  const isMeant = (principal: string) =>
    accounts.length === 0 || selected.has(parseArn(principal)?.account ?? '')
  const shown = grants.filter(({ principal }) => isMeant(principal))
  return {
    // What nobody can read is said of each whom it concerns; only what concerns everybody leaves no list.
    exitCode: hasErrors(diagnostics) ? EXIT.error : EXIT.ok,
    result: { type: 'who-can', request, grants: shown, account: onlyAccount(estate) },
    diagnostics: [...opened.diagnostics, ...diagnostics],
    texts,
  }
}

/** Before anything is opened. @throws DiagnosticError `evaluate.invalid-request` */
function refuseNoRequest(request: Request): void {
  const message = requestProblem(request)
  if (message === null) return
  const help = requestHelp(request)
  throw new DiagnosticError(errorOf({ code: 'evaluate.invalid-request', message, help }))
}

/** `*` alone is a resource that requests have: of what is about no single one. */
const isPattern = ({ action, resource }: { readonly action: string; readonly resource: string }): boolean =>
  /[*?]/.test(action) || (resource !== '*' && /[*?]/.test(resource))
