import { Secret } from '../../model/secret.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { type Constraint, membersIn, operationIn, type Service, type Shape } from '../protocol/shapes.ts'

/** AWS has another text for names than for all else. @see test/iam/contract: recorded answers */
const NAME_PATTERN = '[\\w+=,.@-]+'
const LONGEST_SHOWN = 200
/** What a message still says of a list. */
const MOST_SHOWN = 20
/** Problems whose text an answer has: a request of thousands of items has one for each. */
const MOST_TOLD = 20

/**
 * Holds what an operation is given against the constraints of the service's model, as AWS does before anything is looked up.
 * @throws ProtocolError ValidationError, with all that is wrong
 */
export function checkInput(service: Service, operation: string, input: object): void {
  const model = operationIn(service, operation)
  if (model?.input == null) return
  const found: Found = { problems: [], names: [] }
  const given = input as Readonly<Record<string, unknown>>
  for (const member of model.required)
    if (given[member] === undefined || given[member] === null)
      found.problems.push(
        `Value null at '${fieldOf(member)}' failed to satisfy constraint: Member must not be null`,
      )
  checkStructure(service, model.input, given, '', found)
  const { problems, names } = found
  if (problems.length > 0)
    throw invalid(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.slice(0, MOST_TOLD).join('; ')}${problems.length > MOST_TOLD ? '; …' : ''}`,
    )
  const [name] = names
  if (name !== undefined)
    throw invalid(
      `The specified value for ${name} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    )
}

const invalid = (message: string) => new ProtocolError('ValidationError', message, 400)

/** What is wrong: sentences, and the places of names that are none. */
interface Found {
  readonly problems: string[]
  readonly names: string[]
}

/** As AWS writes members in messages: `sSHPublicKeyId`. */
const fieldOf = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1)

function checkStructure(
  service: Service,
  structure: string,
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  found: Found,
): void {
  const constraints = service.model.constraints[structure] ?? {}
  for (const [member, shape] of Object.entries(membersIn(service, structure))) {
    const inner = value[member]
    if (inner === undefined || inner === null) continue
    const place = prefix + fieldOf(member)
    checkValue(service, shape, inner, constraints[member] ?? {}, place, found)
  }
}

function checkValue(
  service: Service,
  shape: Shape,
  value: unknown,
  constraint: Constraint,
  place: string,
  found: Found,
): void {
  if (typeof shape === 'object' && 'secret' in shape) {
    const bare = value instanceof Secret ? value.reveal() : value
    checkOne(bare, constraint, place, { hidden: true }, found)
    return
  }
  checkOne(value, constraint, place, { hidden: false }, found)
  if (typeof shape === 'string') return
  if ('structure' in shape)
    checkStructure(service, shape.structure, value as Record<string, unknown>, `${place}.`, found)
  else if ('list' in shape)
    for (const [index, item] of (value as readonly unknown[]).entries())
      checkValue(service, shape.list, item, constraint.each ?? {}, `${place}.${index + 1}.member`, found)
}

/** @param hidden no message may quote it */
function checkOne(
  value: unknown,
  { min, max, pattern, enum: words }: Constraint,
  place: string,
  { hidden }: { readonly hidden: boolean },
  { problems, names }: Found,
): void {
  const add = (constraint: string) =>
    problems.push(
      `Value ${hidden ? "'***'" : shown(value)} at '${place}' failed to satisfy constraint: ${constraint}`,
    )
  const { size, measure } = sizeOf(value)
  if (min !== undefined && size < min) add(`Member must have ${measure} greater than or equal to ${min}`)
  // What is too long isn't held against a pattern.
  if (max !== undefined && size > max) add(`Member must have ${measure} less than or equal to ${max}`)
  else if (pattern !== undefined && typeof value === 'string' && !regularOf(pattern).test(value))
    if (pattern === NAME_PATTERN) names.push(place)
    else add(`Member must satisfy regular expression pattern: ${pattern}`)
  if (words !== undefined && typeof value === 'string' && !words.includes(value))
    add(`Member must satisfy enum value set: [${words.join(', ')}]`)
}

function sizeOf(value: unknown): { readonly size: number; readonly measure: string } {
  if (typeof value === 'number') return { size: value, measure: 'value' }
  const length =
    typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array
      ? value.length
      : Number.NaN
  return { size: length, measure: 'length' }
}

const regulars = new Map<string, RegExp>()

/** Patterns are the model's alone, so that there are as many as it has. They hold for the whole text. */
function regularOf(pattern: string): RegExp {
  const known = regulars.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(`^(?:${pattern})$`, 'u')
  regulars.set(pattern, made)
  return made
}

function shown(value: unknown): string {
  const text = Array.isArray(value)
    ? `[${value
        .slice(0, MOST_SHOWN)
        .map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item)))
        .join(', ')}${value.length > MOST_SHOWN ? ', …' : ''}]`
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  return `'${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}'`
}
