import { type Diagnostic, entryOf, errorOf, type Span, spanOf } from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  type AnyEntityState,
  type EntityKind,
  entityRef,
  keysOf,
} from '../../model/index.ts'
import { severalOf } from '../../model/kind-facts.ts'
import type { AnyCall } from '../../model/step.ts'
import type { Headroom } from '../plan.ts'
import { type ChangeDraft, desiredOf, entitiesOf, type PlanKind, type Planning } from '../planning.ts'
import { carryOut, copyOf } from '../steps/carry-out.ts'
import { usesOfCredentials } from './uses-of-credentials.ts'

/** What a plan comes to of what AWS bounds. */
interface QuotasOfPlan {
  /** What no call of it could make: of single entities. How many of a kind an account may have is the guard's. */
  readonly refusals: readonly Diagnostic[]
  /** What it brings to its limit, or near to it. */
  readonly headroom: readonly Headroom[]
}

/** From this share of a limit on it is told, where a plan takes more of it than was taken. */
const NEAR = 0.9

/**
 * Looks at what the plan makes or changes: whatever is declared, a policy that is generated, a group that names its members and what
 * nobody here manages may together be more than AWS takes, though each of it is fine. What was over a limit before, and takes no
 * more of it, is let be.
 * @param steps in whatever order
 */
export function quotasOf(planning: Planning, steps: readonly Pick<AnyCall, 'effects'>[]): QuotasOfPlan {
  const uses =
    steps.length === 0
      ? []
      : [...usesOfEntities(planning, steps), ...credentialsOf(planning), ...usesOfAccount(planning)]
  const rising = uses.filter(({ before, used }) => used > before)
  return {
    refusals: rising.filter(({ used, limit, of }) => used > limit && of !== null).map(refusal),
    headroom: rising
      .filter(({ used, limit }) => used <= limit && used >= limit * NEAR)
      .map(({ of, quota, what, used, limit }) => ({ entity: of?.ref ?? null, quota, what, used, limit })),
  }
}

interface Use extends Omit<Headroom, 'entity'> {
  /** null: of the account as a whole. */
  readonly of: { readonly ref: string; readonly span: Span } | null
  readonly before: number
}

const refusal = ({ of, what, used, limit, quota }: Use): Diagnostic =>
  errorOf({
    code: 'plan.quota',
    message: `\`${of?.ref}\` would have ${used} ${what}, what is not declared there among them; at most ${limit} are allowed`,
    help: `take some away, or have \`${quota}\` raised and say so in \`target.quotas\`, where AWS raises it`,
    span: of?.span ?? null,
  })

function usesOfEntities(planning: Planning, steps: readonly Pick<AnyCall, 'effects'>[]): readonly Use[] {
  const after = copyOf(planning.observed)
  for (const { effects } of steps) carryOut(effects, after)
  const usesOf = <K extends EntityKind>(kind: K, change: ChangeDraft): readonly Use[] => {
    const { quotas }: PlanKind<K> = planning.kinds[kind]
    const states: ReadonlyMap<string, AnyEntityState> = after.entities[kind]
    const state = states.get(change.name)
    const desired = desiredOf(planning.desired, kind).get(change.name)
    if (state === undefined || desired === undefined) return []
    const before =
      change.action === 'replace' ? undefined : entitiesOf(planning.observed, kind).get(change.name)
    return quotas.map(({ quota, attribute, what, used }) => ({
      of: { ref: entityRef(kind, change.name), span: placeOf(desired, attribute) },
      quota,
      what,
      // Who is of a kind in the lists is one of it.
      before: before === undefined ? 0 : used(before as never),
      used: used(state as never),
      limit: planning.quotas[quota],
    }))
  }
  return planning.changes.flatMap((change) =>
    isEntityKind(planning, change.kind) && change.action !== 'delete' ? usesOf(change.kind, change) : [],
  )
}

const credentialsOf = (planning: Planning): readonly Use[] =>
  usesOfCredentials(planning).map(({ ref, entity, section, ...use }) => ({
    ...use,
    of: { ref, span: placeOf(entity, section) },
    quota: `${section}Per${planning.kinds[entity.kind].facts.title}`,
  }))

const isEntityKind = ({ kinds }: Planning, kind: string): kind is EntityKind => Object.hasOwn(kinds, kind)

const placeOf = ({ node, span }: AnyDesiredEntity, attribute: string): Span =>
  spanOf(entryOf(node, attribute)?.keySpan ?? span)

/** How many of each kind there are. */
function usesOfAccount(planning: Planning): readonly Use[] {
  const numberOf = (kind: EntityKind, action: ChangeDraft['action']): number =>
    planning.changes.filter((change) => change.kind === kind && change.action === action).length
  return keysOf(planning.kinds).flatMap((kind) => {
    const { facts } = planning.kinds[kind]
    if (facts.isOfAws === true) return []
    const before = entitiesOf(planning.observed, kind).size
    return {
      of: null,
      quota: facts.quota,
      what: severalOf(facts),
      before,
      used: before + numberOf(kind, 'create') - numberOf(kind, 'delete'),
      limit: planning.quotas[facts.quota],
    }
  })
}
