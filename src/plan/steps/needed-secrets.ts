import type { Span } from '../../diagnostics/index.ts'
import {
  type EntityKind,
  isSecretSource,
  type MadeSecret,
  type PlacedSecret,
  type SecretSource,
} from '../../model/index.ts'
import type { Step } from '../../model/step.ts'
import type { Change } from '../plan.ts'
import type { PlanKinds, PlanRequest } from '../planning.ts'

/** A secret that carrying out a plan takes. */
export interface NeededSecret {
  /** null: it comes with the answer of the call. */
  readonly source: SecretSource | null
  /** Whose it is: `user/alice`. */
  readonly of: string
  /** Where the source is written. */
  readonly span: Span | null
  /** Whom it is for; null: nobody has to know it. */
  readonly makes: MadeSecret | null
}

/** The sources in the inputs of a plan's steps, in the order of its changes. */
export function neededSecrets(
  { kinds, desired }: Pick<PlanRequest, 'kinds' | 'desired'>,
  { changes, steps }: { readonly changes: readonly Change[]; readonly steps: readonly Step[] },
): readonly NeededSecret[] {
  return changes.flatMap((change) => {
    const sources = change.steps.flatMap((number) => {
      const { input = {}, makes = null, tells } = steps[number] ?? {}
      const taken: readonly Pick<NeededSecret, 'source' | 'makes'>[] = Object.values(input)
        .filter(isSecretSource)
        .map((source) => ({ source, makes }))
      return tells === undefined ? taken : [...taken, { source: null, makes: tells.made }]
    })
    if (sources.length === 0) return []
    const placed = isKindOf(kinds, change.kind)
      ? declaredSecrets(kinds, desired, change.kind, change.name)
      : []
    return sources.map(({ source, makes }) => ({
      source,
      makes,
      of: `${change.kind}/${change.name}`,
      span: placed.find((each) => each.source === source)?.span ?? change.span,
    }))
  })
}

function declaredSecrets<K extends EntityKind>(
  kinds: PlanKinds,
  desired: PlanRequest['desired'],
  kind: K,
  name: string,
): readonly PlacedSecret[] {
  const entity = desired.entities[kind].get(name)
  const { attributes }: PlanKinds[K] = kinds[kind]
  return entity === undefined ? [] : attributes.flatMap(({ secret }) => secret?.(entity) ?? [])
}

const isKindOf = (kinds: PlanKinds, kind: string): kind is EntityKind => Object.hasOwn(kinds, kind)
