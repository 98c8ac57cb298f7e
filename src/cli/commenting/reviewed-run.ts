import { type Diagnostic, DiagnosticError, errorOf, warningOf } from '../../diagnostics/index.ts'
import { holdsTwoStates } from '../../intake/inputs.ts'
import { REPORT_KINDS } from '../../kinds/report.ts'
import type { Review } from '../../report/review/review.ts'
import { reviewOf } from '../../report/review/review-of.ts'
import { joinedReview } from '../../review/joined-review.ts'
import { stateNamed } from '../arguments/state-words.ts'
import { type CommandOutcome, type Flags, flagList, flagText, type Invocation, NO_TEXTS } from '../command.ts'
import { type ExitCode, exitCodeOf } from '../exit-code.ts'
import { failedOutcome } from '../output/present.ts'

/** What a comment is about, and how the run that makes it ends. */
export interface ReviewedRun extends Pick<CommandOutcome, 'diagnostics' | 'texts'> {
  readonly review: Review
  /** What it was made of. */
  readonly results: readonly CommandOutcome['result'][]
  readonly exitCode: ExitCode
  readonly why: readonly string[]
  readonly shown: ReadonlySet<Diagnostic>
}

/**
 * Makes what is reviewed: a plan, or the difference of what others wrote, and the gates that are asked for. What fails is a result,
 * too: a pull request is told of it.
 * @param base what a plan is compared with, if no flag says it
 * @throws DiagnosticError `cli.…` when flags can't be meant
 */
export async function reviewedRun(invocation: Invocation, base: () => Promise<string>): Promise<ReviewedRun> {
  const { flags, streams } = invocation
  const diff = comparedInputs(flags)
  const outcomes = [
    await outcomeOf(async () => {
      if (diff !== null) {
        const { run } = await import('../commands/access-diff.ts')
        return run({ ...invocation, flags: { ...flags, ...diff } })
      }
      const { run } = await import('../commands/plan.ts')
      const named = flagText(flags, 'against')
      if (named !== 'target')
        return run({ ...invocation, flags: { ...flags, against: named ?? `git:${await base()}` } })
      const since = await base().catch(unknownBase)
      const outcome = await run(invocation, since)
      return since === null ? { ...outcome, diagnostics: [...outcome.diagnostics, notCompared] } : outcome
    }, streams),
  ]
  if (asksForGates(flags))
    outcomes.push(
      await outcomeOf(async () => {
        const { run } = await import('../commands/access-check.ts')
        return run(invocation)
      }, streams),
    )
  return together(outcomes)
}

/** Without a commit before there is a plan all the same. */
function unknownBase(error: unknown): null {
  if (error instanceof DiagnosticError) return null
  throw error
}

const notCompared: Diagnostic = warningOf({
  code: 'review.not-compared',
  message:
    'which tests, invariants and limits no longer protect is not known: the commit that the pull request goes out from is not',
  help: 'get all of history (`fetch-depth: 0`, `GIT_DEPTH: 0`)',
})

async function outcomeOf(
  run: () => Promise<CommandOutcome>,
  streams: Invocation['streams'],
): Promise<CommandOutcome> {
  try {
    return await run()
  } catch (error) {
    return failedOutcome(error, {}, streams)
  }
}

/** OLD and NEW of `access diff`, by `--as-of`; null: it is a plan that is reviewed. @throws DiagnosticError */
function comparedInputs(flags: Flags): Flags | null {
  const [word, against] = [flagText(flags, 'asOf'), flagText(flags, 'against')]
  if (word === null || word === 'plan') return null
  const state = stateNamed(word)
  const holdsBoth = state?.type === 'input' && holdsTwoStates(state.input)
  if (holdsBoth && against === null) return { old: word }
  if (holdsBoth)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.conflicting-flags',
        message: `\`--as-of ${word}\` holds what was before, and \`--against\` names it too`,
        help: 'leave one of them out',
      }),
    )
  const isInput = (name: string | null) => name !== null && stateNamed(name)?.type === 'input'
  if (against !== null && isInput(word) && isInput(against)) return { old: against, new: word }
  throw new DiagnosticError(
    errorOf({
      code: 'cli.invalid-value',
      message: `\`--as-of ${word}\` holds nothing that changes`,
      help: 'write `tfplan:FILE`, a plan of Terraform; or of a template what it was, too: `--as-of cfn:FILE --against cfn:git:main:FILE`',
    }),
  )
}

const asksForGates = (flags: Flags): boolean =>
  flagText(flags, 'newAccess') !== null ||
  flagText(flags, 'newEscalation') !== null ||
  flagList(flags, 'notGranted').length > 0 ||
  flags.publicAccess === false ||
  flags.outsideAccess === false

/** As one. What several of them say is said once. */
function together(outcomes: readonly CommandOutcome[]): ReviewedRun {
  const seen = new Set<string>()
  const reviews: Review[] = []
  const diagnostics: Diagnostic[] = []
  for (const { result, diagnostics: all, shown, texts } of outcomes) {
    const own = all.filter((each) => {
      const text = JSON.stringify([each.code, each.message, each.span])
      return !seen.has(text) && seen.add(text)
    })
    diagnostics.push(...own)
    const given = { diagnostics: own, kinds: REPORT_KINDS, texts, options: { color: false } }
    const rendering = { ...given, layout: 'whole', ...(shown === undefined ? {} : { shown }) } as const
    if (isReviewed(result)) reviews.push(reviewOf(result, rendering))
  }
  return {
    review: joinedReview(reviews),
    results: outcomes.map(({ result }) => result),
    exitCode: exitCodeOf(outcomes.map(({ exitCode }) => exitCode)),
    why: outcomes.flatMap(({ why }) => why ?? []),
    diagnostics,
    texts: outcomes.find(({ texts }) => texts !== NO_TEXTS)?.texts ?? NO_TEXTS,
    shown: new Set(outcomes.flatMap(({ shown }) => [...(shown ?? [])])),
  }
}

type ReviewedResult = Parameters<typeof reviewOf>[0]

const isReviewed = (result: CommandOutcome['result']): result is ReviewedResult =>
  ['plan', 'access diff', 'access check', 'failed'].includes(result.type)
