import { expect, test } from 'vitest'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { declarationsOf } from '../../src/manifest/declarations.ts'
import { load } from './sample.ts'

const READ =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:GetObject", Resource: "*" }] }'
const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }'

test('a state declares, by entity, its attributes with their members', () => {
  const { desired } = load({
    'iam-sync.yaml': 'version: 1\naccounts:\n  production: { id: "111122223333", alias: acme }\n',
    'main.yaml': `users:
  alice: { groups: [g], managedPolicies: [ReadOnlyAccess], permissionsBoundary: read, tags: { team: x } }
  bob: { groups: [], permissionsBoundary: null, tags: {} }
  carol: {}
groups:
  g: { inlinePolicies: { one: ${READ} } }
roles:
  r: { trustPolicy: ${TRUST}, description: text, maxSessionDuration: 3600 }
  s: { trustPolicy: ${TRUST}, description: null }
policies:
  read: { document: ${READ}, description: reads }
passwordPolicy: {}
`,
  })
  if (desired === null) throw new Error('the sample has errors')
  expect(declarationsOf(desired, MANIFEST_KINDS.entities)).toEqual({
    'user/alice': {
      groups: ['g'],
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      permissionsBoundary: ['=arn:aws:iam::111122223333:policy/read'],
      tags: ['team'],
    },
    'user/bob': { groups: [], tags: [] },
    'user/carol': {},
    'group/g': { inlinePolicies: ['one'] },
    'role/r': { description: ['=text'], maxSessionDuration: ['=3600'] },
    'role/s': {},
    'policy/read': { description: ['=reads'] },
    passwordPolicy: { value: [expect.stringMatching(/^=\[\["allowUsersToChangePassword",false\],/)] },
    accountAlias: { value: ['=acme'] },
  })
})

test('an alias and a password policy that are declared to be none declare nothing', () => {
  const { desired } = load({
    'iam-sync.yaml': 'version: 1\naccounts:\n  production: { id: "111122223333", alias: null }\n',
    'main.yaml': 'passwordPolicy: null\n',
  })
  expect(desired?.settings.accountAlias?.value).toBeNull()
  expect(desired?.settings.passwordPolicy?.value).toBeNull()
  expect(desired === null ? null : declarationsOf(desired, MANIFEST_KINDS.entities)).toEqual({})
})
