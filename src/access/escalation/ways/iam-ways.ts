import type { Way, WritingMeans, YieldedCredentials } from './way.ts'

const takes = (id: string, yields: YieldedCredentials, does: string, only?: readonly string[]): Way => ({
  id,
  needs: [[id]],
  reaches: { type: 'user', yields, ...(only === undefined ? {} : { only }) },
  does,
})

const writes = (
  id: string,
  of: 'user' | 'role' | 'group' | 'policy',
  what: WritingMeans,
  does: string,
): Way => ({
  id,
  needs: [[id]],
  reaches: { type: 'writes', of, what },
  does,
})

/**
 * Ways by IAM itself. States that AWS requires and no inventory here tells (keys, passwords, devices) count as met.
 * @see IAM API Reference; Service Authorization Reference, "Actions, resources, and condition keys for AWS IAM"
 */
export const IAM_WAYS: readonly Way[] = [
  takes('iam:CreateAccessKey', 'key', 'takes an access key of {}'),
  takes('iam:CreateLoginProfile', 'console', 'sets a password for {}'),
  takes('iam:UpdateLoginProfile', 'console', 'changes the password of {}'),
  {
    ...takes('iam:UpdateAccessKey', 'key', 'turns on an access key of {} whose secret it has'),
    isPotential: true,
    atMost: 35,
  },
  takes('iam:CreateServiceSpecificCredential', 'key', 'takes credentials of {} for single services', [
    'codecommit:*',
    'cassandra:*',
    'bedrock:*',
  ]),
  takes('iam:ResetServiceSpecificCredential', 'key', 'resets credentials of {} for single services', [
    'codecommit:*',
    'cassandra:*',
    'bedrock:*',
  ]),
  takes('iam:UploadSSHPublicKey', 'key', 'signs in to repositories as {}', ['codecommit:*']),
  {
    id: 'iam:AddUserToGroup',
    needs: [['iam:AddUserToGroup']],
    reaches: { type: 'group' },
    does: 'joins {}',
  },
  writes('iam:PutUserPolicy', 'user', 'inline', 'writes any policy on {}'),
  writes('iam:PutRolePolicy', 'role', 'inline', 'writes any policy on {}'),
  writes('iam:PutGroupPolicy', 'group', 'inline', 'writes any policy on {}'),
  writes('iam:AttachUserPolicy', 'user', 'attached', 'attaches policies to {}'),
  writes('iam:AttachRolePolicy', 'role', 'attached', 'attaches policies to {}'),
  writes('iam:AttachGroupPolicy', 'group', 'attached', 'attaches policies to {}'),
  writes('iam:CreatePolicyVersion', 'policy', 'version', 'writes another version of {}'),
  writes('iam:SetDefaultPolicyVersion', 'policy', 'earlier', 'brings back an earlier version of {}'),
  writes('iam:DeleteUserPermissionsBoundary', 'user', 'boundary', 'takes away the boundary of {}'),
  writes('iam:PutUserPermissionsBoundary', 'user', 'boundary', 'gives another boundary to {}'),
  writes('iam:DeleteRolePermissionsBoundary', 'role', 'boundary', 'takes away the boundary of {}'),
  writes('iam:PutRolePermissionsBoundary', 'role', 'boundary', 'gives another boundary to {}'),
  writes('iam:DeleteUserPolicy', 'user', 'deny', 'takes away what is denied to {}'),
  writes('iam:DetachUserPolicy', 'user', 'deny', 'takes away what is denied to {}'),
  writes('iam:DeleteRolePolicy', 'role', 'deny', 'takes away what is denied to {}'),
  writes('iam:DetachRolePolicy', 'role', 'deny', 'takes away what is denied to {}'),
  writes('iam:RemoveUserFromGroup', 'group', 'deny', 'leaves {}, whose policies deny something'),
  {
    id: 'iam:UpdateAssumeRolePolicy',
    needs: [['iam:UpdateAssumeRolePolicy']],
    reaches: { type: 'trust' },
    does: 'has {} trust whom it likes',
  },
  {
    id: 'iam:CreateUser',
    needs: [
      ['iam:CreateUser'],
      ['iam:PutUserPolicy', 'iam:AttachUserPolicy'],
      ['iam:CreateAccessKey', 'iam:CreateLoginProfile'],
    ],
    reaches: { type: 'new', kind: 'user' },
    does: 'makes a user with any policy, and takes its credentials',
  },
  {
    id: 'iam:CreateRole',
    needs: [['iam:CreateRole'], ['iam:PutRolePolicy', 'iam:AttachRolePolicy']],
    reaches: { type: 'new', kind: 'role' },
    does: 'makes a role with any policy, and assumes it',
  },
  {
    id: 'iam:UpdateSAMLProvider',
    needs: [['iam:UpdateSAMLProvider']],
    reaches: { type: 'provider', kind: 'saml' },
    does: 'changes whom {} speaks for',
  },
  {
    id: 'iam:CreateSAMLProvider',
    needs: [['iam:CreateSAMLProvider']],
    reaches: { type: 'provider', kind: 'saml', only: 'absent' },
    does: 'makes {}, which a trust policy names',
    isPotential: true,
  },
  {
    id: 'iam:CreateOpenIDConnectProvider',
    needs: [['iam:CreateOpenIDConnectProvider']],
    reaches: { type: 'provider', kind: 'oidc', only: 'absent' },
    does: 'makes {}, which a trust policy names',
    isPotential: true,
  },
  {
    id: 'iam:AddClientIDToOpenIDConnectProvider',
    needs: [['iam:AddClientIDToOpenIDConnectProvider']],
    reaches: { type: 'provider', kind: 'oidc', only: 'unpinned' },
    does: 'adds an audience to {}',
  },
  {
    id: 'iam:UpdateOpenIDConnectProviderThumbprint',
    needs: [['iam:UpdateOpenIDConnectProviderThumbprint']],
    reaches: { type: 'provider', kind: 'oidc', only: 'private' },
    does: 'changes whose certificate {} is known by',
    isPotential: true,
  },
  {
    id: 'iam:AcceptDelegationRequest',
    needs: [['iam:AcceptDelegationRequest'], ['iam:SendDelegationToken']],
    reaches: { type: 'identityCenter' },
    does: 'accepts a delegation, and hands out its token',
    isPotential: true,
  },
]
