import { z } from 'zod'
import { entryOf, type Located, type LocatedEntry, spanOf } from '../diagnostics/index.ts'
import type { AttributeName, AttributesOf } from '../kinds/attributes/attribute.ts'
import type { EntityFacts } from '../model/kind-facts.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import { ignoreSchema, readIgnored } from './entities/ignored.ts'
import type { Elsewhere } from './hints/other-words.ts'
import type { DeclaredBeside, EntityManifest, Lists } from './manifest-kind.ts'

/** How an attribute is declared: its structure in YAML, and how it is read. */
interface AttributeForm<Desired, A extends keyof Desired> {
  readonly schema: z.ZodType
  /** Called also where the schema finds errors: what is of a wrong type is passed over. What is absent is left out. */
  readonly read: (reading: EntityReading) => Pick<Desired, A>
}

interface AnyForm {
  readonly schema: z.ZodType
  readonly read: (reading: EntityReading) => object
}

/** Of a kind all attributes, in the order in which people are told of them: a forgotten one doesn't compile. */
type FormsOf<Desired> = { readonly [A in AttributeName<Desired>]: AttributeForm<Desired, A> }

/** A key by which an entity declares another one of its name. */
interface ShortForm {
  readonly schema: z.ZodType
  /** @param key with its value, whatever that is. @returns null: it declares none */
  readonly declares: (
    name: string,
    key: LocatedEntry,
    node: Located,
  ) => Omit<DeclaredBeside, 'nameSpan'> | null
}

interface Declarable<State, Desired extends { readonly kind: string }> {
  readonly kind: Desired['kind']
  readonly facts: EntityFacts
  /** What editors say that it is. */
  readonly told: string
  readonly attributes: AttributesOf<State, Desired>
  readonly forms: FormsOf<Desired>
  /** Keys that are looked for in it, and stand in another place. Absent: none is. */
  readonly elsewhere?: readonly Elsewhere[]
  /** Keys that declare an entity of another kind beside it. Absent: there is none. */
  readonly shortForms?: Readonly<Record<string, ShortForm>>
  /** What is said of one whatever it declares. */
  readonly remark?: (reading: EntityReading) => void
  readonly lists?: Lists
  /** Whether what it holds beside its declaration may be ignored for a while. Absent: it holds nothing that a plan tells. */
  readonly hasGrants?: true
  readonly ends?: NonNullable<EntityManifest<State, Desired>['ends']>
}

/** What manifests have to know of a kind, by what can be declared of it. */
export function manifestOf<State, Desired extends { readonly kind: string }>({
  kind,
  facts,
  told,
  attributes,
  forms,
  elsewhere = [],
  shortForms = {},
  remark = () => {},
  lists,
  ends = () => [],
  hasGrants,
}: Declarable<State, Desired>): EntityManifest<State, Desired> {
  const all = Object.entries<AnyForm>(forms)
  const shorts = Object.entries(shortForms)
  return {
    facts,
    attributes: Object.values(attributes),
    schema: z
      .strictObject({
        ...Object.fromEntries([...all, ...shorts].map(([name, { schema }]) => [name, schema])),
        ...(hasGrants === true ? { ignore: ignoreSchema } : {}),
      })
      .meta({ description: told }),
    elsewhere,
    ...(shorts.length === 0 ? {} : { beside: (name, node) => declaredBeside(shorts, name, node) }),
    ...(lists === undefined ? {} : { lists }),
    ends,
    read: (reading) => {
      remark(reading)
      // Each form reads its own attribute, and there is one of each: together they are what is declared.
      const place = facts.placeOf === undefined ? {} : { path: facts.placeOf(reading.name.text)?.path ?? '/' }
      return Object.assign(
        { kind, ...reading.entity(), ...place },
        ...all.map(([, { read }]) => read(reading)),
        hasGrants === true ? readIgnored(reading, Object.values(attributes), kind) : {},
      )
    },
  }
}

const declaredBeside = (
  shorts: readonly (readonly [string, ShortForm])[],
  name: string,
  node: Located,
): readonly DeclaredBeside[] =>
  shorts.flatMap(([key, { declares }]) => {
    const entry = entryOf(node, key)
    const declared = entry === null ? null : declares(name, entry, node)
    return entry === null || declared === null ? [] : [{ ...declared, nameSpan: spanOf(entry.keySpan) }]
  })
