import { type Diagnostic, errorOf, infoOf, warningOf } from '../../diagnostics/index.ts'
import { agreedTo } from '../arguments/agreed-to.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { flagText, type Invocation } from '../command.ts'
import { writePlanFile } from '../opening/plan-file.ts'
import type { OpenedProject } from '../opening/project.ts'
import { provenance } from '../opening/provenance.ts'
import type { Baseline } from './baseline.ts'
import type { Preview } from './planning.ts'

/**
 * Saves plans for `apply --plan`. What can't be applied as it is isn't saved.
 * @param isRefused whether something speaks against applying one of them
 * @throws DiagnosticError `saved-plan.not-written`
 */
export async function savePlans(
  file: string,
  previews: readonly Preview[],
  {
    opened,
    baseline,
    flags,
  }: {
    readonly opened: OpenedProject
    readonly baseline: Baseline
    readonly flags: Invocation['flags']
  },
  isRefused: boolean,
): Promise<readonly Diagnostic[]> {
  if (isRefused)
    return [
      warningOf({
        code: 'saved-plan.not-saved',
        message: `the plan is not saved in \`${file}\`, since it could not be applied`,
        help: 'mend what speaks against it first',
      }),
    ]
  const { commit, dirty, diagnostics } = await provenance(opened)
  writePlanFile(file, {
    made: {
      commit,
      dirty,
      ref: flagText(flags, 'ref') === null ? null : opened.commit,
      base: baseline.base,
      allowBrieflyWider: agreedTo(flags).allowBrieflyWider === true,
      assume: readingOf(flags).assume ?? null,
    },
    plans: previews.map(({ account: { account, name }, plan: { basis, digest, changes, steps } }) => ({
      account: { id: account.id, name, partition: account.partition },
      digest,
      basis,
      changes,
      steps,
    })),
  })
  return [
    ...diagnostics,
    infoOf({
      code: 'saved-plan.saved',
      message: `the plan is saved in \`${file}\``,
      help: `apply it, and nothing else: \`iam-sync apply --plan ${file}\``,
    }),
  ]
}

/** A plan that nobody can apply. */
export const notToBeSaved: Diagnostic = errorOf({
  code: 'cli.conflicting-flags',
  message: '`--against git:REF` makes a plan without a target, and `--out` saves one to be applied',
  help: 'leave `--against` out to save the plan of the target',
})
