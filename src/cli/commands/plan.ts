import { asWarning } from '../../diagnostics/index.ts'
import { changesReason } from '../../report/decisions/reasons.ts'
import { type Agreed, agreedTo } from '../arguments/agreed-to.ts'
import { comparedWith } from '../arguments/compared-with.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { type OpenedProject, openProject } from '../opening/project.ts'
import { missingSecrets } from '../opening/secret-ports.ts'
import { type Baseline, openBaseline } from '../planning/baseline.ts'
import {
  factsNote,
  findingsOf,
  goneNote,
  objectionsTo,
  previewAccounts,
  whyOf,
} from '../planning/planning.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<CommandOutcome> {
  const compared = comparedWith(flags)
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'plan' })
  const baseline = await openBaseline(opened, compared)
  const previews = await previewing(opened, baseline, 'tell', readingOf(flags), agreedTo(flags))
  const findings = previews.flatMap(findingsOf)
  // Who reviews a plan need not have the secrets of who applies it.
  const missing = compared.type === 'commit' ? [] : (await missingSecrets(previews, opened)).map(asWarning)
  const objections = previews.flatMap((preview) => objectionsTo(preview, opened))
  const changes = flagSet(flags, 'exitCode') ? previews.flatMap(({ plan }) => changesReason(plan) ?? []) : []
  return {
    exitCode: exitCodeOf([
      ...objections.map(({ exitCode }) => exitCode),
      ...(changes.length > 0 ? [EXIT.changes] : []),
    ]),
    why: [...whyOf(objections), ...changes],
    result: { type: 'plan', plans: previews },
    diagnostics: [
      ...opened.diagnostics,
      ...(await nameWarnings(opened)),
      ...previews.flatMap(({ diagnostics }) => diagnostics),
      ...factsNote(previews, opened),
      ...(accounts.length === 0 ? goneNote(baseline) : []),
      ...missing,
      ...findings,
    ],
    texts: opened.texts,
    shown: new Set(findings),
  }
}

/** With the texts that a target's problem may point into. */
export async function previewing(
  opened: OpenedProject,
  baseline: Baseline,
  access: 'tell' | 'skip',
  reading: ReturnType<typeof readingOf>,
  agreed: Agreed,
) {
  try {
    return await previewAccounts(opened, baseline, access, reading, agreed)
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, opened.texts)
  }
}
