import { ENTITY_KINDS, type EntityKind } from '../../model/index.ts'

/*
 * Terraform calls its resources and their attributes as IAM calls its kinds: `aws_iam_user`, `aws_iam_user_policy`, `user`. What is
 * said of one kind alone names it by these.
 */
export const MEMBER = 'user'
export const MEMBERS = 'group'
export const ASSUMED = 'role'
export const MANAGED = 'policy'

/** The attribute of most resources that is a policy document. */
export const DOCUMENT = 'policy'

/** Users, groups, roles and policies by the types of resources that are such. */
export const kindOfType = (type: string): EntityKind | null =>
  type === 'aws_iam_service_linked_role'
    ? ASSUMED
    : (ENTITY_KINDS.find((kind) => type === `aws_iam_${kind}`) ?? null)
