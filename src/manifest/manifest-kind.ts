import type { z } from 'zod'
import type { Diagnostic, Located, LocatedEntry, Span } from '../diagnostics/index.ts'
import type { Attribute } from '../kinds/attributes/attribute.ts'
import type {
  ChildKind,
  DesiredChild,
  DesiredEntity,
  DesiredOf,
  EntityKind,
  SettingKind,
  StateOf,
} from '../model/index.ts'
import type { ChildFacts, EntityFacts, SettingFacts } from '../model/kind-facts.ts'
import type { QuotaName } from '../model/quotas.ts'
import type { ChildReading } from './entities/child-reading.ts'
import type { EntityReading } from './entities/entity-reading.ts'
import type { Elsewhere } from './hints/other-words.ts'

/** Of every kind, by family, in the order in which people are told of their sections. */
export interface ManifestKinds {
  readonly entities: EntityManifests
  /** What may be named under one: `withChildren` has put their sections into its parent's. */
  readonly children: ChildManifests
  readonly settings: SettingManifests
}

export type EntityManifests = { readonly [K in EntityKind]: ManifestKind<K> }
export type SettingManifests = { readonly [K in SettingKind]: SettingManifest<DesiredOf<K>> }

/** What can be declared of an entity. */
export interface Attributed<State, Desired> {
  /** All of them, in the order in which they are read. */
  readonly attributes: readonly Attribute<State, Desired>[]
}

export type AttributedKind<K extends EntityKind> = Attributed<StateOf<K>, DesiredOf<K>>
export type AttributedKinds = { readonly [K in EntityKind]: AttributedKind<K> }

/** What manifests have to know of a kind of entity. */
export interface EntityManifest<State, Desired> extends Attributed<State, Desired> {
  readonly facts: EntityFacts
  /** The structure of one in YAML: its path and its attributes. */
  readonly schema: z.ZodObject
  /** Keys that are looked for in it, and stand in another place. Absent: none is. */
  readonly elsewhere?: readonly Elsewhere[]
  /** What may be named under one. Absent: nothing. */
  readonly childSections?: readonly ChildFacts[]
  /** What one declares besides itself, under its own name; absent: nothing. */
  readonly beside?: (name: string, node: Located) => readonly DeclaredBeside[]
  /** A key by which one says of others that it is in a list of theirs. Absent: there is none. */
  readonly lists?: Lists
  /** Called also where the schema finds errors: what is of a wrong type is passed over. */
  readonly read: (reading: EntityReading) => Desired
  /** What of one is good until some moment. Absent: nothing is. */
  readonly ends?: (desired: Desired) => readonly End[]
}

/** By which an entity says who is in it, in place of a list of each of them. */
export interface Lists {
  /** Its key: names of entities of the other kind. */
  readonly key: string
  readonly of: EntityKind
  /** Their attribute: names of such entities as this. */
  readonly attribute: string
  readonly quota: QuotaName
  /** Said of what is not declared. */
  readonly unknown: string
}

/** The end of something that is declared. */
interface End {
  /** The attribute. */
  readonly of: string
  /** What it is: `the certificate CN=web.example`. */
  readonly what: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** An entity of another kind that a key of this one stands for. */
export interface DeclaredBeside {
  readonly kind: EntityKind
  /** Where that is said. */
  readonly nameSpan: Span
  readonly node: Located
}

export type ManifestKind<K extends EntityKind> = EntityManifest<StateOf<K>, DesiredOf<K>>

/** What manifests have to know of a kind that is named under an entity. */
export interface ChildManifest<Desired extends DesiredChild> {
  readonly facts: ChildFacts
  /** What editors say that all of one parent are. */
  readonly told: string
  /** The structure of one in YAML. */
  readonly schema: z.ZodType
  /** Called also where the schema finds errors. @returns null: it can't be told which it is, which is reported */
  readonly read: (reading: ChildReading) => Desired | null
}

/** A kind of which none is declared, but that there is to be one: people make it. */
export interface RequirementManifest {
  readonly facts: ChildFacts
  /** Its key in its parent's declaration, under which `required` stands. */
  readonly key: string
  readonly told: string
  readonly schema: z.ZodType
  /** Where it stands that there is to be one; null: it doesn't. */
  readonly isRequired: (value: Located) => Span | null
  /** What it adds to the declaration of its parent. Called also where the schema finds errors. */
  readonly adds: (value: Located, parent: DesiredEntity) => Pick<DesiredEntity, 'generated' | 'onlyWithMfa'>
}

/** Of every kind; null: nothing of it can be declared. */
export type ChildManifests = {
  readonly [K in ChildKind]: [DesiredOf<K>] extends [never]
    ? RequirementManifest | null
    : ChildManifest<DesiredOf<K>>
}

/** What manifests have to know of a setting of the account. */
export interface SettingManifest<Desired> {
  readonly facts: SettingFacts
  readonly place: SettingPlace
  /** What editors say that it is. */
  readonly told: string
  /** The structure of its value in YAML. `null` may always stand there instead: there is to be none. */
  readonly schema: z.ZodType
  /** @returns null: what stands there is wrong, and that has been reported */
  readonly read: (
    declared: LocatedEntry,
    report: (diagnostics: readonly Diagnostic[]) => void,
  ) => Desired | null
}

/** Where a setting is declared: under a key of manifests, or of its account in the project file. */
export interface SettingPlace {
  readonly in: 'manifest' | 'account'
  readonly key: string
}
