import { beforeAll, describe, expect, it } from 'vitest'
import { loadActions } from '../../../src/catalog/actions.ts'
import { SERVICES } from '../../../src/server/protocol/shapes.ts'
import { ACCOUNT } from '../account.ts'
import { openAuthorized, policyText, REQUEST, ROOT } from './world.ts'

/*
 * Which resource each operation of IAM is about, by its page in the IAM API Reference and its row in the Service Authorization
 * Reference, written down by hand: the code goes by the catalogue.
 */
const ABOUT: Readonly<Record<string, string>> = {
  'user/team/alice': `
    AttachUserPolicy CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential CreateUser
    DeactivateMFADevice DeleteAccessKey DeleteLoginProfile DeleteSSHPublicKey DeleteServiceSpecificCredential
    DeleteSigningCertificate DeleteUser DeleteUserPermissionsBoundary DeleteUserPolicy DetachUserPolicy
    EnableMFADevice GetAccessKeyLastUsed GetLoginProfile GetMFADevice GetSSHPublicKey GetUser GetUserPolicy
    ListAccessKeys ListAttachedUserPolicies ListGroupsForUser ListMFADevices ListSSHPublicKeys
    ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies ListUserTags
    PutUserPermissionsBoundary PutUserPolicy ResetServiceSpecificCredential ResyncMFADevice TagUser UntagUser
    UpdateAccessKey UpdateLoginProfile UpdateSSHPublicKey UpdateServiceSpecificCredential
    UpdateSigningCertificate UpdateUser UploadSSHPublicKey UploadSigningCertificate
    GenerateServiceLastAccessedDetails ListPoliciesGrantingServiceAccess`,
  'group/devs': `
    AddUserToGroup AttachGroupPolicy CreateGroup DeleteGroup DeleteGroupPolicy DetachGroupPolicy GetGroup
    GetGroupPolicy ListAttachedGroupPolicies ListGroupPolicies PutGroupPolicy RemoveUserFromGroup UpdateGroup`,
  'role/team/deploy': `
    AttachRolePolicy CreateRole DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DetachRolePolicy
    GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies ListRoleTags
    PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole UpdateAssumeRolePolicy UpdateRole
    UpdateRoleDescription DeleteServiceLinkedRole GetContextKeysForPrincipalPolicy SimulatePrincipalPolicy`,
  'role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling': `
    CreateServiceLinkedRole GetServiceLinkedRoleDeletionStatus`,
  'policy/team/limit': `
    CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy GetPolicyVersion
    ListEntitiesForPolicy ListPolicyTags ListPolicyVersions SetDefaultPolicyVersion TagPolicy UntagPolicy`,
  'instance-profile/web': `
    AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile
    ListInstanceProfileTags RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile`,
  'mfa/phone': `
    CreateVirtualMFADevice DeleteVirtualMFADevice ListMFADeviceTags TagMFADevice UntagMFADevice`,
  'oidc-provider/idp.example': `
    AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider DeleteOpenIDConnectProvider
    GetOpenIDConnectProvider ListOpenIDConnectProviderTags RemoveClientIDFromOpenIDConnectProvider
    TagOpenIDConnectProvider UntagOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint`,
  'saml-provider/corp': `
    CreateSAMLProvider DeleteSAMLProvider GetSAMLProvider ListSAMLProviderTags TagSAMLProvider
    UntagSAMLProvider UpdateSAMLProvider`,
  'server-certificate/cert': `
    DeleteServerCertificate GetServerCertificate ListServerCertificateTags TagServerCertificate
    UntagServerCertificate UpdateServerCertificate UploadServerCertificate`,
  'access-report/o-1/r-1': 'GenerateOrganizationsAccessReport',
  'delegation-request/d-1': `
    AcceptDelegationRequest AssociateDelegationRequest GetDelegationRequest
    RejectDelegationRequest SendDelegationToken`,
  '*': `
    CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy
    DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
    DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement
    EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport
    GetAccountAuthorizationDetails GetAccountPasswordPolicy GetAccountProperties GetAccountSummary
    GetContextKeysForCustomPolicy GetCredentialReport GetOrganizationsAccessReport
    GetOutboundWebIdentityFederationInfo GetServiceLastAccessedDetails
    GetServiceLastAccessedDetailsWithEntities ListAccountAliases ListDelegationRequests ListGroups
    ListInstanceProfiles ListOpenIDConnectProviders ListOrganizationsFeatures ListPolicies ListRoles
    ListSAMLProviders ListServerCertificates ListUsers ListVirtualMFADevices PutAccountProperties
    SetSecurityTokenServicePreferences SimulateCustomPolicy UpdateAccountPasswordPolicy`,
}

/** Not asked about here, with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  AcquireRole: 'newer than the catalogue: it has no action of this name',
  UpdateDelegationRequest: 'newer than the catalogue: it has no action of this name',
  ChangePassword: 'of whoever calls: asked in its own test',
  CreateDelegationRequest: 'AWS gives the id: its resource is every delegation request',
  GetHumanReadableSummary: 'its resource is the ARN that is asked about, whatever it is',
  GetRoleTemplateVersion: 'its resource is of AWS: arn:aws:iam::aws:role-template/…',
}

const arn = (rest: string): string => (rest === '*' ? '*' : `arn:aws:iam::${ACCOUNT.id}:${rest}`)

const FIELDS: Readonly<Record<string, unknown>> = {
  UserName: 'alice',
  GroupName: 'devs',
  RoleName: 'deploy',
  PolicyName: 'limit',
  PolicyArn: arn('policy/team/limit'),
  InstanceProfileName: 'web',
  VirtualMFADeviceName: 'phone',
  SerialNumber: arn('mfa/phone'),
  OpenIDConnectProviderArn: arn('oidc-provider/idp.example'),
  Url: 'https://idp.example',
  SAMLProviderArn: arn('saml-provider/corp'),
  Name: 'corp',
  ServerCertificateName: 'cert',
  AWSServiceName: 'autoscaling.amazonaws.com',
  DeletionTaskId: 'task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/1',
  Arn: arn('user/team/alice'),
  PolicySourceArn: arn('role/team/deploy'),
  EntityPath: 'o-1/r-1',
  DelegationRequestId: 'd-1',
}

/** What the operation needs besides, on what. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  AddRoleToInstanceProfile: [`iam:PassRole ${arn('role/team/deploy')}`],
}

const IAM = modelOf('iam')

function modelOf(name: string): (typeof SERVICES)[number]['model'] {
  const service = SERVICES.find((each) => each.name === name)
  if (service === undefined) throw new Error(`there is no service ${name}`)
  return service.model
}

const inputFor = (operation: string): Record<string, unknown> => {
  const { operations, structures } = IAM
  const shape = structures[operations[operation]?.input ?? ''] ?? {}
  return Object.fromEntries(Object.entries(FIELDS).filter(([field]) => Object.hasOwn(shape, field)))
}

describe('the action and the resource of each operation of IAM', () => {
  let account: Awaited<ReturnType<typeof openAuthorized>>
  let key = ''
  beforeAll(async () => {
    account = await openAuthorized()
    const { iam } = account
    await iam.write('CreateUser', { UserName: 'alice', Path: '/team/' })
    await iam.write('CreateGroup', { GroupName: 'devs' })
    await iam.write('CreateRole', {
      RoleName: 'deploy',
      Path: '/team/',
      AssumeRolePolicyDocument: policyText({
        Effect: 'Allow',
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    })
    await iam.write('CreatePolicy', {
      PolicyName: 'limit',
      Path: '/team/',
      PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    })
    key = (await iam.write('CreateAccessKey', { UserName: 'alice' })).AccessKey?.AccessKeyId ?? ''
  })

  const needsOf = async (operation: string, input: Record<string, unknown>): Promise<readonly string[]> => {
    const questions = await account.read((reading) =>
      account.authorizer.questionsOf(reading, { caller: ROOT, operation, input, request: REQUEST }),
    )
    return questions.map(({ request }) => `${request.action} ${request.resource}`)
  }

  it.each(Object.entries(ABOUT))('%s', async (resource, operations) => {
    for (const operation of operations.trim().split(/\s+/)) {
      const input: Record<string, unknown> = inputFor(operation)
      if (operation === 'GetAccessKeyLastUsed') input.AccessKeyId = key
      expect(await needsOf(operation, input), operation).toEqual([
        `iam:${operation} ${arn(resource)}`,
        ...(BESIDES[operation] ?? []),
      ])
    }
  })

  it('is written down here for every operation of the model and every action of the catalogue', async () => {
    const actions = await loadActions()
    const written = Object.values(ABOUT).flatMap((operations) => operations.trim().split(/\s+/))
    expect(new Set(written).size).toBe(written.length)
    const operations = Object.keys(IAM.operations)
    expect([...written, ...Object.keys(LEFT_OUT)].sort()).toEqual([...operations].sort())
    const withoutOperation = actions
      .actionsOf('iam')
      .map((action) => action.slice('iam:'.length))
      .filter((name) => !operations.includes(name))
    // Of the console, of CloudFront and of Organizations; the first is a permission alone.
    expect(withoutOperation).toEqual([
      'DeleteCloudFrontPublicKey',
      'GetAccountEmailAddress',
      'GetAccountName',
      'GetCloudFrontPublicKey',
      'ListCloudFrontPublicKeys',
      'ListSTSRegionalEndpointsStatus',
      'PassRole',
      'SetSTSRegionalEndpointStatus',
      'UpdateAccountEmailAddress',
      'UpdateAccountName',
      'UpdateCloudFrontPublicKey',
      'UploadCloudFrontPublicKey',
    ])
  })

  it('a new name or path needs the permission for what it becomes, too', async () => {
    expect(await needsOf('UpdateUser', { UserName: 'alice', NewUserName: 'alicia', NewPath: '/' })).toEqual([
      `iam:UpdateUser ${arn('user/team/alice')}`,
      `iam:UpdateUser ${arn('user/alicia')}`,
    ])
    expect(await needsOf('UpdateUser', { UserName: 'alice', NewUserName: 'alice' })).toHaveLength(1)
  })

  it('tags on what is created need the permission to tag it', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }]
    const made: readonly (readonly [operation: string, tagging: string, input: object])[] = [
      ['CreateUser', 'TagUser', { UserName: 'new' }],
      ['CreateRole', 'TagRole', { RoleName: 'new' }],
      ['CreatePolicy', 'TagPolicy', { PolicyName: 'new' }],
      ['CreateInstanceProfile', 'TagInstanceProfile', { InstanceProfileName: 'new' }],
      ['CreateVirtualMFADevice', 'TagMFADevice', { VirtualMFADeviceName: 'new' }],
      ['CreateOpenIDConnectProvider', 'TagOpenIDConnectProvider', { Url: 'https://new.example' }],
      ['CreateSAMLProvider', 'TagSAMLProvider', { Name: 'new' }],
      ['UploadServerCertificate', 'TagServerCertificate', { ServerCertificateName: 'new' }],
    ]
    for (const [operation, tagging, input] of made) {
      const [own, also, ...more] = await needsOf(operation, { ...input, Tags })
      expect([own?.split(' ')[0], also?.split(' ')[0], more]).toEqual([
        `iam:${operation}`,
        `iam:${tagging}`,
        [],
      ])
      expect(also?.split(' ')[1]).toBe(own?.split(' ')[1])
    }
  })

  it('an ARN that is none is never taken for every resource', async () => {
    expect(await needsOf('GetPolicy', { PolicyArn: '*' })).toEqual([`iam:GetPolicy ${arn('policy/*')}`])
  })
})
