const document = (effect: string, action: string, resource = '*') =>
  `{ Version: "2012-10-17", Statement: [{ Effect: ${effect}, Action: "${action}", Resource: "${resource}" }] }`
const trust = (principal: string) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: ${principal}, Action: "sts:AssumeRole" }] }`
const userOfFirst = (name: string) => `{ AWS: "arn:aws:iam::111122223333:user/${name}" }`
const json = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  })

/** What a file holds at first, what edits make of it, and what nobody can plan. */
interface EditedFile {
  readonly good: readonly [string, ...string[]]
  readonly bad: readonly string[]
}

/** Two accounts that trust each other, by path. */
export const EDITED_FILES: Readonly<Record<string, EditedFile>> = {
  'iam-sync.yaml': {
    good: [
      `version: 1
accounts:
  first:
    id: "111122223333"
    target: { kind: local, database: .iam-sync/first.db }
    manifests: [first]
    variables: { team: red }
  second:
    id: "444455556666"
    target: { kind: local, database: .iam-sync/second.db }
    manifests: [second]
scope: { users: all, groups: declared, roles: { path: /app/ }, policies: all }
guard: { maxDeletePercent: 50, minimumExisting: 4, protect: [user/dora] }
`,
    ],
    bad: [],
  },
  'first/people.yaml': {
    good: [
      `users:
  alice: { groups: [staff], tags: { team: "{{ variables.team }}" } }
  bob: { groups: [staff], managedPolicies: [read], permissionsBoundary: limit }
  carla: { managedPolicies: ["arn:aws:iam::111122223333:policy/read"] }
`,
      `users:
  # Everything below is elsewhere now.
  alice: { groups: [staff], tags: { team: "{{ variables.team }}" } }
  bob: { groups: [staff], managedPolicies: [read], permissionsBoundary: limit }
  carla: { managedPolicies: ["arn:aws:iam::111122223333:policy/read"] }
`,
      `users:
  alice: { groups: [staff], tags: { team: blue } }
  bob: { groups: [], managedPolicies: [read] }
  carla: { managedPolicies: ["arn:aws:iam::111122223333:policy/read"], path: /moved/ }
`,
      `users:
  carla: { managedPolicies: ["arn:aws:iam::111122223333:policy/read"] }
  bob: { groups: [staff], managedPolicies: [read], permissionsBoundary: limit }
  alba: { groups: [staff], tags: { team: red } }
`,
    ],
    bad: [
      'users:\n  alice:\n  groups: [staff]\n  bob: { groups: [nowhere] }\n',
      'users:\n  Carla: {}\n  DORA: {}\n',
      'users: { alice: {\n',
    ],
  },
  'first/others.yaml': {
    good: [
      'users: { dora: {}, emil: { groups: [staff, rare] } }\n',
      'users: { dora: {}, emil: { groups: [staff] } }\n---\nusers: { fred: {} }\n',
      'users: { emil: { inlinePolicies: { own: { file: own.json } } }, dora: {} }\n',
      'users: { emil: {} }\n',
    ],
    bad: ['users: { dora: {}, alice: {} }\n', '- users\n'],
  },
  'first/own.json': { good: [json('s3:GetObject'), json('iam:*'), json('s3:Gett*')], bad: ['{}'] },
  'first/groups.yaml': {
    good: [
      `groups: { staff: { managedPolicies: [read], inlinePolicies: { more: ${document('Allow', 'sqs:*')} } }, rare: {} }\n`,
      `groups: { staff: { managedPolicies: [write], inlinePolicies: { more: ${document('Deny', 'sqs:*')} } }, rare: {} }\n`,
      'groups: { rare: { managedPolicies: [limit] }, staff: {} }\n',
    ],
    bad: ['groups: { staff: { managedPolicies: [read, gone] }, rare: {} }\n', 'groups: { staff: {} }\n'],
  },
  'first/policies.yaml': {
    good: [
      `policies:
  read: { document: ${document('Allow', 's3:Get*')} }
  write: { document: ${document('Allow', 's3:Put*', `arn:aws:s3:::\${aws:PrincipalTag/team}/*`)} }
  limit: { document: ${document('Allow', 's3:*')} }
`,
      `policies:
  write: { document: ${document('Allow', 's3:Put*')} }
  limit: { document: ${document('Allow', '*')} }
  read: { document: ${document('Allow', 's3:Get*')}, description: it has one now }
`,
      `policies:
  read: { path: /moved/, document: ${document('Allow', 's3:Get*')} }
  write: { document: ${document('Allow', 'iam:PutUserPolicy')} }
  limit: { document: ${document('Deny', 's3:*')} }
`,
    ],
    bad: [`policies: { limit: { document: ${document('Allow', 's3:*')} } }\n`],
  },
  'first/roles.yaml': {
    good: [
      `roles:
  app: { path: /app/, trustPolicy: ${trust(userOfFirst('alice'))}, managedPolicies: [write] }
  ci: { trustPolicy: ${trust('{ AWS: "arn:aws:iam::444455556666:role/app/build" }')}, managedPolicies: [read] }
`,
      `roles:
  app: { path: /app/, trustPolicy: ${trust(userOfFirst('carla'))}, managedPolicies: [write] }
  ci: { trustPolicy: ${trust('{ AWS: "arn:aws:iam::444455556666:root" }')}, managedPolicies: [read] }
`,
      `roles: { ci: { trustPolicy: ${trust('{ Service: ec2.amazonaws.com }')}, maxSessionDuration: 7200 } }\n`,
      'tests: [{ name: t, principal: user/bob, action: s3:GetObject, resource: "arn:aws:s3:::b/k", expect: allow }]\n',
    ],
    bad: [],
  },
  'second/all.yaml': {
    good: [
      `roles: { build: { path: /app/, trustPolicy: ${trust(userOfFirst('bob'))}, managedPolicies: [AdministratorAccess] } }\n`,
      `roles: { build: { path: /app/, trustPolicy: ${trust(userOfFirst('emil'))}, managedPolicies: [AdministratorAccess] }, more: { trustPolicy: ${trust('"*"')} } }\n`,
      'users: { zoe: {} }\n',
    ],
    bad: [],
  },
}
