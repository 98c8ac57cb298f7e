import type { Diagnostic } from '../diagnostics/index.ts'
import { type AnyDesiredEntity, type CredentialNote, keysOf } from '../model/index.ts'
import { orderBetween } from './between/order-between.ts'
import { lackingWarnings } from './children/lacking.ts'
import { unreadCredentials } from './children/unread-credentials.ts'
import { planDigest } from './digest.ts'
import { checkNames, checkReferences } from './documents/references.ts'
import { refusedDocuments } from './documents/refused-documents.ts'
import { unknownDocuments } from './documents/unknown-documents.ts'
import { whatChanges } from './grants/changes-of-held.ts'
import { effectsIn } from './grants/effects.ts'
import { holdersIn } from './grants/holders.ts'
import { policyRoom } from './grants/policy-room.ts'
import { crowdedKinds, guardRefusals, widerRefusals } from './guard.ts'
import { inOrderOfCreation } from './kind-order.ts'
import type { Change, Plan } from './plan.ts'
import { planAccountSettings } from './plan-account-settings.ts'
import { planEntities } from './plan-entities.ts'
import { desiredOf, type PlanRequest, type WholePlanning } from './planning.ts'
import { orphansIn } from './principals/orphans.ts'
import { NO_OTHERS } from './principals/other-accounts.ts'
import { quotasOf } from './quotas/headroom.ts'
import { decideFates } from './removal/deleted-or-replaced.ts'
import { lossesOfDeployer } from './removal/deployer.ts'
import { idleIgnores } from './removal/idle-ignores.ts'
import { withoutAdministrators } from './removal/last-administrator.ts'
import { noteUnmanagedEntities } from './removal/unmanaged.ts'
import { settledIn, toLookAt } from './settled-by-earlier-plans.ts'
import { type NeededSecret, neededSecrets } from './steps/needed-secrets.ts'

export type { PlanInput } from './plan-input.ts'
export type { PlanRequest } from './planning.ts'

export interface PlanResult {
  readonly plan: Plan
  /** With an error among them, the plan can be shown but not applied. */
  readonly diagnostics: readonly Diagnostic[]
  /** What carrying it out takes, and no plan holds. */
  readonly secrets: readonly NeededSecret[]
  /** What an apply writes down of credentials that no journal has the names of. */
  readonly adopted: readonly CredentialNote[]
}

/**
 * Compares what is declared with what exists, and says what would be done.
 * Pure: reads no clock and calls nobody; the same input gives the same plan, byte for byte, in whatever order the
 * observed entities were listed.
 */
export function planChanges(request: PlanRequest): PlanResult {
  const input = { ...request, kinds: inOrderOfCreation(request.kinds) }
  const open = toLookAt(input)
  const fates = decideFates(input, open)
  const crowded = crowdedKinds(input, open)
  const holders = holdersIn(input.observed)
  const planning: WholePlanning = {
    ...input,
    others: input.others ?? NO_OTHERS,
    fates,
    effects: effectsIn(input),
    changing: whatChanges(input, fates, open.policy),
    settled: settledIn(input),
    toLookAt: open,
    crowded,
    ...policyRoom(input, fates, holders, crowded.has('policy')),
    holders,
    compared: new Map(),
    changes: [],
    steps: [],
    unmanaged: [],
    ignored: [],
    matchedIgnores: new Set(),
    diagnostics: [],
    lacking: [],
    adopted: [],
  }
  checkNames(planning)
  checkReferences(planning)
  for (const kind of keysOf(input.kinds)) planEntities(planning, kind)
  planAccountSettings(planning)
  noteUnmanagedEntities(planning)
  planning.diagnostics.push(
    ...lackingWarnings(planning.lacking),
    ...idleIgnores(planning),
    ...unreadCredentials(planning),
    ...refusedDocuments(input, planning.changes),
    ...unknownDocuments(input),
  )

  const { steps: ordered, byChange, wider } = orderBetween(planning)
  // Each kind's planner makes the calls of its own operations. Whoever lists a kind that the source doesn't know has a target
  // that knows it as well; all others have the calls that this says.
  const steps = ordered as Plan['steps']
  const changes = planning.changes
    .map(
      ({ key, ...change }): Change => ({
        ...change,
        steps: byChange.get(key) ?? [],
        brieflyWider: wider.get(key) ?? null,
      }),
    )
    .sort((a, b) => (a.steps[0] ?? 0) - (b.steps[0] ?? 0))
  const { account } = input.desired
  const facts = input.facts ?? []
  const orphans = orphansIn(planning)
  const { refusals, headroom } = quotasOf(planning, ordered)
  planning.diagnostics.push(...refusals)
  return {
    plan: {
      account: { id: account.id, name: account.name },
      ...planDigest(account, input.observed, { changes, steps, facts }, planning),
      changes,
      steps,
      unchanged: declaredCount(input) - changes.filter(({ span }) => span !== null).length,
      unmanaged: planning.unmanaged,
      ...(planning.ignored.length === 0 ? {} : { ignored: planning.ignored }),
      refusals: [
        ...guardRefusals(planning),
        ...withoutAdministrators(planning, ordered),
        ...lossesOfDeployer(planning, ordered),
        ...widerRefusals(changes, planning),
      ],
      facts,
      ...(orphans.length === 0 ? {} : { orphans }),
      ...(headroom.length === 0 ? {} : { headroom }),
    },
    diagnostics: planning.diagnostics,
    secrets: neededSecrets(input, { changes, steps }),
    adopted: planning.adopted,
  }
}

function declaredCount({ kinds, settings, desired }: PlanRequest): number {
  const entities = keysOf(kinds).reduce((sum, kind) => sum + countOf(desiredOf(desired, kind)), 0)
  const declared = keysOf(settings).filter((kind) => (desired.settings[kind]?.value ?? null) !== null)
  return entities + declared.length
}

/** With all that is named under them. */
function countOf(entities: ReadonlyMap<string, AnyDesiredEntity>): number {
  let count = entities.size
  for (const { children } of entities.values())
    if (children !== undefined) for (const { size } of children.values()) count += size
  return count
}
