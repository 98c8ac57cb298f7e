import { createHash } from 'node:crypto'
import { isObject } from '../../policy/parsing.ts'
import type { ConfiguredResource } from './configuration.ts'
import type { InstanceKey, ModuleStep } from './module-path.ts'
import { itemsOf, type JsonObject } from './plan-file.ts'

/** A resource or data source on one side of a plan. Its values are read by `readAt` alone, which leaves secrets where they are. */
export interface Instance {
  /** `module.ci.aws_iam_role.deploy["x"]` */
  readonly address: string
  readonly module: readonly ModuleStep[]
  readonly mode: 'managed' | 'data'
  readonly type: string
  /** `aws_iam_role.deploy`, `data.aws_iam_policy_document.trust` */
  readonly resource: string
  readonly key: InstanceKey
  readonly values: JsonObject
  /** Marks of the same form: `true` in place of what is known after the apply only. */
  readonly unknown: unknown
  /** Marks of the same form: `true` in place of what is a secret, or made of one. */
  readonly sensitive: unknown
  readonly configured: ConfiguredResource | null
  /** What the plan changes, and leaves where it is: what the provider once filled in it has by now. */
  readonly isUpdated: boolean
}

/**
 * What a plan says of an attribute.
 * - `absent`: it has none
 * - `unknown`: Terraform knows it after the apply
 * - `hidden`: it is marked as a secret, and so isn't looked at
 */
type AttributeReading =
  | { readonly is: 'known'; readonly value: unknown }
  | { readonly is: 'absent' | 'unknown' | 'hidden' }

const ABSENT: AttributeReading = { is: 'absent' }
const UNKNOWN: AttributeReading = { is: 'unknown' }
const HIDDEN: AttributeReading = { is: 'hidden' }

/**
 * Reads an attribute, or a part of it.
 * @param path `inline_policy`, 0, `policy`
 */
export function readAt(instance: Instance, ...path: readonly (string | number)[]): AttributeReading {
  let value: unknown = instance.values
  let { unknown, sensitive } = instance
  for (const step of path) {
    if (sensitive === true) return HIDDEN
    if (unknown === true) return unknownUnlessComputed(instance, path)
    value = at(value, step)
    unknown = at(unknown, step)
    sensitive = at(sensitive, step)
  }
  if (sensitive === true) return HIDDEN
  if (unknown === true) return unknownUnlessComputed(instance, path)
  return value === undefined || value === null ? ABSENT : { is: 'known', value }
}

/**
 * What nobody configures and the provider fills in, such as the policies attached to a role by others, is none of a resource that
 * is yet to be created. Blocks that are made by `dynamic` aren't in a plan's configuration either: where the provider fills in
 * none of the kind, or has done so before, such blocks are what isn't known, and how many there will be.
 */
const unknownUnlessComputed = (
  { configured, type, isUpdated }: Instance,
  [first]: readonly (string | number)[],
): AttributeReading =>
  configured === null ||
  typeof first !== 'string' ||
  isUpdated ||
  Object.hasOwn(configured.expressions, first) ||
  NEVER_FILLED_IN.has(`${type}.${first}`)
    ? UNKNOWN
    : ABSENT

/** Blocks that are configured or aren't there. @see Terraform Registry, hashicorp/aws: the arguments of each type */
const NEVER_FILLED_IN: ReadonlySet<string> = new Set(['aws_iam_policy_document.statement'])

function at(value: unknown, step: string | number): unknown {
  if (typeof step === 'number') return itemsOf(value)[step]
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

/** Whether the configuration gives an attribute, rather than the provider. */
export const isConfigured = ({ configured }: Instance, attribute: string): boolean =>
  configured !== null && Object.hasOwn(configured.expressions, attribute)

/** A text; null: it isn't known, or there is none. The empty text is none. */
export function textAt(instance: Instance, ...path: readonly (string | number)[]): string | null {
  const reading = readAt(instance, ...path)
  return reading.is === 'known' && typeof reading.value === 'string' && reading.value !== ''
    ? reading.value
    : null
}

/** How many parts a list has; null: it isn't known. */
export function lengthAt(instance: Instance, ...path: readonly (string | number)[]): number | null {
  const reading = readAt(instance, ...path)
  if (reading.is === 'absent') return 0
  return reading.is === 'known' && Array.isArray(reading.value) ? reading.value.length : null
}

/** The texts of a list, without those that aren't known; `isWhole` says whether these are all. */
export function knownTextsAt(
  instance: Instance,
  ...path: readonly (string | number)[]
): { readonly texts: readonly string[]; readonly isWhole: boolean } {
  const length = lengthAt(instance, ...path)
  if (length === null) return { texts: [], isWhole: false }
  const readings = Array.from({ length }, (_, index) => readAt(instance, ...path, index))
  const texts = readings.flatMap((each) =>
    each.is === 'known' && typeof each.value === 'string' ? [each.value] : [],
  )
  return { texts, isWhole: texts.length === length }
}

/** Tells two values of an attribute apart, whatever it is marked as; says nothing of what they are. */
export function digestAt(instance: Instance, ...path: readonly (string | number)[]): string {
  let value: unknown = instance.values
  for (const step of path) value = at(value, step)
  return createHash('sha256')
    .update(JSON.stringify(value) ?? instance.address)
    .digest('hex')
}
