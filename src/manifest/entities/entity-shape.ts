import { type Located, type PlainValue, plainOf } from '../../diagnostics/index.ts'
import type { Attribute } from '../../kinds/attributes/attribute.ts'

/** What a schema is given in place of a document: it asks no more than whether it is an object. */
const SOME_DOCUMENT: PlainValue = Object.freeze({})

/** An entity as plain values, but for its documents: most of its text, and read elsewhere. */
export function withoutDocuments(node: Located, attributes: readonly HoldsDocuments[]): PlainValue {
  if (node.kind !== 'map') return plainOf(node)
  const object: Record<string, PlainValue> = {}
  for (const { key, value } of node.entries)
    define(object, key, plainPart(value, attributes.find(({ name }) => name === key)?.documents ?? 'none'))
  return object
}

type HoldsDocuments = Pick<Attribute<never, never>, 'name' | 'documents'>

function plainPart(value: Located, documents: HoldsDocuments['documents']): PlainValue {
  if (documents === 'one') return placeholderOf(value)
  if (documents === 'none' || value.kind !== 'map') return plainOf(value)
  const object: Record<string, PlainValue> = {}
  for (const { key: name, value: document } of value.entries) define(object, name, placeholderOf(document))
  return object
}

const placeholderOf = (document: Located): PlainValue =>
  document.kind === 'map' ? SOME_DOCUMENT : plainOf(document)

/** `__proto__` as a key must become a property, not the prototype. */
function define(object: Record<string, PlainValue>, key: string, value: PlainValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}
