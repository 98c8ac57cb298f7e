import { ENTITIES, ENTITY_KINDS, type EntityKind } from '../../kinds/kind.ts'
import { deviceOf, SERIAL_ARN_TYPE } from '../../kinds/mfaDevice/iam.ts'
import { OIDC_SCHEME } from '../../kinds/oidcProvider/kind.ts'
import { linkedNames } from '../../kinds/serviceLinkedRole/kind.ts'
import { users } from '../../kinds/user/iam.ts'
import { parseArn, parseEntityArn } from '../../model/index.ts'
import type { Reading } from '../context.ts'
import { refused } from '../refusals.ts'
import type { StoredEntity } from '../store-port.ts'
import { type Call, textIn } from './call.ts'
import type { CallingPrincipal } from './calling-principal.ts'

/** What an operation is about. */
export interface NamedResource {
  readonly arn: string
  /** null: there is none such (yet), or nothing is stored of it. */
  readonly row: StoredEntity | null
}

/** Fields that hold a whole ARN, of whatever type; others have the name of their kind: `PolicyArn`. */
const ARN_FIELDS: readonly string[] = ['Arn', 'PolicySourceArn', 'EntityArn', 'TemplateArn']
/** Of types that nothing is stored of here. */
const NAME_FIELDS: Readonly<Record<string, string>> = {
  'access-report': 'EntityPath',
  'delegation-request': 'DelegationRequestId',
}

/**
 * The resource of a call of IAM.
 * @param types of its action, by the Service Authorization Reference; empty: it has no resource but `*`
 * @throws IamError ValidationError where it is about the user who calls, and no user does
 */
export async function resourceOf(
  reading: Reading,
  { input, operation }: Pick<Call, 'input' | 'operation'>,
  principal: CallingPrincipal,
  types: readonly string[],
): Promise<NamedResource> {
  const [first] = types
  if (first === undefined) return { arn: '*', row: null }
  const { partition, id } = reading.account
  const arnOf = (rest: string): string => `arn:${partition}:iam::${id}:${rest}`
  const kind = ENTITY_KINDS.find((each) => ENTITIES[each].arnType === first)
  const ownField = kind === undefined ? [] : [`${ENTITIES[kind].title}Arn`]
  for (const field of [...ownField, ...ARN_FIELDS]) {
    const given = textIn(input, field)
    if (given !== null)
      return parseArn(given) === null
        ? { arn: arnOf(`${first}/${given}`), row: null }
        : { arn: given, row: await storedAt(reading, given) }
  }
  const nameField = NAME_FIELDS[first]
  if (nameField !== undefined) return { arn: arnOf(`${first}/${textIn(input, nameField) ?? '*'}`), row: null }
  if (first === SERIAL_ARN_TYPE) return deviceResource(reading, input, arnOf)
  const linked = linkedNames(input)
  if (linked !== null) return { arn: arnOf(`${first}${linked.path}${linked.roleName}`), row: null }
  if (kind === undefined) return { arn: '*', row: null }
  const name = textIn(input, ENTITIES[kind].nameField)
  if (name !== null) return entityNamed(reading, kind, name, textIn(input, 'Path'), arnOf)
  return kind === users.kind
    ? ownUser(reading, input, principal, operation, arnOf)
    : { arn: arnOf(`${first}/*`), row: null }
}

/** What a call would make of a resource: it needs the same permission for both. @see IAM API Reference, UpdateUser, UpdateGroup */
export function renamed({ arn }: NamedResource, { input }: Pick<Call, 'input'>): string | null {
  const named = parseEntityArn(arn)
  if (named === null) return null
  const path = textIn(input, 'NewPath') ?? named.path
  const name = textIn(input, `New${ENTITIES[named.kind].nameField}`) ?? named.name
  const { arnType } = ENTITIES[named.kind]
  const now = `arn:${named.partition}:iam::${named.account}:${arnType}${path}${name}`
  return now === arn ? null : now
}

async function entityNamed(
  { rows }: Reading,
  kind: EntityKind,
  name: string,
  path: string | null,
  arnOf: (rest: string) => string,
): Promise<NamedResource> {
  const { arnType, isPathless } = ENTITIES[kind]
  const plain = name.startsWith(OIDC_SCHEME) ? name.slice(OIDC_SCHEME.length) : name
  const row = await rows.entity(kind, plain)
  const place = isPathless === true ? '/' : (path ?? row?.path ?? '/')
  return { arn: arnOf(`${arnType}${place}${plain}`), row: path === null || path === row?.path ? row : null }
}

async function storedAt({ rows, account }: Reading, arn: string): Promise<StoredEntity | null> {
  const named = parseEntityArn(arn)
  if (named === null || named.account !== account.id || named.partition !== account.partition) return null
  const row = await rows.entity(named.kind, named.name)
  return row?.path === named.path ? row : null
}

async function deviceResource(
  reading: Reading,
  input: Call['input'],
  arnOf: (rest: string) => string,
): Promise<NamedResource> {
  const name = textIn(input, 'VirtualMFADeviceName')
  if (name !== null)
    return { arn: arnOf(`${SERIAL_ARN_TYPE}${textIn(input, 'Path') ?? '/'}${name}`), row: null }
  const serial = textIn(input, 'SerialNumber') ?? ''
  return {
    arn: parseArn(serial) === null ? arnOf(`${SERIAL_ARN_TYPE}/${serial}`) : serial,
    row: await deviceOf(reading, serial),
  }
}

/** Whose key or credential is named; else the user who calls. */
async function ownUser(
  { rows }: Reading,
  input: Call['input'],
  principal: CallingPrincipal,
  operation: string,
  arnOf: (rest: string) => string,
): Promise<NamedResource> {
  const arnType = users.facts.arnType
  const named = (row: StoredEntity): NamedResource => ({
    arn: arnOf(`${arnType}${row.path}${row.name}`),
    row,
  })
  if (operation === 'GetAccessKeyLastUsed') {
    const key = await rows.entityById(textIn(input, 'AccessKeyId') ?? '')
    const owner = key?.parentId == null ? null : await rows.entityById(key.parentId)
    return owner === null ? { arn: arnOf(`${arnType}/*`), row: null } : named(owner)
  }
  if (input.AllUsers === true) return { arn: arnOf(`${arnType}/*`), row: null }
  if (principal.row?.kind === users.kind) return named(principal.row)
  if (principal.isRoot) return { arn: principal.arn, row: null }
  throw refused('ValidationError', 'Must specify userName when calling with non-User credentials')
}
