import { FailedWith, flagSet, flagText, type Invocation, type Outcome } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { factsNote, findingsOf, previewAccounts, previewJson, previewText, verdictOf } from '../planning.ts'
import { type OpenedProject, openProject } from '../project.ts'
import { readingOf } from '../question-flags.ts'

export async function run({ folder, accounts, flags, streams }: Invocation): Promise<Outcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref') })
  const previews = await previewing(opened, flagText(flags, 'base'), 'tell', readingOf(flags))
  const findings = previews.flatMap(findingsOf)
  const hasChanges = previews.some(({ plan }) => plan.changes.length > 0)
  return {
    exitCode: exitCodeOf([
      ...previews.flatMap(verdictOf),
      ...(hasChanges && flagSet(flags, 'exitCode') ? [EXIT.changes] : []),
    ]),
    body: { plans: previews.map((preview) => previewJson(preview, opened)) },
    text: previews.map((preview) => previewText(preview, opened, streams.outColor)).join('\n\n'),
    diagnostics: [
      ...opened.diagnostics,
      ...previews.flatMap(({ diagnostics }) => diagnostics),
      ...factsNote(previews, opened),
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
) {
  try {
    return await previewAccounts(opened, base, access, reading)
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, opened.texts)
  }
}
