import type { PlanCase } from './plan-of.ts'

const allow = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }`
const deny = (action: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "${action}", Resource: "*" }] }`
const trust = (...arns: readonly string[]) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: [${arns.map((arn) => `"${arn}"`).join(', ')}] }, Action: "sts:AssumeRole" }] }`
const ec2 = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole" }] }`
const ARN = 'arn:aws:iam::111122223333'

const small = `
groups:
  dev: { managedPolicies: [deploy] }
users:
  alice: { groups: [dev], tags: { team: web }, managedPolicies: [ReadOnlyAccess] }
policies:
  deploy: { document: ${allow('s3:PutObject')} }
`

/** By the name of its golden file. */
export const SCENARIOS: Readonly<Record<string, PlanCase>> = {
  'nothing to change': { before: small, after: small },
  'everything is created from an empty account': { before: '', after: small },
  'everything declared before and no longer is deleted': {
    before: small,
    after: '',
    rules: 'scope: { users: declared }\nguard: { minimumExisting: 100 }',
  },
  'what was never declared is left alone and listed': {
    before: small,
    after: 'users: { bob: {} }',
    declared: '',
    rules: '',
  },
  'a scope by path deletes only below it': {
    before: `policies: { a: { path: /managed/, document: ${allow('s3:Get*')} }, b: { document: ${allow('s3:Get*')} } }`,
    after: '',
    declared: '',
    rules: 'scope: { policies: { path: /managed/ } }',
  },
  'a scope by tag deletes only what bears it': {
    before: `users: { a: { tags: { managed-by: iam-sync } }, b: { tags: { managed-by: hand } } }`,
    after: '',
    declared: '',
    rules: 'scope: { users: { tag: { managed-by: iam-sync } } }',
  },
  'a group lists its members: who is in it otherwise leaves it': {
    before: `
groups: { dev: { managedPolicies: [ReadOnlyAccess] }, ops: {} }
users: { ann: {}, bob: { groups: [dev, ops] }, cleo: { groups: [dev] }, dora: { groups: [dev] } }
`,
    declared: '',
    rules: '',
    after: `
groups: { dev: { members: [ann, cleo], managedPolicies: [ReadOnlyAccess, PowerUserAccess] } }
users: { ann: {}, bob: {}, cleo: {} }
`,
  },
  'who is in a group may be said on the other side from now on': {
    before: 'groups: { dev: {} }\nusers: { ann: { groups: [dev] } }',
    after: 'groups: { dev: { members: [ann] } }\nusers: { ann: {} }',
  },
  'a group that lists nobody any more loses those whom it listed': {
    before: 'groups: { dev: { members: [ann] }, ops: {} }\nusers: { ann: {} }',
    after: 'groups: { dev: {}, ops: {} }\nusers: { ann: {} }',
  },
  'an attribute that is no longer declared loses what was declared': {
    before: `users: { a: { managedPolicies: [ReadOnlyAccess, PowerUserAccess], tags: { one: "1", two: "2" } } }`,
    declared: `users: { a: { managedPolicies: [ReadOnlyAccess], tags: { one: "1" } } }`,
    after: 'users: { a: {} }',
  },
  'an empty attribute removes everything': {
    before: `users: { a: { managedPolicies: [ReadOnlyAccess], permissionsBoundary: ReadOnlyAccess, tags: { one: "1" } } }`,
    declared: '',
    after: 'users: { a: { managedPolicies: [], permissionsBoundary: null, tags: {} } }',
  },
  'grants that nobody declares are shown': {
    before: `
groups: { g: { inlinePolicies: { x: ${allow('s3:Get*')} } } }
users: { a: { groups: [g], managedPolicies: [ReadOnlyAccess], permissionsBoundary: ReadOnlyAccess, inlinePolicies: { y: ${allow('s3:Get*')} } } }`,
    declared: '',
    after: 'users: { a: {} }\ngroups: { g: {} }',
  },
  'a policy with a changed statement gets a version': {
    before: `policies: { p: { document: { Version: "2012-10-17", Statement: [{ Sid: Read, Effect: Allow, Action: "s3:Get*", Resource: "*" }, { Sid: List, Effect: Allow, Action: "s3:List*", Resource: "*" }] } } }`,
    after: `policies: { p: { document: { Version: "2012-10-17", Statement: [{ Sid: Read, Effect: Allow, Action: ["s3:Get*", "s3:PutObject"], Resource: "*" }, { Sid: List, Effect: Allow, Action: "s3:List*", Resource: "*" }] } } }`,
  },
  'with five versions the oldest one that is not the default goes first': {
    before: `policies: { p: { document: ${allow('s3:Get*')} } }`,
    after: `policies: { p: { document: ${allow('s3:Put*')} } }`,
    observe: (state) => ({
      ...state,
      entities: {
        ...state.entities,
        policy: new Map(
          [...state.entities.policy].map(([name, policy]) => [
            name,
            {
              ...policy,
              versions: ['v2', 'v4', 'v5', 'v6', 'v7'].map((id) => ({ id, isDefault: id === 'v2' })),
            },
          ]),
        ),
      },
    }),
  },
  'a dropped Version is a change, since variables turn literal': {
    before: `users: { a: { inlinePolicies: { p: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "arn:aws:s3:::x" }] } } } }`,
    after: `users: { a: { inlinePolicies: { p: { Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "arn:aws:s3:::x" }] } } } }`,
  },
  'another description makes a policy anew, and its holders get it back': {
    before: `
policies: { p: { description: old, document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] }, b: { permissionsBoundary: p } }`,
    after: `
policies: { p: { description: new, document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] }, b: { permissionsBoundary: p } }`,
  },
  'another path makes a policy anew under another ARN': {
    before: `
policies: { p: { document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] }, b: { permissionsBoundary: p } }`,
    after: `
policies: { p: { path: /x/, document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] }, b: { permissionsBoundary: p } }`,
  },
  'a replacement that would lose what is not managed is refused': {
    before: `
policies: { p: { document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] } }
roles: { r: { trustPolicy: ${ec2}, managedPolicies: [ReadOnlyAccess], maxSessionDuration: 7200 } }`,
    declared: '',
    after: `
policies: { p: { path: /x/, document: ${allow('s3:Get*')} } }
users: { a: {} }
roles: { r: { path: /x/, trustPolicy: ${ec2} } }`,
  },
  'a policy that is made anew would lose a description that nobody declares': {
    before: `policies: { p: { description: by hand, document: ${allow('s3:Get*')} } }`,
    declared: '',
    after: `policies: { p: { path: /x/, document: ${allow('s3:Get*')} } }`,
  },
  'another path makes a role anew': {
    before: `roles: { r: { trustPolicy: ${ec2}, managedPolicies: [ReadOnlyAccess], inlinePolicies: { i: ${allow('s3:Get*')} } } }`,
    after: `roles: { r: { path: /app/, trustPolicy: ${ec2}, managedPolicies: [ReadOnlyAccess], inlinePolicies: { i: ${allow('s3:Get*')} } } }`,
  },
  'users and groups move in place': {
    before: 'users: { a: { groups: [g] } }\ngroups: { g: {} }',
    after: 'users: { a: { path: /x/, groups: [g] } }\ngroups: { g: { path: /y/ } }',
  },
  'roles that trust each other are created with less trust, then completed': {
    before: '',
    after: `roles:
  a: { trustPolicy: ${trust(`${ARN}:role/b`)} }
  b: { trustPolicy: ${trust(`${ARN}:role/a`, `${ARN}:user/u`)} }
  c: { trustPolicy: ${trust(`${ARN}:role/c`, '444455556666')} }
users: { u: {} }`,
  },
  'a wider boundary waits for what is lost, and what is gained waits for it': {
    before: `
users: { a: { permissionsBoundary: ReadOnlyAccess, managedPolicies: [old] } }
policies: { old: { document: ${allow('s3:*')} }, new: { document: ${allow('ec2:*')} } }`,
    after: `
users: { a: { permissionsBoundary: PowerUserAccess, managedPolicies: [new] } }
policies: { old: { document: ${allow('s3:*')} }, new: { document: ${allow('ec2:*')} } }`,
  },
  'what denies is attached first and detached last': {
    before: `
users: { a: { managedPolicies: [allow1, deny1] } }
policies: { allow1: { document: ${allow('s3:*')} }, deny1: { document: ${deny('s3:*')} }, allow2: { document: ${allow('s3:*')} }, deny2: { document: ${deny('s3:*')} } }`,
    after: `
users: { a: { managedPolicies: [allow2, deny2] } }
policies: { allow1: { document: ${allow('s3:*')} }, deny1: { document: ${deny('s3:*')} }, allow2: { document: ${allow('s3:*')} }, deny2: { document: ${deny('s3:*')} } }`,
  },
  'what denies comes before all that allows, and goes after it, however it is held': {
    before: `
users:
  leaver: { groups: [quarantine], inlinePolicies: { everything: ${allow('*')} } }
  joiner: {}
groups: { quarantine: { managedPolicies: [AWSDenyAll] }, limited: { inlinePolicies: { limit: ${deny('iam:*')} } } }`,
    after: `
users:
  leaver: { groups: [], inlinePolicies: {} }
  joiner: { groups: [limited], inlinePolicies: { everything: ${allow('*')} } }
groups: { quarantine: { managedPolicies: [AWSDenyAll] }, limited: { inlinePolicies: { limit: ${deny('iam:*')} } } }`,
  },
  'who loses a policy or group does not see it change': {
    before: `
users: { leaver: { managedPolicies: [p], groups: [g] } }
groups: { g: {} }
policies: { p: { document: ${allow('s3:Get*')} } }`,
    after: `
users: { leaver: { managedPolicies: [], groups: [] } }
groups: { g: { managedPolicies: [ReadOnlyAccess] } }
policies: { p: { document: ${allow('*')} } }`,
  },
  'at a quota, what goes makes room for what comes': {
    before: 'users: { a: { groups: [g1, g2] }, b: {} }\ngroups: { g1: {}, g2: {}, g3: {} }',
    after: 'users: { a: { groups: [g2, g3] }, c: {} }\ngroups: { g1: {}, g2: {}, g3: {} }',
    quotas: { groupsPerUser: 2, usersPerAccount: 2 },
  },
  'a group that goes takes its members out first': {
    before: 'users: { a: { groups: [g] }, b: { groups: [g] }, c: { groups: [g] } }\ngroups: { g: {} }',
    declared: 'users: { b: { groups: [] } }\ngroups: { g: {} }',
    after: 'users: { b: { groups: [] } }',
    rules: 'guard: { minimumExisting: 100 }',
  },
  'a policy that goes is detached from whoever holds it': {
    before: `
policies: { p: { document: ${allow('s3:Get*')} } }
users: { a: { managedPolicies: [p] }, b: { managedPolicies: [p] } }`,
    declared: `policies: { p: { document: ${allow('s3:Get*')} } }`,
    after: 'users: { a: { managedPolicies: [] } }',
    rules: '',
  },
  'what goes with a deleted policy or group is not said to be left alone': {
    before: `
policies: { p: { document: ${allow('s3:Get*')} } }
groups: { g: {} }
users: { a: { groups: [g], managedPolicies: [p, ReadOnlyAccess] } }`,
    declared: `policies: { p: { document: ${allow('s3:Get*')} } }\ngroups: { g: {} }`,
    after: 'users: { a: {} }',
    rules: '',
  },
  'a boundary of what is not managed is not deleted': {
    before: `
policies: { p: { document: ${allow('s3:Get*')} } }
users: { a: { permissionsBoundary: p } }`,
    declared: `policies: { p: { document: ${allow('s3:Get*')} } }`,
    after: '',
    rules: '',
  },
  'references to what is nowhere, or goes with this plan': {
    before: `policies: { going: { document: ${allow('s3:Get*')} } }\nusers: { leaver: {} }`,
    after: `
users: { a: { groups: ["${ARN}:group/nowhere"], managedPolicies: ["${ARN}:policy/going", "${ARN}:policy/nowhere"] } }
roles: { r: { trustPolicy: ${trust(`${ARN}:user/leaver`, `${ARN}:role/nowhere`)} } }`,
    rules: 'guard: { minimumExisting: 100 }',
  },
  'a name that differs only in case': {
    before: 'users: { Alice: {} }',
    declared: '',
    after: 'users: { alice: {} }',
    rules: '',
  },
  "AWS's own roles are never touched, nor is what they hold taken from them": {
    before: `
roles: { AWSServiceRoleForX: { trustPolicy: ${ec2} }, sso: { trustPolicy: ${ec2}, managedPolicies: [p] } }
policies: { p: { document: ${allow('s3:Get*')} } }`,
    after: `roles: { AWSServiceRoleForX: { trustPolicy: ${ec2}, tags: { team: web } } }`,
    observe: (state) => ({
      ...state,
      entities: {
        ...state.entities,
        role: new Map(
          [...state.entities.role].map(([name, role]) => {
            const path =
              name === 'sso' ? '/aws-reserved/sso.amazonaws.com/' : '/aws-service-role/x.amazonaws.com/'
            return [name, { ...role, path, arn: `${ARN}:role${path}${name}` }]
          }),
        ),
      },
    }),
  },
  'the guard refuses a mass deletion, and what is protected': {
    before: 'users: { a: {}, b: {}, c: {}, d: {} }',
    after: 'users: { a: {} }',
    rules: 'guard: { maxDeletePercent: 50, minimumExisting: 4, protect: [user/b] }\nscope: { users: all }',
  },
  'the guard refuses more than the account may have': {
    before: 'users: { a: {} }',
    after: 'users: { a: {}, b: {}, c: {} }',
    quotas: { usersPerAccount: 2 },
  },
  'password policy': {
    before: 'passwordPolicy: { minimumPasswordLength: 8 }',
    after: 'passwordPolicy: { minimumPasswordLength: 14, requireSymbols: true, maxPasswordAge: 90 }',
  },
  'a password policy that is no longer declared': {
    before: 'passwordPolicy: { minimumPasswordLength: 8 }',
    after: '',
  },
  "inline policies shrink before they grow, at the user's limit": {
    before: `users: { a: { inlinePolicies: { x: ${allow('s3:GetObjectVersionTagging')}, y: ${allow('s3:*')}, z: ${allow('ec2:*')} } } }`,
    after: `users: { a: { inlinePolicies: { x: ${allow('s3:*')}, y: ${allow('s3:GetObjectVersionTagging')} } } }`,
    quotas: { inlinePolicySizePerUser: 280 },
  },
  'a role with an instance profile, and one that stands by itself': {
    before: '',
    after: `
roles: { web: { path: /ec2/, ec2: true, trustPolicy: ${ec2} }, batch: { trustPolicy: ${ec2} } }
instanceProfiles: { spare: { tags: { team: web } }, worker: { role: batch } }`,
  },
  'a role that goes leaves the instance profiles that it is in': {
    before: `roles: { web: { ec2: true, trustPolicy: ${ec2} } }\ninstanceProfiles: { other: { role: web }, foreign: { role: web } }`,
    declared: `roles: { web: { ec2: true, trustPolicy: ${ec2} } }\ninstanceProfiles: { other: { role: web } }`,
    after: 'instanceProfiles: { other: { role: null } }',
    rules: 'scope: { roles: all }\nguard: { minimumExisting: 100 }',
  },
  'another role comes into an instance profile': {
    before: `roles: { old: { trustPolicy: ${ec2} } }\ninstanceProfiles: { web: { role: old } }`,
    after: `roles: { new: { trustPolicy: ${ec2} } }\ninstanceProfiles: { web: { role: new } }`,
  },
  'a role that is made anew comes back into its instance profiles': {
    before: `roles: { web: { trustPolicy: ${ec2} } }\ninstanceProfiles: { web: { role: web } }`,
    after: `roles: { web: { path: /ec2/, trustPolicy: ${ec2} } }\ninstanceProfiles: { web: { role: web } }`,
  },
  'a role and its instance profile are made anew together': {
    before: `roles: { web: { ec2: true, trustPolicy: ${ec2} } }`,
    after: `roles: { web: { path: /ec2/, ec2: true, trustPolicy: ${ec2} } }`,
  },
  'a role that is made anew would lose its place in an instance profile of others': {
    before: `roles: { web: { trustPolicy: ${ec2} } }\ninstanceProfiles: { foreign: { role: web } }`,
    declared: `roles: { web: { trustPolicy: ${ec2} } }`,
    after: `roles: { web: { path: /ec2/, trustPolicy: ${ec2} } }`,
    rules: 'scope: { roles: all }',
  },
  'an instance profile is made anew under another path, and would lose a role that nobody declares': {
    before: `roles: { web: { trustPolicy: ${ec2} } }\ninstanceProfiles: { a: { role: web }, b: { role: web } }`,
    declared: '',
    after: `roles: { web: { trustPolicy: ${ec2} } }\ninstanceProfiles: { a: { path: /x/, role: web }, b: { path: /x/ } }`,
  },
  'an instance profile whose role nobody declares, and one whose role goes': {
    before: `roles: { web: { trustPolicy: ${ec2} }, gone: { trustPolicy: ${ec2} } }\ninstanceProfiles: { a: { role: web }, b: { role: gone } }`,
    declared: `roles: { gone: { trustPolicy: ${ec2} } }`,
    after: `roles: { web: { trustPolicy: ${ec2} } }\ninstanceProfiles: { a: {}, b: {} }`,
  },
  'the guard refuses more instance profiles than the account may have': {
    before: '',
    after: 'instanceProfiles: { a: {}, b: {}, c: {} }',
    quotas: { instanceProfilesPerAccount: 2 },
  },
  'service-linked roles are made, described, left alone and, where that is said, deleted': {
    before: `
serviceLinkedRoles:
  rds.amazonaws.com: { description: one }
  ecs.amazonaws.com: {}
  es.amazonaws.com: {}
  support.amazonaws.com: {}`,
    after: `
serviceLinkedRoles:
  autoscaling.amazonaws.com: {}
  autoscaling.amazonaws.com_blue: { description: for the blue ones }
  rds.amazonaws.com: { description: other }
  ecs.amazonaws.com: {}
  es.amazonaws.com: { delete: true }
  kafka.amazonaws.com: { delete: true }`,
    rules: 'scope: { roles: all }',
  },
}
