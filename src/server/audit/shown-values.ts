import { Secret } from '../../model/secret.ts'
import { membersIn, type Service, type Shape } from '../protocol/shapes.ts'

/** Secrets that AWS's model doesn't call so. */
const ALSO_SECRET: ReadonlySet<string> = new Set([
  'AuthenticationCode1',
  'AuthenticationCode2',
  'ContextAssertion',
  'SessionToken',
  'TokenCode',
])

/**
 * What of an input or an answer goes into the audit log: each member but secrets, named as CloudTrail does.
 * @param structure of the model; null: it has nothing
 * @param longest in characters: of what is longer the size is shown
 * @returns null: there is nothing to show
 */
export function shownValues(
  service: Service,
  structure: string | null,
  value: object | null,
  longest: number,
): object | null {
  if (structure === null || value === null) return null
  const shown = shownStructure(service, structure, value)
  if (Object.keys(shown).length === 0) return null
  const size = JSON.stringify(shown).length
  return size <= longest
    ? shown
    : { omitted: true, originalSize: size, reason: `more than ${longest} characters` }
}

const shownStructure = (
  service: Service,
  structure: string,
  value: object,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(membersIn(service, structure)).flatMap(([member, shape]) => {
      const given: unknown = Reflect.get(value, member)
      return given === undefined || given === null || isSecret(member, shape)
        ? []
        : [[lowerFirst(member), shownValue(service, shape, given)]]
    }),
  )

function isSecret(member: string, shape: Shape): boolean {
  if (ALSO_SECRET.has(member)) return true
  if (typeof shape === 'string') return false
  return 'secret' in shape || ('list' in shape && isSecret('', shape.list))
}

function shownValue(service: Service, shape: Shape, value: unknown): unknown {
  if (typeof shape === 'string')
    return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
  // Whoever asks has left secrets out; this is for what a list may come to hold.
  if ('secret' in shape) return null
  if ('structure' in shape) return shownStructure(service, shape.structure, value as object)
  if ('list' in shape)
    return (value as readonly unknown[]).map((each) => shownValue(service, shape.list, each))
  return Object.fromEntries(
    Object.entries(value as object).map(([key, each]) => [key, shownValue(service, shape.value, each)]),
  )
}

/** `sAMLMetadataDocument`, too. */
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/** Secrets of an input: an error may quote what it was given. */
export function inputSecrets(
  service: Service,
  structure: string | null,
  value: object | null,
): readonly Secret[] {
  if (structure === null || value === null) return []
  return Object.entries(membersIn(service, structure)).flatMap(([member, shape]) => {
    const given: unknown = Reflect.get(value, member)
    if (given instanceof Secret) return [given]
    if (typeof given === 'string') return isSecret(member, shape) ? [new Secret(given)] : []
    if (typeof shape === 'string' || typeof given !== 'object' || given === null) return []
    if ('structure' in shape) return inputSecrets(service, shape.structure, given)
    if (!('list' in shape) || typeof shape.list === 'string' || !('structure' in shape.list)) return []
    const { structure: inner } = shape.list
    return (given as readonly object[]).flatMap((each) => inputSecrets(service, inner, each))
  })
}
