import { asWarning, DiagnosticError } from '../../diagnostics/index.ts'
import { changesReason } from '../../report/decisions/reasons.ts'
import { isForReviewers } from '../../report/formats/formats.ts'
import type { PlannedCommit } from '../../report/result.ts'
import { agreedTo } from '../arguments/agreed-to.ts'
import { comparedWith } from '../arguments/compared-with.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { type OpenedProject, openProject } from '../opening/project.ts'
import { provenance } from '../opening/provenance.ts'
import { missingSecrets } from '../opening/secret-ports.ts'
import { openBaseline } from '../planning/baseline.ts'
import {
  factsNote,
  findingsOf,
  goneNote,
  objectionsTo,
  previewAccounts,
  whyOf,
} from '../planning/planning.ts'
import { notToBeSaved, savePlans } from '../planning/save-plans.ts'

export async function run({ folder, accounts, flags, format }: Invocation): Promise<CommandOutcome> {
  const compared = comparedWith(flags)
  const out = flagText(flags, 'out')
  if (out !== null && compared.type === 'commit') throw new DiagnosticError(notToBeSaved)
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'plan' })
  const baseline = await openBaseline(opened, compared)
  const previews = await previewing(opened, baseline, 'tell', readingOf(flags), agreedTo(flags))
  const findings = previews.flatMap(findingsOf)
  // Who reviews a plan need not have the secrets of who applies it.
  const missing = compared.type === 'commit' ? [] : (await missingSecrets(previews, opened)).map(asWarning)
  const objections = previews.flatMap((preview) => objectionsTo(preview, opened))
  const saved =
    out === null ? [] : await savePlans(out, previews, { opened, baseline, flags }, objections.length > 0)
  const changes = flagSet(flags, 'exitCode') ? previews.flatMap(({ plan }) => changesReason(plan) ?? []) : []
  return {
    exitCode: exitCodeOf([
      ...objections.map(({ exitCode }) => exitCode),
      ...(changes.length > 0 ? [EXIT.changes] : []),
    ]),
    why: [...whyOf(objections), ...changes],
    result: {
      type: 'plan',
      plans: previews,
      commit: isForReviewers(format) ? await plannedCommit(opened) : null,
    },
    diagnostics: [
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...previews.flatMap(({ diagnostics }) => diagnostics),
      ...factsNote(previews, opened),
      ...(accounts.length === 0 ? goneNote(baseline) : []),
      ...missing,
      ...findings,
      ...saved,
    ],
    texts: opened.texts,
    shown: new Set(findings),
  }
}

/** Reading it takes as long as some plans; null: there is none. */
async function plannedCommit(opened: OpenedProject): Promise<PlannedCommit | null> {
  const { commit, dirty } = await provenance(opened)
  return commit === null ? null : { id: commit, isDirty: dirty }
}

/** With the texts that a target's problem may point into. */
export async function previewing(...given: Parameters<typeof previewAccounts>) {
  try {
    return await previewAccounts(...given)
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, given[0].texts)
  }
}
