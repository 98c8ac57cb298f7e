import { type Decision, type Given, listOf } from '../oracle/case.ts'

/** Arguments of `aws iam simulate-custom-policy`, or why a case can't be asked there. */
type Simulation = { readonly args: readonly string[] } | { readonly leftOut: string }

/** @see IAM API Reference, SimulateCustomPolicy */
export function simulationOf({ request, policies }: Given): Simulation {
  for (const layer of ['scp', 'rcp', 'session', 'endpoint'] as const)
    if (listOf<unknown>(policies[layer]).length > 0)
      return { leftOut: `the simulator takes no layer ${layer}` }
  if (policies.resource != null && !/:user\//.test(request.principal))
    return { leftOut: 'the simulator takes a resource policy for users only' }
  const identity = listOf(policies.identity)
  const boundary = listOf(policies.boundary)
  const context = Object.entries(request.context ?? {}).map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyValues: listOf<string>(value),
    ContextKeyType: Array.isArray(value) ? 'stringList' : 'string',
  }))
  return {
    args: [
      ...['iam', 'simulate-custom-policy', '--output', 'json'],
      ...['--policy-input-list', ...(identity.length === 0 ? [NOTHING] : identity.map(text))],
      ...(boundary.length === 0 ? [] : ['--permissions-boundary-policy-input-list', ...boundary.map(text)]),
      ...['--action-names', request.action, '--resource-arns', request.resource],
      ...['--caller-arn', request.principal],
      ...(policies.resource == null ? [] : ['--resource-policy', text(policies.resource)]),
      ...(request.resourceAccount === undefined
        ? []
        : ['--resource-owner', `arn:aws:iam::${request.resourceAccount}:root`]),
      ...(context.length === 0 ? [] : ['--context-entries', JSON.stringify(context)]),
    ],
  }
}

const text = (document: object): string => JSON.stringify(document)
/** The simulator wants at least one policy. */
const NOTHING = text({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'none:None', Resource: '*' }],
})

const DECISIONS: Readonly<Record<string, Decision>> = {
  allowed: 'allow',
  explicitDeny: 'explicit_deny',
  implicitDeny: 'implicit_deny',
}

/** What the simulator's answer says. @throws TypeError when it says something else */
export function decisionIn(answer: string): Decision {
  const { EvaluationResults = [] } = JSON.parse(answer) as {
    readonly EvaluationResults?: readonly { readonly EvalDecision: string }[]
  }
  const decision = DECISIONS[EvaluationResults[0]?.EvalDecision ?? '']
  if (decision === undefined) throw new TypeError(`the simulator answered ${answer}`)
  return decision
}
