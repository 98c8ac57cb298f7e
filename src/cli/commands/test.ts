import type { CheckResult } from '../../checks/check-result.ts'
import { checksReason } from '../../report/decisions/reasons.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { openProject } from '../opening/project.ts'
import { analysisOf, checksOf } from '../planning/planning.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<CommandOutcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref') })
  const checks = checksOf(opened, analysisOf(opened, readingOf(flags)))
  const results: CheckResult[] = []
  const why: string[] = []
  for (const { desired, name } of opened.accounts) {
    const ofAccount = await checks.run(desired)
    results.push(...ofAccount)
    why.push(...[checksReason(ofAccount, name, opened.texts)].filter((reason) => reason !== null))
  }
  return {
    exitCode: why.length === 0 ? EXIT.ok : EXIT.testFailed,
    why,
    result: { type: 'test', results },
    diagnostics: opened.diagnostics,
    texts: opened.texts,
  }
}
