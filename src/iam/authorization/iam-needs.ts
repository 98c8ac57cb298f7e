import type { ActionFacts } from '../../catalog/actions.ts'
import { roles } from '../../kinds/role/iam.ts'
import { serviceOf } from '../../kinds/serviceSpecificCredential/iam.ts'
import { boundaryOf } from '../boundaries.ts'
import type { Reading } from '../context.ts'
import type { StoredEntity } from '../store-port.ts'
import { type Call, type Keys, type Needed, textIn } from './call.ts'
import type { CallingPrincipal } from './calling-principal.ts'
import { type NamedResource, renamed, resourceOf } from './named-resources.ts'
import { keysOfTags, passedTags, removedTags } from './tag-keys.ts'

/**
 * The permissions that a call of IAM needs, each on its resource. The action has the operation's name; what else is needed, AWS
 * says with each operation.
 */
export async function iamNeeds(
  reading: Reading,
  actions: Pick<ActionFacts, 'resourceTypesOf' | 'conditionKeysOf' | 'spellingOf'>,
  call: Call,
  principal: CallingPrincipal,
): Promise<readonly Needed[]> {
  const action = `iam:${call.operation}`
  const types = actions.resourceTypesOf(action).map(({ type }) => type.name)
  const resource = await resourceOf(reading, call, principal, types)
  const keys = await keysOf(reading, actions.conditionKeysOf(action), call, resource)
  const needed: Needed = { action, resource: resource.arn, keys }
  const after = renamed(resource, call)
  return [
    needed,
    ...(after === null ? [] : [{ ...needed, resource: after }]),
    ...taggingOf(actions, needed, call),
    ...(await passingOf(reading, call)),
  ]
}

/** @see IAM User Guide, "Tags for AWS Identity and Access Management resources": to tag on creation needs the permission to tag */
function taggingOf(
  { spellingOf }: Pick<ActionFacts, 'spellingOf'>,
  needed: Needed,
  { operation, input }: Call,
): readonly Needed[] {
  const [, made] = /^(?:Create|Upload)(?:Virtual)?(\w+)$/.exec(operation) ?? []
  const action = made === undefined ? null : spellingOf(`iam:Tag${made}`)
  return action === null || passedTags(input.Tags).length === 0 ? [] : [{ ...needed, action }]
}

/** @see IAM API Reference, AddRoleToInstanceProfile: the caller must be granted the PassRole permission on the role */
async function passingOf(reading: Reading, { operation, input }: Call): Promise<readonly Needed[]> {
  if (operation !== 'AddRoleToInstanceProfile') return []
  const passed = await resourceOf(reading, { operation, input }, NOBODY, [roles.facts.arnType])
  const service = `ec2.amazonaws.com${reading.account.partition === 'aws-cn' ? '.cn' : ''}`
  const keys: Keys = [...(await resourceTags(reading, passed.row)), ['iam:PassedToService', [service]]]
  return [{ action: 'iam:PassRole', resource: passed.arn, keys }]
}

/** Whose name an input always has needs nobody who calls. */
const NOBODY: CallingPrincipal = { arn: '', base: null, userId: '', row: null, isRoot: true, session: null }

/** @param names the keys that its action has, as the Service Authorization Reference lists them */
async function keysOf(
  reading: Reading,
  names: readonly string[],
  { operation, input }: Call,
  { row }: NamedResource,
): Promise<Keys> {
  const has = (name: string): boolean => names.includes(name)
  const given = (key: string, value: string | null): Keys =>
    has(key) && value !== null ? [[key, [value]]] : []
  const boundary =
    textIn(input, 'PermissionsBoundary') ??
    (row === null || /^(?:Create|Put\w+Boundary$)/.test(operation) ? null : await boundaryOf(reading, row.id))
  const days = input.CredentialAgeDays
  return [
    ...(await resourceTags(reading, row)),
    ...passedTags(input.Tags),
    ...removedTags(input.TagKeys),
    ...given('iam:PolicyARN', textIn(input, 'PolicyArn')),
    ...given('iam:PermissionsBoundary', boundary),
    ...given('iam:AWSServiceName', textIn(input, 'AWSServiceName')),
    ...given('iam:OrganizationsPolicyId', textIn(input, 'OrganizationsPolicyId')),
    ...given(
      'iam:ServiceSpecificCredentialServiceName',
      textIn(input, 'ServiceName') ??
        (await serviceOf(reading, textIn(input, 'ServiceSpecificCredentialId'))),
    ),
    ...given('iam:ServiceSpecificCredentialAgeDays', typeof days === 'number' ? String(days) : null),
  ]
}

/** The tags of what is stored, as `evaluate` has them. */
export async function resourceTags({ rows }: Reading, row: StoredEntity | null): Promise<Keys> {
  const found = row === null ? [] : await rows.tags([row.id])
  return keysOfTags(
    ['aws:ResourceTag/', 'iam:ResourceTag/'],
    found.map(({ key, value }) => [key, value]),
  )
}
