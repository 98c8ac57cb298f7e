import type { PlanRequest } from '../planning.ts'
import { settledIn } from '../settled-by-earlier-plans.ts'
import { decideFates } from './deleted-or-replaced.ts'

/** ARNs that name no user and no role any more once the plan is carried out: of those deleted, made anew, or moved. */
export function leavingPrincipals(input: PlanRequest): ReadonlySet<string> {
  const fates = decideFates(input, settledIn(input))
  const leaving = new Set<string>()
  for (const { arn } of input.observed.entities.role.values()) if (fates.has(arn)) leaving.add(arn)
  for (const { name, arn } of input.observed.entities.user.values()) {
    const declared = input.desired.entities.user.get(name)
    if (fates.has(arn) || (declared !== undefined && declared.arn !== arn)) leaving.add(arn)
  }
  return leaving
}
