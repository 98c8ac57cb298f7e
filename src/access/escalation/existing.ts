import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import { type Exploration, explore } from '../explore.ts'
import { judgingIn } from './between.ts'
import { entryEscalations } from './entry-escalations.ts'
import type { EscalationReport } from './escalation.ts'
import { escalationFindings } from './findings.ts'
import { newReach, type ReachedBy, unknownAccess, worldOf } from './new-reach.ts'
import { escalationReport } from './report.ts'

/** Everything that somebody can come to in a state, and whom outside its roles let in. */
export function existingEscalations(
  exploration: Exploration,
  facts: AccountFacts,
  by: ReachedBy,
): EscalationReport {
  const world = worldOf(exploration, facts, true)
  const { reached, unknown } = newReach(world, null, by)
  const { actions } = exploration.reasoner
  const letIn =
    by.from !== null
      ? []
      : explore(
          exploration,
          () => ({ wanted: actions.setOf({ negated: false, entries: ASSUMING }), once: true }),
          {
            isConcerned: by.isConcerned,
            isMeant: ({ account }, region) => account === null && region.type === 'trust',
            only: 'outsiders',
            withRoot: false,
          },
        ).entries('gained')
  const judging = judgingIn(world)
  // Who becomes a role that may do nothing has come to nothing.
  const worth = letIn.filter(({ resources }) => resources.some((role) => judging.powerOf(role) > 0))
  return escalationReport(
    [...escalationFindings(reached, actions), ...entryEscalations(worth, judging)],
    unknownAccess(unknown, world),
  )
}

const ASSUMING = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']
