/**
 * The public API of iam-sync. What is exported here keeps its shape within a major version; everything else is internal.
 *
 * The usual way through it: `readDirectory` → `loadProject` → `openReadable` → `planAccount` → (consent) →
 * `openWritable` → `applyAccount`. For questions alone: `parsePolicy` → `createPolicyEvaluator`; about whole accounts:
 * `loadProject` → `declaredEstate` → `createEvaluator`; about who gains and loses what: `createAccessAnalyzer`.
 */

import type { SourceTexts } from './diagnostics/index.ts'
import { MANIFEST_KINDS } from './kinds/manifest.ts'
import { OBSERVE_KINDS } from './kinds/observe.ts'
import { PLAN_KINDS, SETTING_PLANS } from './kinds/plan.ts'
import { REPORT_KINDS } from './kinds/report.ts'
import * as declarations from './manifest/declarations.ts'
import type { DesiredState } from './manifest/desired.ts'
import * as project from './manifest/load-project.ts'
import * as schemas from './manifest/schema/json-schema.ts'
import type { Account, AccountState, Declarations } from './model/index.ts'
import type { Plan } from './plan/plan.ts'
import * as plans from './plan/plan-changes.ts'
import * as applies from './reconcile/apply-account.ts'
import * as observation from './reconcile/observe.ts'
import { allParents } from './reconcile/observe-children.ts'
import * as intents from './reconcile/plan-account.ts'
import * as texts from './report/plans/plan-text.ts'
import type { IamReader } from './target/ports.ts'

export type * from './access/access-diff.ts'
export type * from './access/access-entry.ts'
export { type AccessRow, accessOf } from './access/access-of.ts'
export type { Probe, Proof } from './access/analysis.ts'
export { type AccessAnalyzer, createAccessAnalyzer } from './access/analyzer.ts'
export type { ExaminedPrincipal } from './access/principals/examined-principal.ts'
export { type AccessLevel, type ActionFacts, loadActions } from './catalog/actions.ts'
export { loadManagedPolicies, type ManagedPolicyFacts } from './catalog/managed-policies.ts'
export { DEFAULT_QUOTAS } from './catalog/quotas.ts'
export type { CheckResult } from './checks/check-result.ts'
export { declaredEstate } from './checks/declared-estate.ts'
export { declaredState } from './checks/declared-state.ts'
export type { InvariantProver, OpenProver } from './checks/invariant-prover.ts'
export { proveInvariant } from './checks/prove-invariant.ts'
export { ProjectChecks, runChecks } from './checks/run-checks.ts'
export {
  type Diagnostic,
  DiagnosticError,
  type DiagnosticJson,
  diagnosticJson,
  hasErrors,
  type Position,
  renderDiagnostic,
  SourceTexts,
  type Span,
} from './diagnostics/index.ts'
export {
  type BatchAnswer,
  type BatchEvaluator,
  type BatchReferences,
  createBatchEvaluator,
  type ProjectDecider,
} from './evaluator/batch/batch.ts'
export type { DecidedLines } from './evaluator/batch/line-answers.ts'
export { createLineDecider, type LineDecider } from './evaluator/batch/line-decider.ts'
export { PolicySetError } from './evaluator/batch/policy-sets.ts'
export type { Decision, Layer, Reason, Request } from './evaluator/decision.ts'
export type { AccountFacts } from './evaluator/estate/account-policies.ts'
export type {
  Answered,
  Decided,
  EstateAnswer,
  EstateQuestion,
  NamedDocument,
  PlacedReason,
} from './evaluator/estate/estate-question.ts'
export { createEvaluator, type Evaluator, estateOf } from './evaluator/estate/evaluator.ts'
export type { EverybodyQuestion, Grant, GrantConditions, WhoCan } from './evaluator/estate/who-can.ts'
export type { Explanation } from './evaluator/explaining/explanation.ts'
export type { IdentifiedPolicy, PolicyLayers } from './evaluator/layers.ts'
export { createPolicyEvaluator, type PolicyEvaluator, type Verdict } from './evaluator/policy-evaluator.ts'
export type { Question } from './evaluator/question.ts'
export type {
  EveryoneQuestion,
  PackedTexts,
  RegisteredPrincipal,
  RegisteredRequests,
} from './evaluator/registered.ts'
export { UnevaluablePolicyError, UnevaluableRequestError } from './evaluator/unevaluable.ts'
export { IamError, type IamErrorCode } from './iam/service-error.ts'
export { LoadMemory } from './manifest/cache/load-memory.ts'
export type * from './manifest/desired.ts'
export type { LoadedProject } from './manifest/load-project.ts'
export type { Detail } from './model/detail.ts'
export * from './model/index.ts'
export type {
  ReadOperation,
  ReadOperations,
  WriteOperation,
  WriteOperations,
} from './model/operations.ts'
export type { Quotas } from './model/quotas.ts'
export type { StatementChange } from './model/statement-change.ts'
export type { Step } from './model/step.ts'
export type { Change, GuardRefusal, Plan, Unmanaged } from './plan/plan.ts'
export type { PlanResult } from './plan/plan-changes.ts'
export { resultingState } from './plan/steps/resulting-state.ts'
export { canonicalPolicy, sameDocument } from './policy/canonical.ts'
export type { ConditionOperator } from './policy/operators.ts'
export { type PolicyParse, parsePolicy } from './policy/parse.ts'
export type {
  ParsedCondition,
  ParsedPolicy,
  ParsedPrincipal,
  ParsedStatement,
  PolicyUse,
} from './policy/parsed.ts'
export { policySize } from './policy/size.ts'
export { statementChanges } from './policy/statement-changes.ts'
export type { AppliedAccount } from './reconcile/apply-account.ts'
export { type AppliedSteps, applyPlan, type StepResult } from './reconcile/apply-plan.ts'
export { comparePlans, type PlanComparison } from './reconcile/compare-plans.ts'
export type { PlannedAccount, Readers } from './reconcile/plan-account.ts'
export { accessJson } from './report/access/access-json.ts'
export type { AccessContext } from './report/access/access-page.ts'
export { accessText } from './report/access/access-text.ts'
export { planJson } from './report/plans/plan-json.ts'
export { readDirectory } from './source/directory.ts'
export { type Provenance, provenanceOf, readCommit } from './source/git/git.ts'
export { fileParseCache } from './source/parse-cache.ts'
export type { SourceFiles } from './source/source-files.ts'
export { openReadable, openWritable } from './target/local/open-local-target.ts'
export type * from './target/ports.ts'

// The machinery takes what it knows of each kind as an argument. Here it is given all the kinds that there are.

const kinds = PLAN_KINDS
const settings = SETTING_PLANS
const observeKinds = OBSERVE_KINDS

export type ProjectInput = Omit<project.ProjectInput, 'kinds'>
export const loadProject = (input: ProjectInput): project.LoadedProject =>
  project.loadProject({ ...input, kinds: MANIFEST_KINDS })

export const declarationsOf = (desired: DesiredState): Declarations =>
  declarations.declarationsOf(desired, kinds)

export const jsonSchemas = (): schemas.JsonSchemas => schemas.jsonSchemas(MANIFEST_KINDS)

export type PlanInput = plans.PlanInput
export const planChanges = (input: PlanInput): plans.PlanResult =>
  plans.planChanges({ ...input, kinds, settings })

export type PlanTextOptions = texts.TextOptions & { readonly access?: string | null }
export const planText = (plan: Plan, sources: SourceTexts, options?: PlanTextOptions): string =>
  texts.planText(plan, REPORT_KINDS, sources, options)

export const observe = (reader: IamReader, account: Account): Promise<AccountState> =>
  observation.observe(reader, account, observeKinds, allParents)

export type Intent = Omit<intents.Intent, 'kinds' | 'settings' | 'observeKinds'>
export const planAccount = (intent: Intent, target: intents.Readers): Promise<intents.PlannedAccount> =>
  intents.planAccount({ ...intent, kinds, settings, observeKinds }, target)

export type ApplyRequest = Omit<applies.ApplyRequest, 'intent'> & { readonly intent: Intent }
export const applyAccount = (
  request: ApplyRequest,
  ports: Parameters<typeof applies.applyAccount>[1],
): Promise<applies.AppliedAccount> =>
  applies.applyAccount({ ...request, intent: { ...request.intent, kinds, settings, observeKinds } }, ports)
