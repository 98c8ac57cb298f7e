// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `Fn::Sub` looks like template placeholders
import { describe, expect, it } from 'vitest'
import { DiagnosticError, SourceTexts } from '../../../src/diagnostics/index.ts'
import fc from '../../fixed-seed.ts'
import { accountIn, readTemplate } from './read-template.ts'

/** The codes and lines of what a template is refused for. */
function refusal(text: string, file = 'template.yaml'): readonly (readonly [string, number | null])[] {
  const texts = new SourceTexts()
  try {
    readTemplate(text, { texts, file })
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    return error.diagnostics.map(({ code, span }) => [
      code,
      span == null ? null : (texts.positionAt(span.file, span.start)?.line ?? null),
    ])
  }
  throw new Error('it is read')
}

describe('what is no template', () => {
  it.each([
    ['', [['intake.empty', null]]],
    ['{}', [['intake.not-a-template', 1]]],
    ['[1]', [['intake.not-a-template', 1]]],
    ['text', [['intake.not-a-template', 1]]],
    ['# nothing', [['intake.not-a-template', null]]],
    ['Resources: []', [['intake.not-a-template', 1]]],
    ['{"Resources": {"A": }}', [['manifest.json-missing-value', 1]]],
    ['{"Resources": {"A": {}}', [['manifest.json-unclosed', 1]]],
    ['Resources:\n  A: [', [['manifest.yaml-unclosed', 2]]],
    ['Resources:\n  A: !What x\n', [['manifest.yaml-unknown-tag', 2]]],
    ['Resources:\n  A: {}\n  A: {}\n', [['manifest.yaml-duplicate-key', 3]]],
    ['Resources:\n  A: *nobody\n', [['manifest.yaml-unknown-alias', 2]]],
  ] as const)('is refused with a code, at its place: %j', (text, expected) =>
    expect(refusal(text)).toEqual(expected),
  )

  it('is refused where aliases stand for too much', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((each) => [...each]))
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${of}`).join(',')}]`)
    expect(refusal(`${bomb.join('\n')}\nResources: {}\n`).map(([code]) => code)).toContain(
      'manifest.yaml-alias-bomb',
    )
  })

  it('is refused where it is nested too deeply', () => {
    for (const text of [`Resources: ${'['.repeat(5000)}`, `{"Resources":${'{"a":'.repeat(5000)}`])
      expect(refusal(text).map(([code]) => code)).toEqual(['manifest.yaml-too-deep'])
  })
})

/** A role whose policy has a resource, in a template with more. */
const withRole = (resource: unknown, more: object = {}, sections: object = {}) => ({
  ...sections,
  Resources: {
    ...more,
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'r',
        Policies: [
          {
            PolicyName: 'p',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: { Effect: 'Allow', Action: '*', Resource: resource },
            },
          },
        ],
      },
    },
  },
})
const policyOf = (template: object) =>
  accountIn(readTemplate(template).estate).entities.role.get('r')?.inlinePolicies.get('p')

describe('a template that grows without bound', () => {
  it('by names in names comes to an end, as unknown', () => {
    const buckets = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `B${at}`,
        {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: { 'Fn::Sub': `\${B${at + 1}}\${B${at + 1}}` } },
        },
      ]),
    )
    expect(policyOf(withRole({ Ref: 'B0' }, buckets))).toMatchObject({ unknown: 'not-yet' })
  })

  it('by a chain of thousands of names, and of conditions', () => {
    const buckets = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [
        `B${at}`,
        { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: `B${at + 1}` } } },
      ]),
    )
    expect(policyOf(withRole({ Ref: 'B0' }, buckets))).toBeDefined()
    const conditions = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`C${at}`, { 'Fn::Not': [{ Condition: `C${at + 1}` }] }]),
    )
    expect(policyOf(withRole({ 'Fn::If': ['C0', 'a', 'b'] }, {}, { Conditions: conditions }))).toMatchObject({
      unknown: 'not-yet',
    })
  })

  it('by long lists and texts many times over', () => {
    const long = Array.from({ length: 20_000 }, (_, at) => `a${at}`).join(',')
    const list = { L: { Type: 'CommaDelimitedList', Default: long } }
    const many = Array.from({ length: 4000 }, () => ({ Ref: 'L' }))
    expect(policyOf(withRole(many, {}, { Parameters: list }))).toMatchObject({ unknown: 'not-yet' })
  })
})

const WHOLE = JSON.stringify(
  withRole(
    { 'Fn::Sub': '${Bucket.Arn}/*' },
    {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: { Ref: 'Name' }, Tags: [{ Key: 'a', Value: 'b' }] },
      },
      Group: {
        Type: 'AWS::IAM::Group',
        Condition: 'C',
        Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
      },
      User: {
        Type: 'AWS::IAM::User',
        Properties: { Groups: [{ Ref: 'Group' }], PermissionsBoundary: { Ref: 'Managed' } },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { Users: [{ Ref: 'User' }], PolicyDocument: { Statement: [] } },
      },
      More: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'm',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } },
        },
      },
      Set: {
        Type: 'AWS::SSO::PermissionSet',
        Properties: { Name: 's', ManagedPolicies: ['x'], InlinePolicy: {} },
      },
      Give: {
        Type: 'AWS::SSO::Assignment',
        Properties: {
          PermissionSetArn: { 'Fn::GetAtt': ['Set', 'PermissionSetArn'] },
          TargetId: '111122223333',
        },
      },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: { Policies: ['AmazonS3ReadOnlyAccess', { S3CrudPolicy: {} }], Events: { A: {} } },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { Ref: 'Function' }, Action: 'lambda:InvokeFunction', Principal: '*' },
      },
      Queues: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: ['https://sqs.us-east-1.amazonaws.com/111122223333/q'],
          PolicyDocument: { Statement: [] },
        },
      },
      Key: { Type: 'AWS::KMS::Key' },
    },
    {
      Transform: ['AWS::Serverless-2016-10-31'],
      Parameters: { Name: { Type: 'String', Default: 'n' } },
      Conditions: { C: { 'Fn::Equals': [{ Ref: 'Name' }, 'n'] } },
      Mappings: { M: { a: { b: 'c' } } },
    },
  ),
)
const ODD: readonly unknown[] = [
  null,
  3,
  true,
  '',
  'x',
  [],
  {},
  [[]],
  [null],
  { Ref: 3 },
  { Ref: [] },
  { 'Fn::If': [] },
  { 'Fn::Sub': {} },
  { 'Fn::GetAtt': [] },
  { 'Fn::Join': 3 },
  { 'Fn::Select': ['x', 'y'] },
  { 'Fn::FindInMap': [[], {}] },
  { 'Fn::Split': [] },
  { 'Fn::Transform': 1 },
  { Ref: '__proto__' },
  { Ref: 'constructor' },
  { 'Fn::GetAtt': '__proto__.x' },
  { Ref: 'Role' },
  { Ref: 'Nobody' },
]

describe('a template with something else at some place', () => {
  it('is read or refused with a code, whatever stands there', () => {
    const paths: (readonly string[])[] = []
    const walk = (value: unknown, path: readonly string[]): void => {
      if (path.length > 0) paths.push(path)
      if (typeof value === 'object' && value !== null)
        for (const [key, part] of Object.entries(value)) walk(part, [...path, key])
    }
    walk(JSON.parse(WHOLE), [])
    let read = 0
    for (const path of paths)
      for (const [at, odd] of ODD.entries()) {
        // Each value at each place takes long, and a share of them is enough: another one at each place.
        if ((at + path.length + paths.indexOf(path)) % 6 !== 0) continue
        const template: unknown = JSON.parse(WHOLE)
        let parent = template as Record<string, unknown>
        for (const step of path.slice(0, -1)) parent = parent[step] as Record<string, unknown>
        parent[path.at(-1) ?? ''] = odd
        try {
          readTemplate(template)
          read++
        } catch (error) {
          if (!(error instanceof DiagnosticError))
            throw new Error(`${path.join('.')} = ${JSON.stringify(odd)}`, { cause: error })
        }
      }
    expect(read).toBeGreaterThan(300)
  })

  it('is refused with a code wherever it is cut, or a character is another one', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: WHOLE.length }),
        fc.constantFrom('', '"', '{', '!', '*', '&', '\u0000', '\t'),
        (at, put) => {
          for (const text of [WHOLE.slice(0, at) + put, WHOLE.slice(0, at) + put + WHOLE.slice(at + 1)])
            try {
              readTemplate(text)
            } catch (error) {
              expect(error).toBeInstanceOf(DiagnosticError)
            }
        },
      ),
      { numRuns: 300 },
    ))
})
