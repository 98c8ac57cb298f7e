import { RANK, type StepDraft, token } from './step-drafts.ts'

/** Where stands what somebody may sign in with from then on: after all that limits them, and not at all where that fails. */
export const signInPlace = (arn: string): Required<Pick<StepDraft, 'rank' | 'requires' | 'provides'>> => ({
  rank: RANK.credential,
  requires: [token.exists(arn), token.denied(arn), token.lost(arn), token.narrowed(arn), token.bounded(arn)],
  provides: [],
})
