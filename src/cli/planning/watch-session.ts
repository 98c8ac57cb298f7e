import { resolve } from 'node:path'
import { loadManagedPolicies, type ManagedPolicyFacts } from '../../catalog/managed-policies.ts'
import type { Diagnostic, SourceTexts } from '../../diagnostics/index.ts'
import { PLAN_KINDS } from '../../kinds/plan.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import type { LoadMemory } from '../../manifest/cache/load-memory.ts'
import { declarationsOf } from '../../manifest/declarations.ts'
import { sameDeclarations } from '../../model/declarations.ts'
import type { Plan } from '../../plan/plan.ts'
import { planChanges } from '../../plan/plan-changes.ts'
import { NO_OTHERS } from '../../plan/principals/other-accounts.ts'
import { comparePlans } from '../../reconcile/compare-plans.ts'
import { areRecorded, factsBefore, type Intent, planInput } from '../../reconcile/plan-account.ts'
import { testText } from '../../report/decisions/test-report.ts'
import { diagnosticsText } from '../../report/diagnostics-report.ts'
import { FORMATS } from '../../report/formats/formats.ts'
import { painter } from '../../report/layout/paint.ts'
import { accountTexts } from '../../report/plans/alike-accounts.ts'
import { applyText } from '../../report/plans/apply-report.ts'
import { comparisonText } from '../../report/plans/comparison-text.ts'
import { factLines, planSummary } from '../../report/plans/plan-text.ts'
import { accessChangesText, previewText } from '../../report/plans/previewed-plan.ts'
import type { Result } from '../../report/result.ts'
import { agreedTo } from '../arguments/agreed-to.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { FailedWith, flagText, type Invocation, NO_TEXTS } from '../command.ts'
import { handedOverNote, secretsTo } from '../delivering/secrets-to.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { memoryFor, type OpenedProject, openProject } from '../opening/project.ts'
import { provenance } from '../opening/provenance.ts'
import { diagnosticsOf, stackOf } from '../output/failure.ts'
import { errOptions, outOptions } from '../output/text-options.ts'
import type { LazyAnalysis } from '../questions/access-analysis.ts'
import { type AppliedPreview, applyPreview } from './apply-account.ts'
import { applyInTurn } from './apply-in-turn.ts'
import { amidst, andThen, NONE_EARLIER } from './earlier-accounts.ts'
import { unchangeableAfter } from './first-passwords.ts'
import { GitHold } from './git-hold.ts'
import { type Observation, Observations } from './observations.ts'
import { othersOf, type ReadAccount } from './other-accounts.ts'
import {
  accessOfPlans,
  analysisOf,
  checksOf,
  factsNote,
  findingsOf,
  intentOf,
  objectionsTo,
  type Preview,
} from './planning.ts'

type WatchMode = { readonly type: 'plan' } | { readonly type: 'apply'; readonly signal: AbortSignal }

/**
 * Plans a project again and again, and says each time what has changed since the last time. Keeps what is costly:
 * parsed files that are unchanged, and what was read of a target until its database changes.
 */
export class WatchSession {
  readonly #invocation: Invocation
  readonly #mode: WatchMode
  readonly #memory: LoadMemory
  readonly #observations = new Observations()
  /** By account name. */
  readonly #lastPlans = new Map<string, Plan>()
  readonly #hadFailingTests = new Set<string>()
  /** By account name, what was said of access, and of facts. */
  readonly #lastAccess = new Map<string, string>()
  readonly #lastFacts = new Map<string, string>()
  /** Remembers from plan to plan what need not be worked out again. */
  #analysis: LazyAnalysis = null
  #facts: ManagedPolicyFacts | null = null
  #lastProblems = ''
  readonly hold: GitHold

  constructor(invocation: Invocation, mode: WatchMode) {
    this.#invocation = invocation
    this.#mode = mode
    this.hold = new GitHold(mode.type === 'apply' ? invocation.folder : null)
    this.#memory = memoryFor(resolve(invocation.folder))
  }

  /**
   * Plans (and applies) once. Whatever goes wrong is printed: the next save may mend it.
   * @param isOutdated whether a file has changed since they were read: then nothing is applied, since what was read may have been
   * half of a save; the next tick does
   */
  async tick(isOutdated: () => boolean): Promise<void> {
    this.#separate()
    try {
      const { folder, accounts } = this.#invocation
      this.hold.look('before')
      this.#facts ??= await loadManagedPolicies()
      const opened = await openProject({
        folder,
        accounts,
        ref: null,
        memory: this.#memory,
        unstorable: 'plan',
        facts: this.#facts,
      })
      const previews = await this.#previews(opened)
      this.hold.look('after')
      await this.#report(previews, opened, isOutdated)
    } catch (error) {
      await this.#fail(error)
    }
  }

  close(): void {
    this.#observations.close()
  }

  async #previews(opened: OpenedProject): Promise<readonly Preview[]> {
    this.#analysis ??= analysisOf(opened, readingOf(this.#invocation.flags))
    const checks = checksOf(opened, this.#analysis)
    const read: (ReadAccount & { readonly observation: Observation })[] = []
    for (const account of opened.accounts) {
      const observation = await this.#observations.of(account, opened)
      read.push({
        account,
        observation,
        input: planInput(intentOf(account, opened, agreedTo(this.#invocation.flags)), observation),
      })
    }
    const others = await othersOf(
      read,
      opened,
      async (account) => (await this.#observations.of(account, opened)).observed,
    )
    const planned: (Omit<Preview, 'access'> & Pick<Observation, 'observed'>)[] = []
    for (const { account, observation, input } of read) {
      const { observed, journalled, recordedFacts } = observation
      const intent: Intent = {
        ...intentOf(account, opened, agreedTo(this.#invocation.flags)),
        others: others.get(account.account.id) ?? NO_OTHERS,
      }
      planned.push({
        account,
        intent,
        observed,
        ...planChanges({ ...input, ...(intent.others === undefined ? {} : { others: intent.others }) }),
        factsBefore: factsBefore(intent.declaredFacts, recordedFacts, account.account),
        tests: await checks.run(account.desired),
        isRecorded: () =>
          sameDeclarations(journalled, declarationsOf(account.desired, PLAN_KINDS)) &&
          areRecorded(intent.declaredFacts, recordedFacts, account.account),
      })
    }
    const access = await accessOfPlans(planned, opened, this.#analysis)
    const unchangeable = await unchangeableAfter(planned, opened)
    return planned.map(({ observed: _, ...preview }) => ({
      ...preview,
      diagnostics: [...preview.diagnostics, ...(unchangeable.get(preview.account.name) ?? [])],
      access: access.get(preview.account.name) ?? null,
    }))
  }

  async #report(
    previews: readonly Preview[],
    opened: OpenedProject,
    isOutdated: () => boolean,
  ): Promise<void> {
    const { isDocument, streams } = this.#invocation
    const diagnostics = [
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...previews.flatMap((preview) => preview.diagnostics),
      ...factsNote(previews, opened),
      ...this.hold.diagnostics,
    ]
    this.#complain(diagnostics, opened.texts)
    if (!isDocument) {
      const shown = previews.map((each) => ({ account: each.plan.account, text: this.#text(each, opened) }))
      for (const text of accountTexts(shown)) streams.out(`${text}\n`)
    }
    const applied =
      this.#mode.type === 'apply' && !isOutdated()
        ? await this.#apply(previews, opened, this.#mode.signal)
        : []
    for (const preview of previews) this.#lastPlans.set(preview.account.name, preview.plan)
    for (const { report } of applied) {
      const plan = this.#lastPlans.get(report.account.name)
      // What is done is no news at the next save.
      if (report.verified && plan !== undefined)
        this.#lastPlans.set(report.account.name, { ...plan, changes: [], steps: [] })
      if (report.verified) this.#lastAccess.delete(report.account.name)
    }
    if (!isDocument) return
    await this.#line(
      {
        type: 'watch',
        plans: previews,
        reports: this.#mode.type === 'apply' ? applied.map(({ report }) => report) : null,
      },
      [...diagnostics, ...previews.flatMap(findingsOf), ...applied.flatMap((each) => each.diagnostics)],
      opened.texts,
    )
  }

  /** The whole plan the first time, and what is new in it from then on. */
  #text(preview: Preview, opened: OpenedProject): string {
    const options = outOptions(this.#invocation.streams)
    const { color } = options
    const { name } = preview.account
    const failing = preview.tests.some(({ result }) => result !== 'pass')
    const hadFailing = this.#hadFailingTests.has(name)
    if (failing) this.#hadFailingTests.add(name)
    else this.#hadFailingTests.delete(name)
    const access = preview.access === null ? '' : accessChangesText(preview.access, opened.texts, options)
    const hadAccess = this.#lastAccess.get(name)
    this.#lastAccess.set(name, access)
    const facts = factLines(preview.plan.facts, opened.texts, painter(color)).join('\n')
    const newFacts = facts === '' || facts === this.#lastFacts.get(name) ? [] : [facts]
    this.#lastFacts.set(name, facts)
    const last = this.#lastPlans.get(name)
    if (last === undefined) return previewText(preview, REPORT_KINDS, opened.texts, options)
    const comparison = comparePlans(last, preview.plan)
    const lines = comparison.same
      ? [
          `${name}: as before: ${planSummary(preview.plan)}`,
          // By facts about resources or the organization alone.
          ...(access === '' || hadAccess === undefined || access === hadAccess ? [] : [access]),
          ...newFacts,
        ]
      : [
          '',
          `${name}: since the last plan`,
          ...(access === '' || access === hadAccess ? [] : [access, '']),
          comparisonText(comparison, REPORT_KINDS, opened.texts, { color }),
          ...newFacts,
          planSummary(preview.plan),
        ]
    if (failing || hadFailing) lines.push(testText(preview.tests, opened.texts, { color, show: 'failures' }))
    return lines.join('\n')
  }

  async #apply(
    previews: readonly Preview[],
    opened: OpenedProject,
    signal: AbortSignal,
  ): Promise<readonly AppliedPreview[]> {
    const { isDocument, streams, flags } = this.#invocation
    if (this.hold.isHeld || previews.some((preview) => objectionsTo(preview, opened).length > 0)) return []
    const results: AppliedPreview[] = []
    const wanting = previews.filter(({ plan, isRecorded }) => plan.steps.length > 0 || !isRecorded())
    if (wanting.length === 0) return []
    const origin = await provenance(opened)
    const secrets = secretsTo(flagText(flags, 'secretsTo'), (made, where) =>
      streams.err(`${handedOverNote(made, where).message}\n`),
    )
    let earlier = NONE_EARLIER
    await applyInTurn(wanting, async (preview, makeAwaited) => {
      if (signal.aborted || results.some(({ exitCode }) => exitCode !== 0)) return false
      const applied = await applyPreview(
        preview,
        {
          opened,
          provenance: origin,
          streams,
          signal,
          lockTimeout: 0,
          secrets,
          others: 'stale',
          overridden: new Set(),
          earlier,
        },
        (shown) => {
          earlier = amidst(earlier, preview.account.name, shown)
          return makeAwaited(shown)
        },
      )
      earlier = andThen(earlier, applied)
      results.push(applied)
      if (!isDocument) {
        if (preview.plan.steps.length > 0)
          streams.out(`${applyText(applied.report, REPORT_KINDS, { color: streams.outColor })}\n`)
        this.#complain(applied.diagnostics, opened.texts)
      }
      return applied.exitCode === 0
    })
    return results
  }

  async #fail(error: unknown): Promise<void> {
    const { isDocument, streams } = this.#invocation
    const cause = error instanceof FailedWith ? error.cause : error
    const texts = error instanceof FailedWith ? error.texts : NO_TEXTS
    const stack = stackOf(cause)
    if (stack !== null) streams.err(`${stack}\n`)
    const diagnostics = diagnosticsOf(cause)
    this.#lastProblems = ''
    this.#complain(diagnostics, texts)
    if (isDocument) await this.#line({ type: 'failed', empty: { plans: [] } }, diagnostics, texts)
  }

  /** Where one plan ends and the next begins, and when: on stderr, since the result has no clock in it. */
  #separate(): void {
    const { isDocument, streams } = this.#invocation
    if (isDocument) return
    const time = `${new Date().toISOString().slice(0, 19)}Z`
    streams.err(`${painter(streams.errColor)('dim', `---- ${time} ----`)}\n`)
  }

  /** Warnings that were there at the last save are not said again. */
  #complain(diagnostics: readonly Diagnostic[], texts: SourceTexts): void {
    const { isDocument, streams } = this.#invocation
    if (isDocument) return
    const text = diagnosticsText(diagnostics, texts, errOptions(streams))
    if (text !== '' && text !== this.#lastProblems) streams.err(`${text}\n`)
    this.#lastProblems = text
  }

  async #line(result: Result, diagnostics: readonly Diagnostic[], texts: SourceTexts): Promise<void> {
    const { format, streams } = this.#invocation
    const { render } = await FORMATS[format].load()
    streams.out(
      `${render(result, { diagnostics, kinds: REPORT_KINDS, texts, options: outOptions(streams), layout: 'line' })}\n`,
    )
  }
}
