import type { StackResource } from './stack-context.ts'

/** What is not modelled and speaks of access, by the beginning of its type. */
const OF_ACCESS: readonly (readonly [RegExp, string])[] = [
  [/^AWS::IAM::/, 'this type is not modelled yet'],
  [/^AWS::Organizations::/, 'whom control policies apply to is not in a template'],
  [/^AWS::CloudFormation::Stack$|^AWS::Serverless::Application$/, 'nested stacks are not read'],
  [/^AWS::CloudFormation::(?:StackSet|Module|.*Hook)/, 'what it makes is not read'],
  [/^AWS::EC2::VPCEndpoint$/, 'policies of endpoints are not modelled yet'],
  [
    /^AWS::Serverless::(?:Api|HttpApi|Connector|GraphQLApi|WebSocketApi)$/,
    'what SAM makes of it is not read',
  ],
  [
    /^AWS::(?:LakeFormation|RAM|VerifiedPermissions|IdentityStore|SSO|AccessAnalyzer|RolesAnywhere|Cognito::IdentityPool)(?:::|$)|^AWS::EKS::(?:AccessEntry|PodIdentityAssociation)$/,
    'this type is not modelled yet',
  ],
  [
    /Permissions?$|(?:Resource|Access|Auth|Bus|Bucket|Registry|Repository|AccessPoint|Endpoint|IoT::)Policy$/,
    'this type is not modelled yet',
  ],
]

/** What is called so and says nothing of who may do what. */
const OTHERWISE =
  /^AWS::(?:AccessAnalyzer|(?:Application)?AutoScaling|Route53|ElasticLoadBalancing|GameLift|FMS)/

/** What of a resource isn't looked at, in words. @param isRead whether its type is one that is read */
export function notModelledIn({ type }: StackResource, isRead: boolean): readonly string[] {
  const known = isRead || OTHERWISE.test(type) ? undefined : OF_ACCESS.find(([form]) => form.test(type))
  return known === undefined ? [] : [known[1]]
}
