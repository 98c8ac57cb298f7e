import { type Account, ENTITIES, entityArn, isAwsManagedPolicyArn } from '../../model/index.ts'
import { HELD_ELSEWHERE, type Holding, type Holdings, newHolding, PERMISSION_SET_PATH } from './holdings.ts'
import { type Instance, textAt } from './instance.ts'
import { ASSUMED, MANAGED } from './kinds.ts'
import type { PlanContext } from './plan-context.ts'
import { hasValue, madeUpName } from './plan-names.ts'

/**
 * Permission sets become roles in the accounts that they are assigned to. The sixteen characters that their names end with are in no
 * plan, before or after: zeros stand for them.
 * @see IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and AWS
 * KMS key policies"
 */
const SUFFIX = '0'.repeat(16)

const SET = 'aws_ssoadmin_permission_set'
const ASSIGNMENT = 'aws_ssoadmin_account_assignment'

export const PERMISSION_SET_TYPES: readonly string[] = [
  SET,
  ASSIGNMENT,
  'aws_ssoadmin_customer_managed_policy_attachment',
  'aws_ssoadmin_managed_policy_attachment',
  'aws_ssoadmin_permission_set_inline_policy',
  'aws_ssoadmin_permissions_boundary_attachment',
]

/**
 * Reads the permission sets of one side as the roles that they become.
 * @returns what is given to sets that the plan assigns to no account: others may have, unless it makes the set
 */
export function readPermissionSets(context: PlanContext, holdings: Holdings): readonly Instance[] {
  const sets = new Map<string, Instance>()
  const parts = new Map<string, Instance[]>()
  for (const instance of context.side.instances) {
    if (!PERMISSION_SET_TYPES.includes(instance.type)) continue
    if (instance.type === SET) sets.set(textAt(instance, 'arn') ?? instance.address, instance)
    else {
      const set = setOf(instance, context)
      if (parts.get(set)?.push(instance) === undefined) parts.set(set, [instance])
    }
  }
  const unassigned: Instance[] = []
  for (const [set, instances] of parts) {
    const declared = sets.get(set)
    const accounts = new Map<string, Instance>()
    const given: Instance[] = []
    for (const each of instances)
      if (each.type === ASSIGNMENT) accounts.set(textAt(each, 'target_id') ?? '', each)
      else given.push(each)
    const isNew = declared !== undefined && textAt(declared, 'arn') === null
    if (accounts.size === 0 && !isNew) unassigned.push(...given)
    for (const [id, assignment] of accounts) {
      const account = accountOf(id, assignment, context)
      const name = `AWSReservedSSO_${declared === undefined ? madeUpName(assignment) : (textAt(declared, 'name') ?? madeUpName(declared))}_${SUFFIX}`
      const arn = entityArn(account, ENTITIES[ASSUMED], PERMISSION_SET_PATH, name)
      const holding = newHolding(
        ASSUMED,
        account,
        { name, path: PERMISSION_SET_PATH, arn },
        (declared ?? assignment).address,
      )
      holding.trust = context.documents.read(
        trustOf(account),
        'trust',
        assignment.address,
        `the trust policy of role/${name}`,
      )
      if (declared === undefined) holding.inline.set(HELD_ELSEWHERE, context.documents.notHeld(`${arn} held`))
      for (const each of given) give(holding, each, context)
      holdings.add(holding)
    }
  }
  return unassigned
}

/** The permission set that something belongs to: its ARN, or the address of the resource that has none yet. */
function setOf(instance: Instance, { referred }: PlanContext): string {
  const known = textAt(instance, 'permission_set_arn')
  if (known !== null) return known
  const target = referred.behind(instance, ['permission_set_arn'], ['arn', 'id'])
  return target === null ? instance.address : (textAt(target, 'arn') ?? target.address)
}

function accountOf(id: string, assignment: Instance, { accounts }: PlanContext): Account {
  const { account } = accounts.placeOf(assignment)
  return /^\d{12}$/.test(id) ? { id, partition: account.partition } : account
}

const trustOf = ({ id, partition }: Account) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:${partition}:iam::${id}:saml-provider/AWSSSO_${SUFFIX}_DO_NOT_DELETE` },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
      Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
    },
  ],
})

function give(holding: Holding, instance: Instance, context: PlanContext): void {
  const { documents, names } = context
  const ref = `role/${holding.name}`
  const unknown = () =>
    holding.inline.set(`(${instance.address})`, documents.open(instance.address, ref, 'what it is given'))
  switch (instance.type) {
    case 'aws_ssoadmin_managed_policy_attachment': {
      const arn = names.policyArnAt(instance, 'managed_policy_arn')
      if (arn === null) unknown()
      else holding.managed.add(arn)
      break
    }
    case 'aws_ssoadmin_customer_managed_policy_attachment': {
      const arn = ownPolicyAt(holding, instance, ['customer_managed_policy_reference', 0], context)
      if (arn === null) unknown()
      else holding.managed.add(arn)
      break
    }
    case 'aws_ssoadmin_permission_set_inline_policy': {
      const document = documents.at(instance, ['inline_policy'], 'identity', ref)
      if (document !== null) holding.inline.set('AwsSSOInlinePolicy', document)
      break
    }
    case 'aws_ssoadmin_permissions_boundary_attachment': {
      const own = ['permissions_boundary', 0, 'customer_managed_policy_reference', 0] as const
      const aws = names.policyArnAt(instance, 'permissions_boundary', 0, 'managed_policy_arn')
      const arn =
        aws !== null && isAwsManagedPolicyArn(aws) ? aws : ownPolicyAt(holding, instance, own, context)
      if (arn !== null) holding.boundary = arn
      else if (hasValue(instance, 'permissions_boundary')) unknown()
      break
    }
  }
}

/** Policies of the account, by name: each account that a set is assigned to has one of its own. */
function ownPolicyAt(
  { account }: Holding,
  instance: Instance,
  path: readonly (string | number)[],
  { names }: PlanContext,
): string | null {
  const name = names.nameAt(instance, MANAGED, ...path, 'name')
  const folder = textAt(instance, ...path, 'path') ?? '/'
  return name === null ? null : entityArn(account, ENTITIES[MANAGED], folder, name)
}
