import { describe, expect, test } from 'vitest'
import { load } from './sample.ts'

const ORGANIZATION = `organization:
  id: o-a1b2c3d4e5
  managementAccount: "999988887777"
  serviceControlPolicies:
    guardrail: { Version: "2012-10-17", Statement: [{ Effect: Deny, Action: "s3:Delete*", Resource: "*" }] }
  resourceControlPolicies:
    ours: { file: ours.json }
  roots:
    Root:
      id: r-ab12
      resourceControlPolicies: [RCPFullAWSAccess, ours]
      accounts: { "999988887777": ~ }
      organizationalUnits:
        workloads:
          id: ou-ab12-11111111
          serviceControlPolicies: [guardrail, FullAWSAccess, guardrail]
          accounts: { "111122223333": { name: production, serviceControlPolicies: ~ } }
`
const OURS =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}'

describe('the organization', () => {
  test('is a tree with what is attached at each node', () => {
    const { project } = load({ 'org.yaml': ORGANIZATION, 'ours.json': OURS })
    expect(project.diagnostics.map(({ code }) => code)).toEqual(['manifest.nothing-allowed'])
    const { organization } = project
    expect(organization).toMatchObject({ id: 'o-a1b2c3d4e5', managementAccount: '999988887777' })
    const names = (policies: readonly { readonly name: string }[] | undefined) =>
      policies?.map(({ name }) => name)
    const root = organization?.root
    expect([root?.kind, root?.id, root?.name]).toEqual(['root', 'r-ab12', 'Root'])
    expect(names(root?.serviceControlPolicies)).toEqual(['FullAWSAccess'])
    expect(names(root?.resourceControlPolicies)).toEqual(['ours'])
    const [unit, management] = root?.children ?? []
    expect(names(unit?.serviceControlPolicies)).toEqual(['guardrail', 'FullAWSAccess'])
    expect([management?.kind, management?.id, management?.name]).toEqual([
      'account',
      '999988887777',
      '999988887777',
    ])
    expect(unit?.children.map(({ name, serviceControlPolicies }) => [name, serviceControlPolicies])).toEqual([
      ['production', []],
    ])
  })

  test('counts for the project, whichever account takes the file', () => {
    const { project } = load({
      'iam-sync.yaml':
        'version: 1\naccounts:\n  a: { id: "111122223333", manifests: [org.yaml] }\n  b: { id: "999988887777", manifests: [b.yaml] }\n',
      'org.yaml': ORGANIZATION.replace('ours.json', './ours.json'),
      'ours.json': OURS,
      'b.yaml': 'users: { root-admin: ~ }\n',
    })
    expect(project.organization?.id).toBe('o-a1b2c3d4e5')
  })

  test('is one declaration for accounts that share the file', () => {
    const { project } = load({
      'iam-sync.yaml': 'version: 1\naccounts:\n  a: { id: "111122223333" }\n  b: { id: "999988887777" }\n',
      'org.yaml': ORGANIZATION,
      'ours.json': OURS,
    })
    expect(project.diagnostics.map(({ code }) => code)).toEqual(['manifest.nothing-allowed'])
  })
})

describe('resources', () => {
  test('public access is blocked by the resource itself, or by its account', () => {
    const { project } = load({
      'iam-sync.yaml': `version: 1
accounts:
  a: { id: "111122223333", blockPublicAccess: true, manifests: [a.yaml] }
  b: { id: "444455556666", blockPublicAccess: false, manifests: [b.yaml] }
`,
      'a.yaml': 'resources: { "arn:aws:s3:::one": { blockPublicAccess: true }, "arn:aws:s3:::two": ~ }\n',
      'b.yaml': 'resources: { "arn:aws:s3:::three": { blockPublicAccess: true }, "arn:aws:s3:::four": ~ }\n',
    })
    expect(project.diagnostics).toEqual([])
    expect([...project.resources.values()].map((each) => [each.arn, each.publicAccessBlock])).toEqual([
      ['arn:aws:s3:::one', 'resource'],
      ['arn:aws:s3:::two', 'account'],
      ['arn:aws:s3:::three', 'resource'],
      ['arn:aws:s3:::four', undefined],
    ])
  })

  test('of an API have its paths in full, in whichever file they stand', () => {
    const policy = (resource: string) =>
      `{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", ${resource} }] }`
    const api = (id: string) => `arn:aws:execute-api:us-east-1:111122223333:${id}`
    const { project } = load({
      'main.yaml': `resources:
  "${api('abc')}": { policy: ${policy('"Resource": "execute-api:/*"')} }
  "${api('def')}": { policy: { file: def.json } }
`,
      'def.json': policy('"NotResource": ["execute-api:/prod/GET/pets", "arn:aws:execute-api:*:*:*"]'),
    })
    expect(project.diagnostics).toEqual([])
    const statements = [...project.resources.values()].flatMap(({ policy: held }) => held?.json.Statement)
    expect(statements).toMatchObject([
      { Resource: `${api('abc')}/*` },
      { NotResource: [`${api('def')}/prod/GET/pets`, 'arn:aws:execute-api:*:*:*'] },
    ])
    const elsewhere = load({
      'main.yaml': `resources: { "arn:aws:s3:::logs": { policy: ${policy('"Resource": "execute-api:/*"')} } }`,
    })
    expect(elsewhere.project.diagnostics.map(({ code }) => code)).toEqual(['policy.resource-not-arn'])
  })

  test('belong to whom the manifest, the ARN or the account says', () => {
    const { project } = load({
      'main.yaml': `resources:
  arn:aws:s3:::data: { account: "444455556666", tags: { team: a } }
  arn:aws:sqs:eu-west-1:555566667777:q:
  arn:aws:s3:::logs: { policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" }] } }
  "arn:aws:kms:eu-west-1:{{ account.id }}:key/1": {}
`,
    })
    expect(project.diagnostics).toEqual([])
    expect(
      [...project.resources.values()].map(({ arn, account, policy, tags }) => [
        arn,
        account,
        policy === null ? null : policy.json.Version,
        [...tags],
      ]),
    ).toEqual([
      ['arn:aws:s3:::data', '444455556666', null, [['team', 'a']]],
      ['arn:aws:sqs:eu-west-1:555566667777:q', '555566667777', null, []],
      ['arn:aws:s3:::logs', '111122223333', '2012-10-17', []],
      ['arn:aws:kms:eu-west-1:111122223333:key/1', '111122223333', null, []],
    ])
  })
})
