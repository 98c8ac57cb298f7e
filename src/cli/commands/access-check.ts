import type { AskedNames } from '../../checks/names/asked-names.ts'
import type { ProvedClaim } from '../../report/decisions/proof-text.ts'
import { claimReason } from '../../report/decisions/reasons.ts'
import { readingOf } from '../arguments/question-flags.ts'
import { inputOptions } from '../arguments/state-words.ts'
import { type CommandOutcome, FailedWith, type Invocation } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { type OpenAnalysis, openAnalysis, requiredAnalysis } from '../questions/access-analysis.ts'
import { accessContextOf } from '../questions/access-changes.ts'
import { type AccessClaim, claimsIn, proveClaim, stateOfRef, together } from '../questions/access-claims.ts'
import { openAsked } from '../questions/asked-estate.ts'
import { refuseOtherPartitions, refuseUnknownNames } from '../questions/asked-names.ts'

export async function run(
  invocation: Invocation,
  open: OpenAnalysis | null = openAnalysis,
): Promise<CommandOutcome> {
  const { folder, flags } = invocation
  const claims = claimsIn(flags)
  await refuseUnknownNames(flags, namesIn(claims), {
    actions: '--not-granted',
    resources: '--resource',
    principals: '--trust',
  })
  const opened = await openAsked(
    invocation,
    claims.flatMap((claim) => ('ref' in claim ? [stateOfRef(claim.ref)] : [])),
  )
  const { texts, diagnostics, facts } = opened
  refuseOtherPartitions(flags, namesIn(claims).resources ?? [], opened)
  try {
    const estate = await opened.estate('all')
    const names = new Map(opened.all.map(({ account, name }) => [account.id, name]))
    const state = { estate, names, texts, diagnostics }
    const analysis = await requiredAnalysis(
      { documentOf: facts.document, now: new Date(), ...readingOf(flags) },
      open,
    )
    const proved: ProvedClaim[] = []
    for (const claim of claims)
      proved.push({
        claim: claim.text,
        proof: await proveClaim(
          claim,
          state,
          opened.accounts,
          { folder, options: inputOptions(flags) },
          analysis,
        ),
      })
    const all = together(proved.map(({ proof }) => proof))
    const selected = new Set(opened.accounts.map(({ account }) => account.id))
    const context = await accessContextOf(estate.accounts.filter(({ account }) => selected.has(account.id)))
    return {
      exitCode: all.holds === true ? EXIT.ok : EXIT.testFailed,
      why: proved.flatMap(({ claim, proof }) => claimReason(claim, proof, texts) ?? []),
      result: { type: 'access check', claims: proved, together: all, context },
      diagnostics,
      texts,
    }
  } catch (error) {
    throw error instanceof FailedWith ? error : new FailedWith(error, texts)
  }
}

const namesIn = (claims: readonly AccessClaim[]): AskedNames => ({
  actions: claims.flatMap((claim) => (claim.type === 'not-granted' ? claim.probe.actions : [])),
  resources: [
    ...new Set(claims.flatMap((claim) => (claim.type === 'not-granted' ? claim.probe.resources : []))),
  ],
  principals: claims.flatMap((claim) => (claim.type === 'no-outside-access' ? claim.trust.trusted : [])),
})
