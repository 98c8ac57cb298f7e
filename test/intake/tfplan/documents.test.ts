import { describe, expect, it } from 'vitest'
import type { Planned } from './plan-json.ts'
import { allowing, codesOf, findingsOf, readPlan, roleOf, shown } from './read-plan.ts'

const attached = (references: readonly string[], rest: Partial<Planned> = {}): Planned => ({
  type: 'aws_iam_role_policy',
  name: 'p',
  before: null,
  after: { role: 'deploy', name: 'p' },
  unknown: { policy: references },
  ...rest,
})
const statement = (rest: object) => ({
  actions: ['s3:GetObject'],
  resources: ['*'],
  effect: null,
  sid: null,
  not_actions: null,
  not_resources: null,
  principals: [],
  not_principals: [],
  condition: [],
  ...rest,
})
const data = (
  statements: readonly object[],
  marks: readonly object[] | true,
  rest: Partial<Planned> = {},
): Planned => ({
  type: 'aws_iam_policy_document',
  name: 'd',
  mode: 'data',
  after: { version: null, policy_id: null, statement: statements },
  partly: { id: true, json: true, statement: marks },
  ...rest,
})
const OF_DATA = ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d']

const policyIn = (resources: readonly Planned[], parts = {}) =>
  shown(
    readPlan([roleOf('deploy'), ...resources], parts)
      .estate.accounts[0]?.entities.role.get('deploy')
      ?.inlinePolicies.get('p'),
  )

describe('a document that is known after the apply', () => {
  it('is unknown for whoever holds it, with the address of its resource', () => {
    const intake = readPlan([
      roleOf('deploy'),
      attached(['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'], { module: 'module.ci["x"]' }),
    ])
    expect(codesOf(intake)).toEqual(['intake.document-not-known-yet'])
    expect(findingsOf(intake)[0]?.message).toContain('role/deploy')
    expect(findingsOf(intake)[0]?.message).toContain('`module.ci["x"].aws_iam_role_policy.p`')
  })

  it('has the known statements of its data source, and the rest is unknown', () => {
    expect(
      policyIn([
        attached(OF_DATA),
        data(
          [statement({}), statement({ actions: ['s3:PutObject'], resources: [null] })],
          [{}, { resources: [true] }],
        ),
      ]),
    ).toEqual({
      unknown: 'not-yet',
      known: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    })
  })

  it('is unknown where nobody knows how many statements its data source will have', () => {
    const dynamic = data([], true, { after: { version: null }, configuredAs: { version: null } })
    expect(policyIn([attached(OF_DATA), dynamic])).toEqual({ unknown: 'not-yet', known: null })
  })

  it('of a role that is there already is unknown where nobody knows how many it will have', () => {
    const values = { name: 'deploy', path: '/', assume_role_policy: '{"Statement":[]}' }
    const intake = readPlan([
      roleOf('deploy', {
        before: { ...values, inline_policy: [] },
        after: values,
        actions: ['update'],
        computed: ['inline_policy'],
      }),
    ])
    expect(codesOf(intake)).toEqual(['intake.not-known-yet'])
    expect(
      shown(intake.estate.accounts[0]?.entities.role.get('deploy')?.inlinePolicies.get('(inline)')),
    ).toEqual({ unknown: 'not-yet', known: null })
  })

  it('is known where everything of its data source is', () => {
    expect(policyIn([attached(OF_DATA), data([statement({ sid: 'Read' })], [{ actions: [false] }])])).toEqual(
      [{ Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    )
  })

  it('of several instances is that of its own key', () => {
    const each = (key: string, action: string) => data([statement({ actions: [action] })], [{}], { key })
    expect(
      policyIn([
        attached(['data.aws_iam_policy_document.d', 'each.key'], { key: 'b' }),
        each('a', 's3:GetObject'),
        each('b', 's3:PutObject'),
      ]),
    ).toEqual([{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }])
  })

  it.each([
    [
      'what is made of several things',
      ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d', 'var.x'],
    ],
    ['a local value', ['local.policy']],
    ['nothing that the plan says', []],
  ])('made of %s is unknown as a whole', (_, references) => {
    expect(policyIn([attached(references), data([statement({})], [{}])])).toEqual({
      unknown: 'not-yet',
      known: null,
    })
  })
})

describe('the data source of a document', () => {
  it('writes all elements as IAM reads them', () => {
    const whole = statement({
      sid: 'All',
      effect: 'Deny',
      actions: [],
      not_actions: ['iam:*', 'sts:*'],
      resources: ['arn:aws:s3:::home/&{aws:username}/*'],
      not_principals: [{ type: 'AWS', identifiers: ['111122223333'] }],
      principals: [],
      condition: [
        { test: 'StringLike', variable: 's3:prefix', values: ['a', '&{aws:username}'] },
        { test: 'StringLike', variable: 's3:delimiter', values: ['/'] },
        { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] },
      ],
    })
    expect(policyIn([attached(OF_DATA), data([whole], [{}])])).toEqual([
      {
        Sid: 'All',
        Effect: 'Deny',
        NotAction: ['iam:*', 'sts:*'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
        Resource: 'arn:aws:s3:::home/${aws:username}/*',
        NotPrincipal: { AWS: '111122223333' },
        Condition: {
          StringLike: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM
            's3:prefix': ['a', '${aws:username}'],
            's3:delimiter': ['/'],
          },
          Bool: { 'aws:SecureTransport': ['false'] },
        },
      },
    ])
  })

  it('overriding statements take the place of those of the same Sid', () => {
    const json = (sid: string, action: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Sid: sid, Effect: 'Allow', Action: action, Resource: '*' }],
      })
    const source: Planned = data([statement({ sid: 'B', actions: ['own:B'] })], [{}], {
      after: {
        statement: [statement({ sid: 'B', actions: ['own:B'] })],
        source_policy_documents: [json('A', 'source:A'), json('B', 'source:B')],
        override_policy_documents: [json('A', 'override:A')],
      },
    })
    const found = policyIn([attached(OF_DATA), source]) as readonly { readonly Action: string }[]
    expect(found.map(({ Action }) => Action)).toEqual(['override:A', 'own:B'])
  })

  it('where an overriding document is unknown, so is every statement that it may replace', () => {
    const overridden = data([], [], {
      after: { statement: [statement({ sid: 'A' }), statement({})], override_policy_documents: [null] },
      partly: { json: true, override_policy_documents: [true] },
    })
    expect(policyIn([attached(OF_DATA), overridden])).toEqual({
      unknown: 'not-yet',
      known: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    })
  })

  it('where nobody knows how many statements there are, none is known', () => {
    expect(policyIn([attached(OF_DATA), data([], true)])).toEqual({ unknown: 'not-yet', known: null })
  })
})

describe('documents that cannot be read', () => {
  const given = (policy: unknown): Planned => ({
    type: 'aws_iam_role_policy',
    name: 'p',
    before: null,
    after: { role: 'deploy', name: 'p', policy },
  })

  it.each([
    ['text that is no JSON', 'not JSON', 'not-json'],
    ['JSON that is no policy', '{"a":1}', 'not-a-policy'],
    ['a number', 7, 'not-a-policy'],
  ])('%s is unknown, and a finding', (_, policy, unknown) => {
    const intake = readPlan([roleOf('deploy'), given(policy)])
    expect(codesOf(intake)).toEqual(['intake.unreadable-document'])
    expect(policyIn([given(policy)])).toEqual({ unknown, known: null })
  })

  it('one that is marked as sensitive is not read, and the same where it does not change', () => {
    const secret = { ...given(JSON.stringify(allowing('s3:*'))), sensitive: { policy: true } }
    const sides = (before: Planned['before']) =>
      (['before', null] as const).map((side) => {
        const { estate } = readPlan(
          [roleOf('deploy', { before: undefined, computed: [] }), { ...secret, before }],
          {},
          side,
        )
        const document = estate.accounts[0]?.entities.role.get('deploy')?.inlinePolicies.get('p')
        if (document === undefined || !('unknown' in document)) throw new Error('not unknown')
        return document.text
      })
    expect(policyIn([secret])).toEqual({ unknown: 'sensitive', known: null })
    expect(codesOf(readPlan([roleOf('deploy'), secret]))).toEqual(['intake.sensitive-document'])
    const [old, now] = sides(secret.after)
    expect(old).toBe(now)
    const [other, changed] = sides({ ...secret.after, policy: JSON.stringify(allowing('s3:Get*')) })
    expect(other).not.toBe(changed)
  })
})
