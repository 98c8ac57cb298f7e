import type { AccessEntry } from '../../access/access-entry.ts'
import type { Escalation, EscalationStep } from '../../access/escalation/escalation.ts'
import { requestJson } from '../decisions/test-report.ts'

/** What an escalation has besides the parts of its entry. */
export const escalationJson = ({
  rule,
  class: kind,
  severity,
  weight,
  target,
  targets,
  path,
  likewise,
  why,
}: Escalation): object => ({
  rule,
  class: kind,
  severity,
  weight,
  target,
  targets,
  path: path.map(stepJson),
  ...(likewise === undefined ? {} : { likewise }),
  why,
})

/** Whether an entry is one way to gain power. */
export const isEscalation = (entry: AccessEntry): entry is Escalation => 'class' in entry && 'path' in entry

const stepJson = ({ way, actor, does, reaches, witness, besides }: EscalationStep): object => ({
  way,
  actor,
  does,
  reaches,
  witness: requestJson(witness),
  besides: besides.map(requestJson),
})
