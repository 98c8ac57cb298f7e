import type { AccountState, AnyEntityState, PrincipalEntity, StateDocument } from '../../model/index.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../layers.ts'
import type { ParsedDocuments } from './parsed-documents.ts'

/** Of an entity, with the groups by which it has them: as long as these are the same objects, so is what they hold. */
interface Known {
  readonly groups: readonly AnyEntityState[]
  readonly layers: PolicyLayers
}

/** What is put together from some policies of an account. */
interface KnownLayers {
  readonly policies: readonly AnyEntityState[]
  readonly awsPolicies: AccountState['awsPolicies']
  readonly facts: object
  /** By ARN. */
  readonly managed: Map<string, StateDocument>
  readonly ofGroups: WeakMap<AnyEntityState, readonly IdentifiedPolicy[]>
  readonly ofEntities: WeakMap<PrincipalEntity, Known>
}

/** States whose policies are remembered: both sides of a comparison, of a few accounts. */
const MOST_REMEMBERED = 8

const remembered = new WeakMap<ParsedDocuments, KnownLayers[]>()

/**
 * What was put together before for an account with the very same policies: a watcher's states differ in a few entities.
 * INVARIANT: entities, as all of a state, are never changed in place.
 * @param awsPolicies the account's own texts of AWS's policies: equal for the same object alone
 * @param facts where AWS's own policies are known: equal for the same object alone
 */
export function layersKnownFor(
  policies: ReadonlyMap<string, AnyEntityState>,
  awsPolicies: AccountState['awsPolicies'],
  facts: object,
  documents: ParsedDocuments,
): KnownLayers {
  const own = [...policies.values()]
  const all = remembered.get(documents) ?? []
  const isSame = (known: KnownLayers) =>
    known.facts === facts &&
    known.awsPolicies === awsPolicies &&
    known.policies.length === own.length &&
    known.policies.every((policy, index) => policy === own[index])
  const found = all.find(isSame)
  if (found !== undefined) return found
  const made: KnownLayers = {
    policies: own,
    awsPolicies,
    facts,
    managed: new Map(),
    ofGroups: new WeakMap(),
    ofEntities: new WeakMap(),
  }
  remembered.set(documents, [made, ...all.slice(0, MOST_REMEMBERED - 1)])
  return made
}
