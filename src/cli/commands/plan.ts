import { asWarning } from '../../diagnostics/index.ts'
import { changesReason } from '../../report/decisions/reasons.ts'
import { type Agreed, agreedTo } from '../arguments/agreed-to.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { nameWarnings } from '../opening/name-warnings.ts'
import { type OpenedProject, openProject } from '../opening/project.ts'
import { missingSecrets } from '../opening/secret-ports.ts'
import { factsNote, findingsOf, objectionsTo, previewAccounts, whyOf } from '../planning/planning.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<CommandOutcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref'), unstorable: 'plan' })
  const previews = await previewing(
    opened,
    flagText(flags, 'base'),
    'tell',
    readingOf(flags),
    agreedTo(flags),
  )
  const findings = previews.flatMap(findingsOf)
  // Who reviews a plan need not have the secrets of who applies it.
  const missing = (await missingSecrets(previews, opened)).map(asWarning)
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
  base: string | null,
  access: 'tell' | 'skip',
  reading: ReturnType<typeof readingOf>,
  agreed: Agreed,
) {
  try {
    return await previewAccounts(opened, base, access, reading, agreed)
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, opened.texts)
  }
}
