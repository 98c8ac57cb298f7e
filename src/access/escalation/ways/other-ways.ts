import type { OneOf, Way } from './way.ts'

const center = (does: string, ...needs: readonly OneOf[]): Way => ({
  id: needs[0]?.[0] ?? '',
  needs,
  reaches: { type: 'identityCenter' },
  does,
})

const organization = (id: string, from: 'management' | 'member', does: string): Way => ({
  id,
  needs: [[id]],
  reaches: { type: 'organization', from },
  does,
})

/** Ways that lead to a whole account or organization. @see AWS Organizations and IAM Identity Center User Guides */
export const OTHER_WAYS: readonly Way[] = [
  center('assigns any permission set to anybody', ['sso:CreateAccountAssignment']),
  center('attaches any policy to a permission set', [
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  ]),
  center('writes any policy into a permission set', ['sso:PutInlinePolicyToPermissionSet']),
  center('changes by which attributes people are told apart', [
    'sso:CreateInstanceAccessControlAttributeConfiguration',
    'sso:UpdateInstanceAccessControlAttributeConfiguration',
  ]),
  center('joins any group of IAM Identity Center', [
    'identitystore:CreateGroupMembership',
    'sso-directory:AddMemberToGroup',
  ]),
  center('takes a user of IAM Identity Center by a new password', ['sso-directory:UpdatePassword']),
  organization('organizations:DetachPolicy', 'management', 'detaches control policies'),
  {
    ...organization('organizations:AttachPolicy', 'management', 'attaches control policies that allow more'),
    isUnderLists: true,
  },
  organization('organizations:UpdatePolicy', 'management', 'rewrites control policies'),
  organization('organizations:DeletePolicy', 'management', 'deletes control policies'),
  organization('organizations:DisablePolicyType', 'management', 'turns control policies off'),
  organization('organizations:MoveAccount', 'management', 'moves accounts from under their control policies'),
  organization('organizations:LeaveOrganization', 'member', 'takes its account out of the organization'),
  organization(
    'organizations:RemoveAccountFromOrganization',
    'management',
    'takes accounts out of the organization',
  ),
  organization('organizations:CreateAccount', 'management', 'makes accounts, and administrates them'),
  {
    id: 'sts:AssumeRoot',
    needs: [['sts:AssumeRoot']],
    reaches: { type: 'root' },
    does: 'acts as root in accounts of the organization',
  },
]

/** By a resource's own policy others can be let in. @see IAM User Guide, "AWS services that work with IAM" */
export const SHARING_ACTIONS: readonly string[] = [
  'acm-pca:CreatePermission',
  'acm-pca:PutPolicy',
  'apigateway:UpdateRestApiPolicy',
  'backup:PutBackupVaultAccessPolicy',
  'codeartifact:PutDomainPermissionsPolicy',
  'codeartifact:PutRepositoryPermissionsPolicy',
  'codebuild:PutResourcePolicy',
  'dynamodb:PutResourcePolicy',
  'ec2:ModifyImageAttribute',
  'ec2:ModifySnapshotAttribute',
  'ecr:SetRepositoryPolicy',
  'ecr:PutRegistryPolicy',
  'elasticfilesystem:PutFileSystemPolicy',
  'es:UpdateDomainConfig',
  'events:PutPermission',
  'glacier:SetVaultAccessPolicy',
  'glue:PutResourcePolicy',
  'kinesis:PutResourcePolicy',
  'kms:CreateGrant',
  'kms:PutKeyPolicy',
  'lambda:AddLayerVersionPermission',
  'lambda:AddPermission',
  'lambda:PutResourcePolicy',
  'logs:PutResourcePolicy',
  'organizations:PutResourcePolicy',
  'rds:ModifyDBSnapshotAttribute',
  'redshift:PutResourcePolicy',
  's3:BypassGovernanceRetention',
  's3:PutAccessPointPolicy',
  's3:PutAccountPublicAccessBlock',
  's3:PutBucketAcl',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutObjectAcl',
  'secretsmanager:PutResourcePolicy',
  'ses:PutIdentityPolicy',
  'sns:AddPermission',
  'sns:SetTopicAttributes',
  'sqs:AddPermission',
  'sqs:SetQueueAttributes',
  'ssm:ModifyDocumentPermission',
  'ssm:PutResourcePolicy',
  'vpc-lattice:PutAuthPolicy',
]
