import { Secret } from '../../model/secret.ts'
import { malformedQuery, ProtocolError } from './protocol-error.ts'
import type { FormNode } from './read-form.ts'
import { membersIn, type Service, type Shape } from './shapes.ts'

/** Above any list that an operation takes. */
const HIGHEST_INDEX = 10_000

/**
 * What an operation takes, from a form: members that it doesn't know are left out, as AWS does. Secrets come as `Secret`.
 * @param structure null: it takes nothing
 */
export function decodeInput(service: Service, structure: string | null, form: FormNode): object {
  return structure === null ? {} : decodeStructure(service, structure, form)
}

function decodeStructure(service: Service, structure: string, { children }: FormNode): object {
  return Object.fromEntries(
    Object.entries(membersIn(service, structure)).flatMap(([member, shape]) => {
      const node = children.get(member)
      return node === undefined ? [] : [[member, decodeValue(service, shape, node, member)]]
    }),
  )
}

function decodeValue(service: Service, shape: Shape, node: FormNode, member: string): unknown {
  if (typeof shape === 'string') return decodeSimple(shape, node, member)
  if ('secret' in shape) {
    const value = decodeValue(service, shape.secret, node, member)
    return typeof value === 'string' ? new Secret(value) : value
  }
  if ('structure' in shape) return decodeStructure(service, shape.structure, node)
  const isList = 'list' in shape
  const items = itemsOf(node, isList ? 'member' : 'entry', member)
  if (isList) return items.map((item) => decodeValue(service, shape.list, item, member))
  return Object.fromEntries(
    items.map(({ children }) => {
      const [key, given] = [children.get('key'), children.get('value')]
      // Of a structure that has nothing clients send nothing.
      const value = given ?? (isStructure(shape.value) ? NOTHING : undefined)
      if (key === undefined || value === undefined)
        throw malformedQuery(`An entry of ${member} is incomplete.`)
      return [decodeValue(service, shape.key, key, member), decodeValue(service, shape.value, value, member)]
    }),
  )
}

const isStructure = (shape: Shape): boolean => typeof shape !== 'string' && 'structure' in shape
const NOTHING: FormNode = { value: null, children: new Map() }

/** By their numbers, of which some may be left out. A name without more is an empty list. */
function itemsOf({ value, children }: FormNode, called: string, member: string): readonly FormNode[] {
  const items = children.get(called)
  if (items === undefined) {
    if (value === '' && children.size === 0) return []
    throw malformedQuery(`${member} is no list.`)
  }
  return [...items.children]
    .map(([index, item]) => {
      if (!/^[1-9]\d{0,4}$/.test(index) || Number(index) > HIGHEST_INDEX)
        throw malformedQuery(`${member} has an item with an index that is none.`)
      return [Number(index), item] as const
    })
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

function decodeSimple(shape: Extract<Shape, string>, { value, children }: FormNode, member: string): unknown {
  if (value === null || children.size > 0) throw malformedQuery(`${member} is no ${shape}.`)
  switch (shape) {
    case 'text':
      return value
    case 'number':
      if (!/^-?\d{1,15}(?:\.\d{1,15})?$/.test(value)) throw mistyped(member, 'a number')
      return Number(value)
    case 'boolean':
      if (!/^(?:true|false)$/i.test(value)) throw mistyped(member, 'a boolean')
      return value.toLowerCase() === 'true'
    case 'time':
      return timeOf(value, member)
    case 'blob':
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw mistyped(member, 'in base64')
      return new Uint8Array(Buffer.from(value, 'base64'))
  }
}

function timeOf(value: string, member: string): Date {
  const time = /^\d{1,11}(?:\.\d+)?$/.test(value)
    ? new Date(Number(value) * 1000)
    : new Date(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value) ? value : Number.NaN,
      )
  if (Number.isNaN(time.getTime())) throw mistyped(member, 'a time')
  return time
}

/** Which code AWS has for it is not verified: the one for everything else that a value may not be. */
const mistyped = (member: string, what: string) =>
  new ProtocolError(
    'ValidationError',
    `1 validation error detected: Value at '${member.charAt(0).toLowerCase()}${member.slice(1)}' failed to satisfy constraint: Member must be ${what}`,
    400,
  )
