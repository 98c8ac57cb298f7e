import { listDetail } from '../../kinds/attributes/details.ts'
import type { Detail } from '../../model/detail.ts'
import { type AnyEntityState, keysOf } from '../../model/index.ts'
import type { Planning } from '../planning.ts'
import { RANK, token } from '../steps/step-drafts.ts'
import type { Release } from './release.ts'

/** Of all kinds, what an entity that goes must leave. */
export const releasesOf = (planning: Planning, goes: AnyEntityState): readonly Release[] =>
  keysOf(planning.kinds).flatMap((kind) => planning.kinds[kind].releases?.(planning, goes) ?? [])

/** What is lost with an entity that doesn't come back. */
export function releaseDetails(releases: readonly Release[]): readonly Detail[] {
  const sections = [...new Set(releases.map(({ section }) => section))]
  return sections.flatMap((section) =>
    listDetail(
      section,
      [],
      releases.flatMap((release) => (release.section === section ? [release.name] : [])).sort(),
    ),
  )
}

/**
 * The steps by which an entity leaves.
 * @param backAs its ARN once it is made anew: it enters again; null: it doesn't
 */
export function releaseSteps(
  planning: Planning,
  change: string,
  { arn }: AnyEntityState,
  releases: readonly Release[],
  backAs: string | null,
): void {
  for (const { leave, enter, room, isDeclared } of releases) {
    planning.steps.push({
      change,
      ...leave,
      rank: RANK.remove,
      provides: [token.unused(arn), room],
    })
    if (backAs !== null && isDeclared)
      planning.steps.push({
        change,
        ...enter,
        rank: RANK.add,
        requires: [token.exists(backAs), room],
      })
  }
}
