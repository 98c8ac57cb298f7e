import { DEFAULT_QUOTAS, isQuotaName, type Quotas } from '../catalog/quotas.ts'
import type { CheckResult } from '../checks/check-result.ts'
import { ProjectChecks } from '../checks/run-checks.ts'
import { type Diagnostic, DiagnosticError, errorOf, hasErrors } from '../diagnostics/index.ts'
import { declarationsOf } from '../manifest/declarations.ts'
import type { Target } from '../manifest/desired.ts'
import { type Intent, type PlannedAccount, planAccount } from '../reconcile/plan-account.ts'
import { planJson, refusalDiagnostics } from '../report/plan-json.ts'
import { planText } from '../report/plan-text.ts'
import { testDiagnostic, testText } from '../report/test-report.ts'
import { openProver } from './access-analysis.ts'
import { openTargetForReading, using } from './account-target.ts'
import { FailedWith } from './command.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { type OpenedProject, openProject, type ValidAccount } from './project.ts'

/** An account with its plan and the results of its tests and invariants. */
export interface Preview extends Pick<PlannedAccount, 'plan' | 'diagnostics'> {
  readonly account: ValidAccount
  readonly intent: Intent
  readonly tests: readonly CheckResult[]
  /** Whether the journal says already what is declared now. Costly in a large account, and rarely asked. */
  isRecorded(): boolean
}

/**
 * Plans every selected account and runs its tests and invariants. Writes nothing.
 * @param baseRef a commit whose declarations may be deleted once they are gone; null: only the journal's
 * @throws DiagnosticError when a target can't be read, FailedWith when the project at `baseRef` has errors
 */
export async function previewAccounts(
  opened: OpenedProject,
  baseRef: string | null,
): Promise<readonly Preview[]> {
  const base = baseRef === null ? null : await openBase(opened.folder, baseRef)
  const previews: Preview[] = []
  const checks = checksOf(opened)
  for (const account of opened.accounts) {
    const earlier = base?.accounts.find(({ name }) => name === account.name)
    const intent: Intent = {
      ...intentOf(account, opened),
      ...(earlier === undefined ? {} : { base: declarationsOf(earlier.desired) }),
    }
    const { plan, diagnostics, recorded } = await using(openTargetForReading(account, opened), (target) =>
      planAccount(intent, target),
    )
    const tests = await checks.run(account.desired)
    previews.push({ account, intent, plan, diagnostics, tests, isRecorded: () => recorded })
  }
  return previews
}

export const intentOf = (account: ValidAccount, { project }: OpenedProject): Intent => ({
  desired: account.desired,
  scopes: project.scopes,
  guard: project.guard,
  quotas: quotasOf(account.target),
})

/** What runs the tests and invariants of a project, by what it says now. */
export const checksOf = ({ project, facts }: OpenedProject): ProjectChecks =>
  new ProjectChecks(project, { documentOf: facts.document, now: new Date() }, openProver)

const quotasOf = ({ quotas }: Target): Quotas => ({
  ...DEFAULT_QUOTAS,
  ...Object.fromEntries(Object.entries(quotas).filter(([name]) => isQuotaName(name))),
})

async function openBase(folder: string, ref: string): Promise<OpenedProject> {
  try {
    return await openProject({ folder, accounts: [], ref })
  } catch (error) {
    const cause = error instanceof FailedWith ? error.cause : error
    if (!(error instanceof FailedWith) || !(cause instanceof DiagnosticError)) throw error
    const outer = errorOf({
      code: 'cli.invalid-base',
      message: `the project has errors in the commit \`${ref}\` that \`--base\` names`,
      help: 'name a commit that is valid; its errors are below',
    })
    throw new FailedWith(new DiagnosticError([outer, ...cause.diagnostics]), error.texts)
  }
}

/** Everything that speaks against applying a plan, and what it does to the exit code. */
export function verdictOf({ diagnostics, plan, tests }: Preview): readonly ExitCode[] {
  return [
    ...(hasErrors(diagnostics) ? [EXIT.error] : []),
    ...(plan.refusals.length > 0 ? [EXIT.refused] : []),
    ...(tests.every(({ result }) => result === 'pass') ? [] : [EXIT.testFailed]),
  ]
}

/** What the plan's text says in words of its own, for `--json` to say as diagnostics. */
export const findingsOf = ({ plan, tests }: Preview): readonly Diagnostic[] => [
  ...refusalDiagnostics(plan),
  ...tests.filter(({ result }) => result !== 'pass').map(testDiagnostic),
]

/** One account's plan, and below it the tests that don't pass. */
export function previewText(preview: Preview, { texts }: OpenedProject, color: boolean): string {
  const { plan, tests } = preview
  const plain = planText(plan, texts, { color })
  return tests.length === 0 ? plain : `${plain}\n${testText(tests, texts, { color, show: 'failures' })}`
}

export const previewJson = ({ plan }: Preview, { texts }: OpenedProject): object => planJson(plan, texts)
