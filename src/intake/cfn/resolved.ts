import { type LocatedScalar, type PlainValue, type Span, spanOf } from '../../diagnostics/index.ts'

/** A value of a template whose intrinsic functions have been carried out, as far as what they need is known. */
export type Resolved = LocatedScalar | ResolvedList | ResolvedMap | UnknownValue

interface ResolvedList extends Span {
  readonly kind: 'list'
  readonly items: readonly Resolved[]
}

export interface ResolvedMap extends Span {
  readonly kind: 'map'
  readonly entries: readonly ResolvedEntry[]
}

interface ResolvedEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: Resolved
}

/** What stands there is known once the stack is there. */
export interface UnknownValue extends Span {
  readonly kind: 'unknown'
  /** What it hangs on, as a part of a sentence: `the parameter \`Env\``. */
  readonly of: string
  /** Tells two of them apart; never shown, since it may be made of a secret. */
  readonly basis: string
}

export const unknownAt = (span: Span, of: string, basis: string): UnknownValue => ({
  kind: 'unknown',
  of,
  basis,
  ...spanOf(span),
})

export const textFrom = (span: Span, value: string): LocatedScalar => ({
  kind: 'scalar',
  value,
  quoted: true,
  ...spanOf(span),
})

/** A scalar as CloudFormation makes a text of it; null: it is none. */
export function scalarText(value: Resolved | null): string | null {
  if (value?.kind !== 'scalar' || value.value === null) return null
  return String(value.value)
}

/** The first value in it that isn't known; null: all of it is. */
export function unknownIn(value: Resolved): UnknownValue | null {
  if (value.kind === 'unknown') return value
  if (value.kind === 'scalar') return null
  const parts = value.kind === 'list' ? value.items : value.entries.map((entry) => entry.value)
  for (const part of parts) {
    const unknown = unknownIn(part)
    if (unknown !== null) return unknown
  }
  return null
}

/** The same with what tells unknown values apart in their places: for comparing, not for showing. */
export function basisOf(value: Resolved): PlainValue {
  switch (value.kind) {
    case 'unknown':
      return { unknown: value.basis }
    case 'scalar':
      return value.value
    case 'list':
      return value.items.map(basisOf)
    case 'map':
      return value.entries.map(({ key, value: part }) => [key, basisOf(part)])
  }
}

/** null: it isn't there, or isn't in a map. What is in something unknown is unknown. */
export function memberOf(value: Resolved | null, key: string): Resolved | null {
  if (value?.kind === 'unknown') return value
  if (value?.kind !== 'map') return null
  return value.entries.find((entry) => entry.key === key)?.value ?? null
}

/** What is in a list, or a single value by itself. */
export function itemsIn(value: Resolved | null): readonly Resolved[] {
  return value === null ? [] : value.kind === 'list' ? value.items : [value]
}
