/**
 * Actions that a reader should hear of first when there is no room for all names, the most powerful first: those that
 * change who may do what, then those that read secrets and data, then those that destroy or hide something.
 */
const NOTABLE: readonly string[] = [
  'iam:AttachUserPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachGroupPolicy',
  'iam:PutUserPolicy',
  'iam:PutRolePolicy',
  'iam:PutGroupPolicy',
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAssumeRolePolicy',
  'iam:AddUserToGroup',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PassRole',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'sts:AssumeRole',
  'organizations:DetachPolicy',
  'kms:PutKeyPolicy',
  'kms:CreateGrant',
  's3:PutBucketPolicy',
  'lambda:AddPermission',
  'secretsmanager:PutResourcePolicy',
  'sqs:AddPermission',
  'sns:AddPermission',
  'ecr:SetRepositoryPolicy',
  'lambda:UpdateFunctionCode',
  'lambda:CreateFunction',
  'ec2:RunInstances',
  'cloudformation:CreateStack',
  'ssm:StartSession',
  'ssm:SendCommand',
  'ecs:ExecuteCommand',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter',
  'kms:Decrypt',
  's3:GetObject',
  'dynamodb:GetItem',
  'dynamodb:Scan',
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteBucket',
  'dynamodb:DeleteTable',
  'rds:DeleteDBInstance',
  'ec2:TerminateInstances',
  'kms:ScheduleKeyDeletion',
  'cloudtrail:StopLogging',
  'cloudtrail:DeleteTrail',
  'logs:DeleteLogGroup',
]

const RANKS = new Map(NOTABLE.map((action, rank) => [action.toLowerCase(), rank]))

export const isNotable = (action: string): boolean => RANKS.has(action.toLowerCase())

/** The smaller, the more notable; the same for all that are not. */
export const notability = (action: string): number => RANKS.get(action.toLowerCase()) ?? NOTABLE.length
