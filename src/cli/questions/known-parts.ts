import type { AccessDiff } from '../../access/access-diff.ts'
import type { AccessEntry } from '../../access/access-entry.ts'
import {
  type AccountState,
  type AnyEntityState,
  byKind,
  type Estate,
  entitiesIn,
  isUnknown,
  type PlacedDocument,
  type StateDocument,
} from '../../model/index.ts'
import type { AccessAnalysis } from './access-analysis.ts'

const NOTHING: PlacedDocument = { json: { Version: '2012-10-17', Statement: [] }, located: null }

/**
 * What changes between two states, with what is known of those of whom not everything is. Of whom an attachment alone is known,
 * that is what they gain and lose; of a document that isn't known yet the known statements are what is gained. Nothing of it makes
 * anything less unknown: it is told beside it.
 */
export async function diffWithKnownParts(
  analysis: AccessAnalysis,
  before: Estate,
  after: Estate,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, AccessDiff>> {
  const whole = await analysis.diffEstates(before, after, accounts)
  const reasons = new Set([before, after].flatMap(unknownIn))
  const known = new Map(whole)
  const tell = async (old: Estate, now: Estate, directions: readonly ('gained' | 'lost')[]) => {
    for (const [account, diff] of await analysis.diffEstates(old, now, accounts)) {
      const told = known.get(account)
      if (told !== undefined) known.set(account, joined(told, diff, directions))
    }
  }
  if (reasons.has('not-held') || reasons.has('not-all'))
    await tell(knownPart(before, HELD), knownPart(after, HELD), ['gained', 'lost'])
  if (reasons.has('not-yet')) await tell(knownPart(before, HELD), knownPart(after, BY_NOW), ['gained'])
  return known
}

type Reason = Extract<StateDocument, { readonly unknown: string }>['unknown']
/** What isn't known for these reasons is left out. */
type LeftOut = ReadonlySet<Reason>
const HELD: LeftOut = new Set(['not-held', 'not-all'])
const BY_NOW: LeftOut = new Set([...HELD, 'not-yet'])

/** Entries of those alone of whom otherwise nothing is known, and that aren't there yet. */
function joined(told: AccessDiff, more: AccessDiff, directions: readonly ('gained' | 'lost')[]): AccessDiff {
  const unknown = new Set(
    told.unknown.flatMap(({ reason, principals }) => (reason === 'document' ? principals : [])),
  )
  const result = { ...told }
  for (const direction of directions) {
    const known = new Set(told[direction].map(keyOfEntry))
    const added = more[direction].flatMap((entry) => {
      const principals = entry.principals.filter((each) => unknown.has(each))
      const own = { ...entry, principals }
      return principals.length === 0 || known.has(keyOfEntry(own)) ? [] : [own]
    })
    result[direction] = [...told[direction], ...added]
  }
  return result
}

const keyOfEntry = ({ principals, actions, resources, notResources, conditions }: AccessEntry): string =>
  JSON.stringify([principals, actions, resources, notResources, conditions])

const unknownIn = ({ accounts, resources }: Estate): readonly Reason[] =>
  [
    ...accounts.flatMap(documentsIn),
    ...[...resources.values()].flatMap(({ policy }) => (policy === null ? [] : [policy])),
  ].flatMap((document) => (isUnknown(document) ? [document.unknown] : []))

const documentsIn = ({ entities }: AccountState): readonly StateDocument[] =>
  entitiesIn<AnyEntityState>(entities).flatMap((entity) => [
    ...('document' in entity ? [entity.document] : []),
    ...('inlinePolicies' in entity ? entity.inlinePolicies.values() : []),
    ...('trustPolicy' in entity ? [entity.trustPolicy] : []),
  ])

function knownPart(estate: Estate, leftOut: LeftOut): Estate {
  const partOf = (document: StateDocument): StateDocument =>
    isUnknown(document) && leftOut.has(document.unknown) ? (document.known ?? NOTHING) : document
  // Whom a role or a resource lets in that isn't known stays so, where not even a part of it is known.
  const partIfAny = (document: StateDocument): StateDocument =>
    isUnknown(document) && document.known === undefined ? document : partOf(document)
  const part = (entity: AnyEntityState): AnyEntityState => ({
    ...entity,
    ...('document' in entity ? { document: partOf(entity.document) } : {}),
    ...('inlinePolicies' in entity
      ? {
          inlinePolicies: new Map(
            [...entity.inlinePolicies].map(([name, document]) => [name, partOf(document)]),
          ),
        }
      : {}),
    ...('trustPolicy' in entity ? { trustPolicy: partIfAny(entity.trustPolicy) } : {}),
  })
  const mapped = <E>(all: ReadonlyMap<string, E>, map: (each: E) => E): ReadonlyMap<string, E> =>
    new Map([...all].map(([name, each]) => [name, map(each)]))
  return {
    ...estate,
    accounts: estate.accounts.map((state) => ({
      ...state,
      // Each entity stays of its kind, which a table by kind can't say.
      entities: byKind((kind) =>
        mapped<AnyEntityState>(state.entities[kind], part),
      ) as AccountState['entities'],
    })),
    resources: mapped(estate.resources, (facts) =>
      facts.policy === null ? facts : { ...facts, policy: partIfAny(facts.policy) },
    ),
  }
}
