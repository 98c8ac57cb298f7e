import type { IdentifiedPolicy, PolicyLayers } from '../../src/evaluator/layers.ts'
import type { Question } from '../../src/evaluator/question.ts'
import { parsePolicy } from '../../src/policy/parse.ts'
import type { PolicyUse } from '../../src/policy/parsed.ts'
import { type Document, type Given, listOf } from '../oracle/case.ts'

/** A case as a question to the evaluator. Policies are called after their place: `identity[0]`, `scp[1][0]`. */
export function questionOf({ request, policies, parent }: Given): Question {
  const identified = (document: Document, id: string, use: PolicyUse): IdentifiedPolicy => {
    const { policy, diagnostics } = parsePolicy(document, null, use, 'evaluate')
    if (policy === null)
      throw new InvalidCaseError(`${id}: ${diagnostics.map(({ message }) => message).join('; ')}`)
    return { id, policy }
  }
  const documents = (
    name: PolicyUse,
    list: readonly Document[] | null | undefined,
  ): readonly IdentifiedPolicy[] =>
    listOf<Document>(list).map((document, index) => identified(document, `${name}[${index}]`, name))
  const levels = (name: 'scp' | 'rcp'): readonly (readonly IdentifiedPolicy[])[] =>
    (policies[name] ?? []).map((level, at) =>
      level.map((document, index) => identified(document, `${name}[${at}][${index}]`, name)),
    )
  const isTrust = /^sts:(?:AssumeRole|TagSession|SetSourceIdentity|SetContext)/i.test(request.action)
  const layers: PolicyLayers = {
    identity: documents('identity', policies.identity),
    boundary: documents('boundary', policies.boundary),
    session: documents('session', policies.session),
    endpoint: listOf<Document>(policies.endpoint).map((document, index) =>
      identified(document, `endpoint[${index}]`, 'resource'),
    ),
    ...(policies.endpointType === undefined ? {} : { endpointType: policies.endpointType }),
    scp: levels('scp'),
    rcp: levels('rcp'),
    resource:
      policies.resource == null
        ? null
        : identified(policies.resource, 'resource', isTrust ? 'trust' : 'resource'),
  }
  const context = new Map(Object.entries(request.context ?? {}).map(([key, value]) => [key, listOf(value)]))
  return { request: { ...request, context }, layers, ...(parent === undefined ? {} : { base: parent }) }
}

/** A policy of a case has no clear meaning. */
export class InvalidCaseError extends Error {}
