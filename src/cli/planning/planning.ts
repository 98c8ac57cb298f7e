import { DEFAULT_QUOTAS, isQuotaName } from '../../catalog/quotas.ts'
import { ProjectChecks } from '../../checks/run-checks.ts'
import { type Diagnostic, hasErrors, infoOf } from '../../diagnostics/index.ts'
import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import { OBSERVE_KINDS } from '../../kinds/observe.ts'
import { PLAN_KINDS, SETTING_PLANS } from '../../kinds/plan.ts'
import type { Target } from '../../manifest/desired.ts'
import type { Estate, Facts } from '../../model/index.ts'
import type { Quotas } from '../../model/quotas.ts'
import { standingRefusals } from '../../plan/guard.ts'
import type { Change } from '../../plan/plan.ts'
import type { PlanRequest } from '../../plan/plan-changes.ts'
import { NO_OTHERS } from '../../plan/principals/other-accounts.ts'
import {
  type Intent,
  type PlannedAccount,
  planInput,
  planRead,
  type ReadTarget,
} from '../../reconcile/plan-account.ts'
import { checksReason, refusalReason } from '../../report/decisions/reasons.ts'
import { testDiagnostic } from '../../report/decisions/test-report.ts'
import { refusalDiagnostics } from '../../report/plans/plan-json.ts'
import type { AccessChanges, PreviewedPlan } from '../../report/plans/previewed-plan.ts'
import type { Agreed } from '../arguments/agreed-to.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { makeRoom } from '../opening/heap-room.ts'
import type { OpenedProject, ValidAccount } from '../opening/project.ts'
import { type LazyAnalysis, lazyAnalysis, proverOf } from '../questions/access-analysis.ts'
import { decisionFacts } from '../questions/decision-facts.ts'
import type { Baseline } from './baseline.ts'
import { noticeSignals } from './early-signals.ts'
import { unchangeableAfter } from './first-passwords.ts'
import { othersOf } from './other-accounts.ts'
import { type PlannedState, plannedAccess } from './planned-access.ts'

/** An account with its plan and the results of its tests and invariants. */
export interface Preview
  extends PreviewedPlan,
    Pick<PlannedAccount, 'diagnostics' | 'secrets' | 'factsBefore'> {
  readonly account: ValidAccount
  readonly intent: Intent
  /** Of a plan that was saved, and still is as it was: what would be done as well, and is left. */
  readonly leftOut?: readonly Change[]
  /** Whether the journal says already what is declared now. Costly in a large account, and rarely asked. */
  isRecorded(): boolean
}

interface ReadForPlan {
  readonly account: ValidAccount
  readonly intent: Intent
  readonly target: ReadTarget
}

/**
 * Plans every selected account and runs its tests and invariants. Writes nothing.
 * @param access `skip` where nobody is shown whose access changes: of a large account's first plan it takes a while
 * @param chosen what of each plan is to be carried out
 * @param reading how rules that AWS leaves open are read, in the access diff and by invariants
 * @throws DiagnosticError when a target can't be read, FailedWith when the project at `baseRef` has errors
 */
export async function previewAccounts(
  opened: OpenedProject,
  baseline: Baseline,
  access: 'tell' | 'skip' = 'tell',
  reading: Pick<AccountFacts, 'assume'> = {},
  agreed: Agreed = {},
  chosen: (account: ValidAccount, intent: Intent, planned: PlannedAccount) => PlannedAccount = (_, __, all) =>
    all,
): Promise<readonly Preview[]> {
  const read: (ReadForPlan & { readonly input: PlanRequest })[] = []
  for (const account of opened.accounts) {
    const intent: Intent = {
      ...intentOf(account, opened, agreed, baseline.facts),
      ...baseline.declared(account),
    }
    const target = await baseline.read(account, intent)
    read.push({ account, intent, target, input: planInput(intent, target) })
    makeRoom()
    await noticeSignals()
  }
  const others = await othersOf(read, opened, (account) => baseline.observe(account))
  const planned: (Omit<Preview, 'access'> & Pick<PlannedAccount, 'observed'>)[] = []
  const analysis = analysisOf(opened, reading)
  const checks = checksOf(opened, analysis)
  for (const { account, intent: alone, target, input } of read) {
    const known = others.get(account.account.id) ?? NO_OTHERS
    const intent: Intent = { ...alone, others: known }
    const { recorded, ...result } = chosen(
      account,
      intent,
      planRead(intent, { ...input, others: known }, target),
    )
    const plan = baseline.marked(result.plan)
    const tests = await checks.run(account.desired)
    const { against } = baseline
    planned.push({ account, intent, ...result, plan, against, tests, isRecorded: () => recorded })
    makeRoom()
    await noticeSignals()
  }
  const told =
    access === 'tell'
      ? await accessOfPlans(planned, opened, analysis, baseline.against === null ? 'all' : 'declared')
      : new Map<string, AccessChanges>()
  makeRoom()
  const unchangeable = await unchangeableAfter(planned, opened)
  return planned.map(({ observed: _, ...preview }) => ({
    ...preview,
    diagnostics: [...preview.diagnostics, ...(unchangeable.get(preview.account.name) ?? [])],
    access: told.get(preview.account.name) ?? null,
  }))
}

/** Whose access plans change, by account name; nothing without an analysis. */
export const accessOfPlans = async (
  planned: readonly PlannedState[],
  opened: OpenedProject,
  analysis: LazyAnalysis,
  holding: 'all' | 'declared' = 'all',
): Promise<ReadonlyMap<string, AccessChanges>> =>
  analysis === null ? new Map() : plannedAccess(planned, opened, analysis, holding)

export const analysisOf = (
  { facts }: Pick<OpenedProject, 'facts'>,
  reading: Pick<AccountFacts, 'assume'> = {},
): LazyAnalysis => lazyAnalysis({ documentOf: facts.document, now: new Date(), ...reading })

/** @param baseFacts those of the commit that `--base` names */
export const intentOf = (
  account: ValidAccount,
  { project, facts }: OpenedProject,
  agreed: Agreed,
  baseFacts: Facts | null = null,
): Intent => ({
  ...agreed,
  kinds: PLAN_KINDS,
  settings: SETTING_PLANS,
  observeKinds: OBSERVE_KINDS,
  at: thisMinute(),
  desired: account.desired,
  awsDocument: facts.document,
  scopes: project.scopes,
  guard: project.guard,
  quotas: quotasOf(account.target),
  declaredFacts: {
    now: project,
    base: baseFacts,
    projectAccounts: new Set(project.accounts.map((each) => each.account.id)),
  },
})

const MINUTE = 60_000

/** What is due is told by the minute, so that plans that are made right after each other are the same. */
const thisMinute = (): number => Math.floor(Date.now() / MINUTE) * MINUTE

/**
 * What runs the tests and invariants of a project.
 * @param estate null: by what it says now
 */
export const checksOf = (
  { project, facts }: OpenedProject,
  analysis: LazyAnalysis,
  estate: Estate | null = null,
): ProjectChecks =>
  new ProjectChecks(project, decisionFacts({ facts }, new Date()), proverOf(analysis), estate)

const quotasOf = ({ quotas }: Target): Quotas => ({
  ...DEFAULT_QUOTAS,
  ...Object.fromEntries(Object.entries(quotas).filter(([name]) => isQuotaName(name))),
})

/** Something that speaks against applying a plan. */
export interface Objection {
  readonly exitCode: ExitCode
  /** null: the plan's own errors say it. */
  readonly why: string | null
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Everything that speaks against applying a plan, what it does to the exit code, and why.
 * @param overridden digests of plans that were agreed to against the guard
 */
export function objectionsTo(
  { diagnostics, plan, tests, account }: Preview,
  { texts }: Pick<OpenedProject, 'texts'>,
  overridden: ReadonlySet<string> = NONE,
): readonly Objection[] {
  const refusals = standingRefusals(plan, overridden.has(plan.digest))
  return [
    ...(hasErrors(diagnostics) ? [{ exitCode: EXIT.error, why: null }] : []),
    ...(refusals.length > 0 ? [{ exitCode: EXIT.refused, why: refusalReason({ ...plan, refusals }) }] : []),
    ...(tests.every(({ result }) => result === 'pass')
      ? []
      : [{ exitCode: EXIT.testFailed, why: checksReason(tests, account.name, texts) }]),
  ]
}

export const whyOf = (objections: readonly Objection[]): readonly string[] =>
  objections.flatMap(({ why }) => (why === null ? [] : [why]))

/** That facts could not be compared, said once for all accounts of which it is so. */
export function factsNote(previews: readonly Preview[], { project }: OpenedProject): readonly Diagnostic[] {
  if (project.organization === null && project.resources.size === 0) return []
  const names = previews.flatMap(({ factsBefore, account }) => (factsBefore === null ? [account.name] : []))
  return names.length === 0
    ? []
    : [
        infoOf({
          code: 'plan.facts-not-compared',
          message: `no apply has recorded yet what ${names.map((name) => `\`${name}\``).join(', ')} took for granted: the organization and \`resources:\` count as unchanged`,
          help: 'an apply records them; `--base REF` compares them with those of a commit',
        }),
      ]
}

/** That the project had accounts which it has no more, said once. */
export const goneNote = ({ gone, against }: Baseline): readonly Diagnostic[] =>
  gone.length === 0 || against === null
    ? []
    : [
        infoOf({
          code: 'plan.account-gone',
          message: `${against.ref} has ${gone.map(({ id, name }) => `\`${name}\` (${id})`).join(', ')}, and this project does not: nothing is planned there`,
          help: 'what is applied there stays as it is; `access diff` shows what it was',
        }),
      ]

/** What the plan's text says in words of its own, for `--json` to say as diagnostics. */
export const findingsOf = ({ plan, tests }: Preview): readonly Diagnostic[] => [
  ...refusalDiagnostics(plan),
  ...tests.filter(({ result }) => result !== 'pass').map(testDiagnostic),
]
