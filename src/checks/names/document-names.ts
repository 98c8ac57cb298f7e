import type { KnownNames } from '../../catalog/known-names.ts'
import { type Diagnostic, type Located, warningOf } from '../../diagnostics/index.ts'
import type { PlacedDocument } from '../../model/index.ts'
import type { PolicyUse } from '../../policy/parsed.ts'
import { unstorableArn } from '../../policy/stored-arn.ts'
import { actionProblem } from './actions/action-names.ts'
import { actionResourceProblem } from './actions/action-resources.ts'
import { trustActionWarnings } from './actions/trust-actions.ts'
import { awsPolicyProblem } from './aws-policy-names.ts'
import { keyProblem } from './keys/key-names.ts'
import { operatorProblem, valueProblem } from './keys/value-kinds.ts'
import { variableProblem } from './keys/variable-names.ts'
import type { NameProblem } from './name-problem.ts'
import { githubTrustWarnings } from './principals/github-trust.ts'
import { originAccessIdentityProblem } from './principals/origin-access-identities.ts'
import { providerProblem } from './principals/provider-names.ts'
import { servicePrincipalProblem } from './principals/service-principal-names.ts'
import { resourceProblem } from './resources/resource-forms.ts'
import {
  type PlacedCondition,
  type PlacedText,
  type StatementParts,
  statementsIn,
} from './statement-parts.ts'

export interface DocumentInUse {
  readonly document: PlacedDocument
  readonly use: PolicyUse
}

/** Documents are read once while they are unchanged: a watcher asks at each save. */
const readBefore = new WeakMap<Located, Map<PolicyUse, readonly Diagnostic[]>>()

/**
 * Says which names of documents nothing is known by. AWS stores them, and they grant nothing, or deny nothing: each is a
 * warning. Documents that come from no file are left alone.
 */
export function documentNameWarnings(
  documents: readonly DocumentInUse[],
  known: KnownNames,
): readonly Diagnostic[] {
  const seen = new Set<string>()
  return documents
    .flatMap(({ document: { located }, use }) => (located === null ? [] : warningsOf(located, use, known)))
    .filter(({ code, span }) => {
      // One document may stand in several places, by an alias or a file.
      const place = `${code} ${span?.file}:${span?.start}`
      if (seen.has(place)) return false
      seen.add(place)
      return true
    })
}

function warningsOf(located: Located, use: PolicyUse, known: KnownNames): readonly Diagnostic[] {
  const uses = readBefore.get(located) ?? new Map<PolicyUse, readonly Diagnostic[]>()
  readBefore.set(located, uses)
  let warnings = uses.get(use)
  if (warnings === undefined) {
    warnings = statementsIn(located).flatMap((statement) => ofStatement(statement, use, known))
    uses.set(use, warnings)
  }
  return warnings
}

const ofStatement = (statement: StatementParts, use: PolicyUse, known: KnownNames): readonly Diagnostic[] => [
  ...statement.actions.flatMap((action) => warned(action, actionProblem(action.text, known))),
  ...(statement.negatedActions || statement.negatedResources
    ? []
    : statement.actions.flatMap((action) =>
        /[*?]/.test(action.text)
          ? []
          : warned(
              action,
              actionResourceProblem(
                action.text,
                statement.resources.map(({ text }) => text),
                known,
                'document',
              ),
            ),
      )),
  ...statement.resources.flatMap((resource) =>
    // What can't be stored at all has been said already.
    use === 'identity' && unstorableArn(resource.text).length > 0
      ? []
      : warned(
          resource,
          variableProblem(resource.text, known) ??
            awsPolicyProblem(resource.text, known) ??
            resourceProblem(resource.text, known),
        ),
  ),
  ...statement.principals.flatMap(([kind, principal]) =>
    // What is no service principal at all has been said already.
    kind === 'Service' && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(principal.text)
      ? warned(principal, servicePrincipalProblem(principal.text, known))
      : kind === 'Federated'
        ? warned(principal, providerProblem(principal.text))
        : kind === 'AWS'
          ? warned(principal, originAccessIdentityProblem(principal.text))
          : [],
  ),
  ...statement.conditions.flatMap((condition) => ofCondition(condition, known)),
  ...(use === 'trust' ? [...trustActionWarnings(statement), ...githubTrustWarnings(statement)] : []),
]

function ofCondition({ operator, key, values }: PlacedCondition, known: KnownNames): readonly Diagnostic[] {
  const unknown = keyProblem(key.text, known)
  if (unknown !== null) return warned(key, unknown)
  const mismatch = operatorProblem(operator, key.text, known)
  if (mismatch !== null) return warned(key, mismatch)
  return values.flatMap((value) =>
    warned(value, variableProblem(value.text, known) ?? valueProblem(operator, key.text, value.text, known)),
  )
}

const warned = ({ span }: PlacedText, problem: NameProblem | null): readonly Diagnostic[] =>
  problem === null ? [] : [warningOf({ ...problem, span })]
