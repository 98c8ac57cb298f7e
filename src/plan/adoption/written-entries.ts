import type { PlainValue } from '../../diagnostics/index.ts'
import type { DesiredState } from '../../manifest/desired.ts'
import type { AwsPolicyNames } from '../../manifest/entities/policy-names.ts'
import { type AccountState, type EntityKind, isUnknown } from '../../model/index.ts'
import { desiredOf, entitiesOf } from '../planning.ts'
import type { Adoptable } from './adoptable.ts'

/** Where names stand for something. */
export interface NamesForWriting {
  readonly desired: DesiredState
  readonly observed: AccountState
  readonly aws: AwsPolicyNames
}

/** What a declaration of an attribute is; null: a document of it can't be read. */
export function writtenValue(
  { parts, listed, refersTo }: Adoptable,
  names: NamesForWriting,
): PlainValue | null {
  const nameOf = (text: string): string => (refersTo === null ? text : shortestName(text, refersTo, names))
  const texts: string[] = []
  const documents: Record<string, PlainValue> = {}
  for (const { written } of parts)
    if (written?.is === 'text') texts.push(nameOf(written.text))
    else if (written?.is === 'value')
      return typeof written.value === 'string' ? nameOf(written.value) : written.value
    else if (written?.is === 'document') {
      if (isUnknown(written.document)) return null
      // A document is what JSON can say.
      documents[written.name] = written.document.json as unknown as PlainValue
    } else return null
  return texts.length > 0 ? [...listed.map(nameOf), ...texts] : documents
}

/** A name that stands for nothing else in a manifest of the account; else the ARN. */
function shortestName(text: string, kind: EntityKind, { desired, observed, aws }: NamesForWriting): string {
  const own = desiredOf(desired, kind)
  if (!text.startsWith('arn:'))
    return own.has(text) ? text : (entitiesOf(observed, kind).get(text)?.arn ?? text)
  const name = text.slice(text.lastIndexOf('/') + 1)
  const ofAws = aws.arnOf(name, observed.account.partition)
  const isOwn = own.get(name)?.arn === text
  return (isOwn && ofAws === null) || (ofAws === text && !own.has(name)) ? name : text
}
