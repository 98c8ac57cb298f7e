import { type PrincipalEntity, principalEntitiesIn } from '../../model/index.ts'
import type { PlanRequest } from '../planning.ts'
import { toLookAt } from '../settled-by-earlier-plans.ts'
import { decideFates } from './deleted-or-replaced.ts'

/** ARNs that name no principal any more once the plan is carried out: of those deleted, made anew, or moved. */
export function leavingPrincipals(input: PlanRequest): ReadonlySet<string> {
  const fates = decideFates(input, toLookAt(input))
  const leaving = new Set<string>()
  for (const { kind, name, arn } of principalEntitiesIn<PrincipalEntity>(input.observed.entities)) {
    const declared = input.desired.entities[kind].get(name)
    if (fates.has(arn) || (declared !== undefined && declared.arn !== arn)) leaving.add(arn)
  }
  return leaving
}
