import { weakenedProtections } from '../../checks/protections/weakened.ts'
import { asWarning, DiagnosticError } from '../../diagnostics/index.ts'
import { changesReason } from '../../report/decisions/reasons.ts'
import { isForReviewers } from '../../report/formats/formats.ts'
import type { WeakenedSince } from '../../report/protections/weakened-since.ts'
import type { PlannedCommit } from '../../report/result.ts'
import { agreedTo } from '../arguments/agreed-to.ts'
import { comparedWith } from '../arguments/compared-with.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { secretsTo } from '../delivering/secrets-to.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { endedParts } from '../opening/ended-parts.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { openCommitBefore } from '../opening/open-commit-before.ts'
import { type OpenedProject, openProject } from '../opening/project.ts'
import { provenance } from '../opening/provenance.ts'
import { missingSecrets } from '../opening/secret-ports.ts'
import { type EarlierProject, openBaseline } from '../planning/baseline.ts'
import {
  factsNote,
  findingsOf,
  goneNote,
  objectionsTo,
  previewAccounts,
  whyOf,
} from '../planning/planning.ts'
import { notToBeSaved, savePlans } from '../planning/save-plans.ts'

/**
 * @param since where a target is read, the commit whose tests, invariants and limits are to protect still; null: the one that a flag
 * names, if any
 */
export async function run(
  { folder, accounts, flags, format }: Invocation,
  since: string | null = null,
): Promise<CommandOutcome> {
  const compared = comparedWith(flags)
  const out = flagText(flags, 'out')
  if (out !== null && compared.type === 'commit') throw new DiagnosticError(notToBeSaved)
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'plan' })
  const baseline = await openBaseline(opened, compared)
  const previews = await previewing(opened, baseline, 'tell', readingOf(flags), agreedTo(flags))
  const findings = previews.flatMap(findingsOf)
  // Who reviews a plan need not have the secrets of who applies it.
  const missing =
    compared.type === 'commit'
      ? []
      : (
          await missingSecrets(
            previews,
            opened,
            secretsTo(flagText(flags, 'secretsTo'), () => {}),
          )
        ).map(asWarning)
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
      weakened: weakenedSince(baseline.earlier ?? (await earlierOf(folder, since)), opened),
    },
    diagnostics: [
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...endedParts(opened.accounts),
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

async function earlierOf(folder: string, ref: string | null): Promise<EarlierProject | null> {
  if (ref === null) return null
  const { project, texts } = await openCommitBefore(folder, ref, `\`${ref}\``)
  return project === null ? null : { ref, project, texts }
}

/** Of the accounts that are planned, and of the project as a whole. */
function weakenedSince(
  earlier: EarlierProject | null,
  { project, accounts }: OpenedProject,
): WeakenedSince | null {
  if (earlier === null) return null
  const { ref, texts } = earlier
  return { ref, texts, protections: weakenedProtections(earlier.project, { ...project, accounts }) }
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
