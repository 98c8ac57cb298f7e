import { DiagnosticError, hasErrors } from '../../diagnostics/index.ts'
import { createEvaluator } from '../../evaluator/estate/evaluator.ts'
import { parseArn } from '../../model/index.ts'
import { refuseUnknownNames } from '../asked-names.ts'
import { FailedWith, flagText, type Invocation, type Outcome } from '../command.ts'
import { decisionFacts } from '../decision-facts.ts'
import { estateOf } from '../estate-of.ts'
import { EXIT } from '../exit-code.ts'
import { readPolicyFile } from '../policy-file.ts'
import { openProject } from '../project.ts'
import { contextOf, resourceAccountOf, timeContextOf, timeOf } from '../question-flags.ts'
import { onlyAccount } from '../text-options.ts'
import { whoCanPattern } from '../who-can-pattern.ts'

export async function run(invocation: Invocation): Promise<Outcome> {
  const { folder, accounts, flags } = invocation
  const resourceAccount = resourceAccountOf(flags)
  const policyFile = flagText(flags, 'resourcePolicy')
  const request = {
    action: flagText(flags, 'action') ?? '',
    resource: flagText(flags, 'resource') ?? '',
    context: contextOf(flags),
    ...(resourceAccount === null ? {} : { resourceAccount }),
  }
  const { action, resource, context } = request
  await refuseUnknownNames(
    flags,
    { actions: [action], resources: [resource], context },
    { context: '--context' },
  )
  if (isPattern(request)) return whoCanPattern(request, invocation)
  const now = timeOf(flags)
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref') })
  const { texts } = opened
  const estate = await estateOf(opened, flagText(flags, 'asOf') === 'target' ? 'target' : 'plan', 'all')
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
    // Somebody whose policies are not known may or may not: the list isn't complete.
    exitCode: hasErrors(diagnostics) ? EXIT.error : EXIT.ok,
    result: { type: 'who-can', request, grants: shown, account: onlyAccount(estate) },
    diagnostics: [...opened.diagnostics, ...diagnostics],
    texts,
  }
}

/** `*` alone is a resource that requests have: of what is about no single one. */
const isPattern = ({ action, resource }: { readonly action: string; readonly resource: string }): boolean =>
  /[*?]/.test(action) || (resource !== '*' && /[*?]/.test(resource))
