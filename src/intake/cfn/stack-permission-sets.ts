import { type Account, ENTITIES, entityArn, entityRef } from '../../model/index.ts'
import { type Holding, type Holdings, newHolding } from '../tfplan/holdings.ts'
import { generatedName } from './made-up-names.ts'
import { itemsIn, type Resolved, scalarText } from './resolved.ts'
import { resourcesOf, type StackContext, type StackResource } from './stack-context.ts'
import { holdUnknown } from './stack-identities.ts'
import { propertyOf } from './stack-names.ts'

const SET = 'AWS::SSO::PermissionSet'
const ASSIGNMENT = 'AWS::SSO::Assignment'

export const PERMISSION_SET_TYPES_OF_STACK: readonly string[] = [SET, ASSIGNMENT]

/**
 * Permission sets become roles in the accounts that they are assigned to; zeros stand for the sixteen characters that their names end
 * with.
 * @see IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS Cluster config maps, and AWS
 * KMS key policies"
 */
const SUFFIX = '0'.repeat(16)
const PATH = '/aws-reserved/sso.amazonaws.com/'

/** Reads the permission sets of a template as the roles that they become. */
export function readStackPermissionSets(context: StackContext, holdings: Holdings): void {
  const { names, documents } = context
  const sets = new Map(
    resourcesOf(context, (type) => type === SET).map((each) => [names.nameOf(each)?.arn ?? each.id, each]),
  )
  for (const assignment of resourcesOf(context, (type) => type === ASSIGNMENT)) {
    const set = sets.get(scalarText(propertyOf(assignment.own, 'PermissionSetArn')) ?? '')
    const owner = set ?? assignment
    const { account, isKnown } = accountOf(propertyOf(assignment.own, 'TargetId'), context)
    const own = set === undefined ? null : scalarText(propertyOf(set.own, 'Name'))
    const name = `AWSReservedSSO_${own ?? generatedName(owner.id)}_${SUFFIX}`
    const arn = entityArn(account, ENTITIES.role, PATH, name)
    const holding = newHolding('role', account, { name, path: PATH, arn }, owner.id)
    // Another assignment of the same set to the same account is the same role.
    if (!holdings.add(holding)) continue
    const ref = entityRef('role', name)
    holding.trust = documents.made(trustOf(account), 'trust', assignment.id, `the trust policy of ${ref}`)
    const hangsOn = assignment.hangsOn ?? set?.hangsOn ?? null
    holdUnknown(holding, hangsOn, `${owner.id}.Condition`, context)
    if (set === undefined) holding.inline.set('(not in the template)', documents.notHeld(`${arn} held`))
    else give(holding, set, context)
    if (!isKnown)
      holdUnknown(holding, propertyOf(assignment.own, 'TargetId'), `${assignment.id}.TargetId`, context)
  }
}

function accountOf(
  target: Resolved | null,
  { names }: StackContext,
): { readonly account: Account; readonly isKnown: boolean } {
  const { account } = names.place
  const id = scalarText(target)
  return id !== null && /^\d{12}$/.test(id)
    ? { account: { id, partition: account.partition }, isKnown: true }
    : { account, isKnown: false }
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

function give(holding: Holding, { own, id }: StackResource, context: StackContext): void {
  const ref = entityRef('role', holding.name)
  for (const each of itemsIn(propertyOf(own, 'ManagedPolicies'))) {
    const arn = scalarText(each)
    if (arn === null) holdUnknown(holding, each, `${id}.ManagedPolicies`, context)
    else holding.managed.add(arn)
  }
  for (const each of itemsIn(propertyOf(own, 'CustomerManagedPolicyReferences'))) {
    const arn = ownPolicy(holding, each)
    if (arn === null) holdUnknown(holding, each, `${id}.CustomerManagedPolicyReferences`, context)
    else holding.managed.add(arn)
  }
  const inline = context.documents.at(propertyOf(own, 'InlinePolicy'), 'identity', `${id}.InlinePolicy`, ref)
  if (inline !== null) holding.inline.set('AwsSSOInlinePolicy', inline)
  const boundary = propertyOf(own, 'PermissionsBoundary')
  if (boundary === null) return
  holding.boundary =
    scalarText(propertyOf(boundary, 'ManagedPolicyArn')) ??
    ownPolicy(holding, propertyOf(boundary, 'CustomerManagedPolicyReference'))
  if (holding.boundary === null) holdUnknown(holding, boundary, `${id}.PermissionsBoundary`, context)
}

/** Policies of the account, by name: each account that a set is assigned to has one of its own. */
function ownPolicy({ account }: Holding, reference: Resolved | null): string | null {
  const name = scalarText(propertyOf(reference, 'Name'))
  const path = propertyOf(reference, 'Path')
  const folder = path === null ? '/' : scalarText(path)
  return name === null || folder === null ? null : entityArn(account, ENTITIES.policy, folder, name)
}
