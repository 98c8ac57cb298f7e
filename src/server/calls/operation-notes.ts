import type { ServiceName } from '../protocol/shapes.ts'

type Notes = Readonly<Record<ServiceName, Readonly<Record<string, string>>>>

const DELEGATION = 'delegation requests are approved by people in the console of AWS'
const ORGANIZATION = 'is asked of the management account of an organization'
const ACCESSED = 'nothing but IAM is called here: there is no service whose last use could be told'
const OUTBOUND = 'tokens that AWS signs for its users to show to others'
const SIMULATION = '`iam-sync evaluate` and `who-can` answer the same questions'
const TO_COME = 'still to come'
const UNDOCUMENTED = 'newer than what is documented of it'

/** Operations that the models have and the account hasn't, with the reason. */
export const LEFT_OUT: Notes = {
  iam: {
    AcceptDelegationRequest: DELEGATION,
    AcquireRole: UNDOCUMENTED,
    AssociateDelegationRequest: DELEGATION,
    CreateDelegationRequest: DELEGATION,
    DisableOrganizationsRootCredentialsManagement: ORGANIZATION,
    DisableOrganizationsRootSessions: ORGANIZATION,
    DisableOutboundWebIdentityFederation: OUTBOUND,
    EnableOrganizationsRootCredentialsManagement: ORGANIZATION,
    EnableOrganizationsRootSessions: ORGANIZATION,
    EnableOutboundWebIdentityFederation: OUTBOUND,
    GenerateOrganizationsAccessReport: ORGANIZATION,
    GenerateServiceLastAccessedDetails: ACCESSED,
    GetAccountProperties: UNDOCUMENTED,
    GetContextKeysForCustomPolicy: SIMULATION,
    GetContextKeysForPrincipalPolicy: SIMULATION,
    GetDelegationRequest: DELEGATION,
    GetHumanReadableSummary: DELEGATION,
    GetOrganizationsAccessReport: ORGANIZATION,
    GetOutboundWebIdentityFederationInfo: OUTBOUND,
    GetRoleTemplateVersion: UNDOCUMENTED,
    GetServiceLastAccessedDetails: ACCESSED,
    GetServiceLastAccessedDetailsWithEntities: ACCESSED,
    ListDelegationRequests: DELEGATION,
    ListOrganizationsFeatures: ORGANIZATION,
    ListPoliciesGrantingServiceAccess: TO_COME,
    PutAccountProperties: UNDOCUMENTED,
    RejectDelegationRequest: DELEGATION,
    SendDelegationToken: DELEGATION,
    SetSecurityTokenServicePreferences: 'tokens are of one version here, which all regions take',
    SimulateCustomPolicy: SIMULATION,
    SimulatePrincipalPolicy: SIMULATION,
    UpdateDelegationRequest: DELEGATION,
  },
  sts: {
    GetDelegatedAccessToken: DELEGATION,
    GetScopedCredentials: UNDOCUMENTED,
    GetWebIdentityToken: OUTBOUND,
  },
}

/** Operations that do less here than at AWS, or whose answers nobody has compared with AWS's. */
export const PARTIAL: Notes = {
  iam: {
    GenerateCredentialReport: 'done at once: the report is of the moment',
    GetAccessKeyLastUsed:
      'noted at most once a minute for the same service and region; which error AWS has for a key that is not there is not verified',
    GetUser: 'without a name it takes a user’s own key: the root user has to name one',
    ListPolicies: 'of AWS’s own those in use',
    ListAccessKeys: 'without a name it takes a user’s own key: keys of the root user are not listed',
  },
  sts: {
    AssumeRoot:
      'by the management account of a declared organization, with `--root-sessions`; accounts that administer IAM for it are not known; the texts of refusals are not verified',
    AssumeRole:
      'roles of the account that is served; without contexts of providers (`ProvidedContexts`); how AWS packs policies and tags is not known',
    AssumeRoleWithSAML: 'encrypted assertions are refused',
    AssumeRoleWithWebIdentity:
      'access tokens of OAuth 2.0 (`ProviderId`) are refused; thumbprints are not compared',
  },
}
