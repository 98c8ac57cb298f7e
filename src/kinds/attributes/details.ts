import type { Detail, Scalar } from '../../model/detail.ts'
import {
  type Account,
  isUnknown,
  type PlacedDocument,
  type PolicyDocument,
  type StateDocument,
  unknownWords,
} from '../../model/index.ts'
import { statementChanges } from '../../policy/statement-changes.ts'

export const valueDetail = (path: string, before: Scalar, after: Scalar): readonly Detail[] =>
  before === after ? [] : [{ type: 'value', path, before, after }]

export const listDetail = (
  path: string,
  added: readonly string[],
  removed: readonly string[],
): readonly Detail[] => (added.length + removed.length === 0 ? [] : [{ type: 'list', path, added, removed }])

/** A document that differs in meaning. What it says outside its statements becomes values of their own. */
export function policyDetail(
  path: string,
  before: PolicyDocument | null,
  after: PolicyDocument | null,
  account: Account,
): readonly Detail[] {
  const elements =
    before === null || after === null
      ? []
      : (['Version', 'Id'] as const).flatMap((element) =>
          valueDetail(`${path}.${element}`, before[element] ?? null, after[element] ?? null),
        )
  const statements = statementChanges(before, after, account)
  return [...elements, { type: 'policy', path, statements, before, after }]
}

/** Of what is there and what takes its place. What isn't known is said to go, and all that comes to be new. */
export function documentDetail(
  path: string,
  before: StateDocument | null,
  after: PlacedDocument | null,
  account: Account,
): readonly Detail[] {
  const json = after?.json ?? null
  if (before === null || !isUnknown(before)) return policyDetail(path, before?.json ?? null, json, account)
  return [
    ...listDetail(path, [], [`(not known: ${unknownWords(before)})`]),
    ...(json === null ? [] : policyDetail(path, null, json, account)),
  ]
}

/** What happens to each tag, by key. */
export function tagDetails(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Detail[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort()
  return keys.flatMap((key) => valueDetail(`tags.${key}`, before.get(key) ?? null, after.get(key) ?? null))
}
