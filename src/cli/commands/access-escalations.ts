import { escalationsReason } from '../../report/decisions/reasons.ts'
import type { AccountEscalations } from '../../report/result.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { type CommandOutcome, FailedWith, flagSet, flagText, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { type OpenAnalysis, openAnalysis, requiredAnalysis } from '../questions/access-analysis.ts'
import { accessContextOf } from '../questions/access-changes.ts'
import { openAsked } from '../questions/asked-estate.ts'
import { refuseUnknownNames } from '../questions/asked-names.ts'
import { fromPrincipal } from '../questions/from-principal.ts'

export async function run(
  invocation: Invocation,
  open: OpenAnalysis | null = openAnalysis,
): Promise<CommandOutcome> {
  const { flags } = invocation
  const asked = flagText(flags, 'from')
  await refuseUnknownNames(flags, { principals: asked === null ? [] : [asked] }, { principals: '--from' })
  const opened = await openAsked(invocation)
  const { texts, diagnostics, facts } = opened
  try {
    const estate = await opened.estate('all')
    const named = flagText(flags, 'from')
    const from = named === null ? null : fromPrincipal(named, estate, opened.accounts, texts)
    const analysis = await requiredAnalysis(
      { documentOf: facts.document, now: new Date(), ...readingOf(flags) },
      open,
    )
    const told: AccountEscalations[] = []
    const why: string[] = []
    for (const { account, name } of opened.accounts) {
      const report = await analysis.escalations(estate, [account.id], from)
      const state = estate.accounts.find((each) => each.account.id === account.id) ?? null
      const context = await accessContextOf(state === null ? [] : [state])
      told.push({ account, name, report, context })
      const reason = escalationsReason(report, name, texts)
      if (reason !== null && flagSet(flags, 'exitCode')) why.push(reason)
    }
    return {
      exitCode: why.length > 0 ? EXIT.testFailed : EXIT.ok,
      why,
      result: { type: 'access escalations', accounts: told, from: named },
      diagnostics,
      texts,
    }
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, texts)
  }
}
