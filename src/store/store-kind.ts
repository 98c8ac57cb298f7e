import type { NameOf } from '../iam/store-port.ts'
import type { StoredEntities, StoredSettings } from '../kinds/kind.ts'

/** What a link of one sort leads to. Whatever kinds have links of this sort, they lead to the same. */
export type LinkTarget =
  /** A managed policy by its ARN: one of AWS's own has no row. `one`: there is at most one. */
  | { readonly to: 'policy'; readonly most: 'one' | 'many' }
  /** An entity of this kind by its id; the link goes with it. `one`: there is at most one; absent: any number. */
  | { readonly to: 'entity'; readonly kind: string; readonly most?: 'one' }
  /** An id that may be nobody's any more: that is what the link remembers. */
  | { readonly to: 'id' }

/** Policy documents of one sort. */
export type DocumentSlot =
  /** One, always. */
  | { readonly names: 'none' }
  /** Any number, by names of policies. */
  | { readonly names: 'policy' }
  /** Numbers from 1 on; there is always the one that this field of the body says. */
  | { readonly names: 'number'; readonly current: string }

/** How an entity of one kind is kept. */
export interface EntityStore<Body> {
  readonly family: 'entity'
  /** Bytes. */
  readonly longestName: number
  /** Absent: of letters, digits and `+=,.@_-`. `printable`: of any ASCII that is printed, without spaces. */
  readonly names?: 'printable'
  /** The kind that it is named under; null: it is named in the account. */
  readonly parent: string | null
  /** Whether one may be without a parent, in the account itself. Absent: none is. */
  readonly isParentOptional?: boolean
  readonly links: Readonly<Record<string, LinkTarget>>
  readonly documents: Readonly<Record<string, DocumentSlot>>
  /** @param json what `JSON.parse` made of a body. @returns null: no apply has written this */
  readonly readBody: (json: unknown) => Body | null
}

/** How a setting is kept. */
export interface SettingStore<Value> {
  readonly family: 'setting'
  /** @returns null: no apply has written this */
  readonly readValue: (json: unknown) => Value | null
}

/** Every kind that a store keeps. Values and bodies are plain data: as JSON they are written as they are. */
export type StoreKinds<E = StoredEntities, S = StoredSettings> = {
  readonly [K in NameOf<E>]: EntityStore<E[K]>
} & { readonly [K in NameOf<S>]: SettingStore<S[K]> }

/** A JSON value, if it is an object. */
export const fieldsOf = (json: unknown): Readonly<Record<string, unknown>> | null =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Readonly<Record<string, unknown>>)
    : null

export const isTexts = (json: unknown): json is readonly string[] =>
  Array.isArray(json) && json.every((each) => typeof each === 'string')

const NO_BODY = {}
/** For a kind that keeps no body. */
export const readNoBody = (json: unknown): Readonly<Record<string, never>> | null =>
  fieldsOf(json) === null ? null : NO_BODY

/** The last moment that JavaScript has a date for, in milliseconds. */
export const LAST_MOMENT = 8_640_000_000_000_000

export const isMoment = (json: unknown): json is number =>
  typeof json === 'number' && Number.isSafeInteger(json) && json >= 0 && json <= LAST_MOMENT
