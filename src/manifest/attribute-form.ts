import { z } from 'zod'
import type { AttributeName, AttributesOf } from '../kinds/attributes/attribute.ts'
import type { EntityFacts } from '../model/kind-facts.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import type { Elsewhere } from './hints/other-words.ts'
import type { EntityManifest } from './manifest-kind.ts'

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

interface Declarable<State, Desired extends { readonly kind: string }> {
  readonly kind: Desired['kind']
  readonly facts: EntityFacts
  /** What editors say that it is. */
  readonly told: string
  readonly attributes: AttributesOf<State, Desired>
  readonly forms: FormsOf<Desired>
  /** Keys that are looked for in it, and stand in another place. Absent: none is. */
  readonly elsewhere?: readonly Elsewhere[]
  /** What is said of one whatever it declares. */
  readonly remark?: (reading: EntityReading) => void
}

/** What manifests have to know of a kind, by what can be declared of it. */
export function manifestOf<State, Desired extends { readonly kind: string }>({
  kind,
  facts,
  told,
  attributes,
  forms,
  elsewhere = [],
  remark = () => {},
}: Declarable<State, Desired>): EntityManifest<State, Desired> {
  const all = Object.entries<AnyForm>(forms)
  return {
    facts,
    attributes: Object.values(attributes),
    schema: z
      .strictObject(Object.fromEntries(all.map(([name, { schema }]) => [name, schema])))
      .meta({ description: told }),
    elsewhere,
    read: (reading) => {
      remark(reading)
      // Each form reads its own attribute, and there is one of each: together they are what is declared.
      return Object.assign({ kind, ...reading.entity() }, ...all.map(([, { read }]) => read(reading)))
    },
  }
}
