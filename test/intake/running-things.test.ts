import { describe, expect, it } from 'vitest'
import type { Intake } from '../../src/intake/intake.ts'
import type { RunningThing } from '../../src/model/index.ts'
import { analysisForTests } from '../access/diff/estate-diffs.ts'
import fc from '../fixed-seed.ts'
import { readTemplate } from './cfn/read-template.ts'
import { gaadIn } from './read-back.ts'
import type { Planned } from './tfplan/plan-json.ts'
import { readOn } from './tfplan/read-on.ts'
import { allowing, codesOf, readPlan, trusting } from './tfplan/read-plan.ts'
import { times } from './times.ts'

const ID = '111122223333'
const ROLES = ['api', 'worker', 'builder'] as const
type RoleName = (typeof ROLES)[number]
const roleArn = (name: string) => `arn:aws:iam::${ID}:role/${name}`
const profileArn = (name: string) => `arn:aws:iam::${ID}:instance-profile/${name}`

/** What there is, as neither format says it. */
interface Things {
  readonly profiles: Readonly<Record<string, RoleName>>
  readonly running: readonly {
    readonly kind: keyof typeof KINDS
    readonly name: string
    /** A role, or a profile. */
    readonly has: string
    readonly isNamed: boolean
  }[]
}

/** By what it is: its types, and their properties that are its name and what it has; then its service and ARN. */
const KINDS = {
  'a function': {
    plan: ['aws_lambda_function', 'function_name', 'role'],
    stack: ['AWS::Lambda::Function', 'FunctionName', 'Role'],
    service: 'lambda.amazonaws.com',
    arn: (name: string) => `lambda:us-east-1:${ID}:function:${name}`,
  },
  'a state machine': {
    plan: ['aws_sfn_state_machine', 'name', 'role_arn'],
    stack: ['AWS::StepFunctions::StateMachine', 'StateMachineName', 'RoleArn'],
    service: 'states.amazonaws.com',
    arn: (name: string) => `states:us-east-1:${ID}:stateMachine:${name}`,
  },
  'a project': {
    plan: ['aws_codebuild_project', 'name', 'service_role'],
    stack: ['AWS::CodeBuild::Project', 'Name', 'ServiceRole'],
    service: 'codebuild.amazonaws.com',
    arn: (name: string) => `codebuild:us-east-1:${ID}:project/${name}`,
  },
  'a task': {
    plan: ['aws_ecs_task_definition', 'family', 'task_role_arn'],
    stack: ['AWS::ECS::TaskDefinition', 'Family', 'TaskRoleArn'],
    service: 'ecs-tasks.amazonaws.com',
    arn: () => null,
  },
  'an instance': {
    plan: ['aws_instance', 'ami', 'iam_instance_profile'],
    stack: ['AWS::EC2::Instance', 'ImageId', 'IamInstanceProfile'],
    service: 'ec2.amazonaws.com',
    arn: () => `ec2:us-east-1:${ID}:instance/*`,
  },
} as const

const isInstance = (kind: string) => kind === 'an instance'

const things: fc.Arbitrary<Things> = fc
  .array(fc.constantFrom(...ROLES), { maxLength: 3 })
  .map((roles) => Object.fromEntries(roles.map((role, index) => [`profile${index}`, role])))
  .chain((profiles) =>
    fc
      .array(
        fc.record({
          kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
          role: fc.constantFrom(...ROLES),
          profile: fc.constantFrom(...Object.keys(profiles), 'none'),
          isNamed: fc.boolean(),
        }),
        { maxLength: 8 },
      )
      .map((all) => ({
        profiles,
        running: all
          .filter(({ kind, profile }) => !isInstance(kind) || profile !== 'none')
          .map(({ kind, role, profile, isNamed }, index) => ({
            kind,
            name: `thing${index}`,
            has: isInstance(kind) ? profile : role,
            isNamed,
          })),
      })),
  )

const expected = ({ profiles, running }: Things): readonly RunningThing[] =>
  running.map(({ kind, name, has }) => {
    const { service, arn } = KINDS[kind]
    const form = arn(name)
    const role = isInstance(kind) ? (profiles[has] ?? '') : has
    return { thing: kind, service, arn: form === null ? null : `arn:aws:${form}`, has: roleArn(role) }
  })

/** Attributes that refer are known after the apply. */
function planOf({ profiles, running }: Things): readonly Planned[] {
  const trust = JSON.stringify(trusting('ec2.amazonaws.com'))
  const created = { before: null, computed: ['arn', 'id'] }
  return [
    ...ROLES.map((name) => ({
      type: 'aws_iam_role',
      name,
      after: { name, path: '/', assume_role_policy: trust },
      ...created,
    })),
    ...Object.entries(profiles).map(([name, role]) => ({
      type: 'aws_iam_instance_profile',
      name,
      after: { name, path: '/', role },
      ...created,
    })),
    ...running.map(({ kind, name, has, isNamed }): Planned => {
      const [type, called, attribute] = KINDS[kind].plan
      const refers = `${isInstance(kind) ? 'aws_iam_instance_profile' : 'aws_iam_role'}.${has}`
      return {
        type,
        name,
        after: { [called]: name, ...(isNamed ? { [attribute]: isInstance(kind) ? has : roleArn(has) } : {}) },
        ...(isNamed ? {} : { unknown: { [attribute]: [`${refers}.arn`, refers] } }),
        ...created,
      }
    }),
  ]
}

function stackOf({ profiles, running }: Things): object {
  const resources: [string, object][] = [
    ...ROLES.map((name): [string, object] => [
      name,
      { Type: 'AWS::IAM::Role', Properties: { RoleName: name, AssumeRolePolicyDocument: trusting('a.b') } },
    ]),
    ...Object.entries(profiles).map(([name, role]): [string, object] => [
      name,
      {
        Type: 'AWS::IAM::InstanceProfile',
        Properties: { InstanceProfileName: name, Roles: [{ Ref: role }] },
      },
    ]),
    ...running.map(({ kind, name, has, isNamed }): [string, object] => {
      const [Type, called, property] = KINDS[kind].stack
      const refers = isInstance(kind) ? { Ref: has } : { 'Fn::GetAtt': [has, 'Arn'] }
      const named = isInstance(kind) ? has : roleArn(has)
      return [name, { Type, Properties: { [called]: name, [property]: isNamed ? named : refers } }]
    }),
  ]
  return { Resources: Object.fromEntries(resources) }
}

const sorted = (all: readonly RunningThing[] | undefined): readonly string[] =>
  (all ?? []).map(({ thing, service, arn, has }) => JSON.stringify([thing, service, arn, has])).toSorted()
const profilesIn = ({ estate }: Intake) => Object.fromEntries(estate.instanceProfiles ?? [])
const profilesOf = ({ profiles }: Things) =>
  Object.fromEntries(Object.entries(profiles).map(([name, role]) => [profileArn(name), roleArn(role)]))

const differ = analysisForTests()
const provider = { providers: { aws: { region: 'us-east-1' } } }

describe('what runs with a role is read back, in whatever way it is written', () => {
  it('of a plan', () =>
    fc.assert(
      fc.property(things, (all) => {
        const intake = readPlan(planOf(all), provider)
        expect(sorted(intake.estate.running)).toEqual(sorted(expected(all)))
        expect(profilesIn(intake)).toEqual(profilesOf(all))
        expect(codesOf(intake)).toEqual(Object.keys(all.profiles).length === 0 ? [] : ['intake.also-there'])
      }),
      { numRuns: times(50) },
    ))

  it('of a template', () =>
    fc.assert(
      fc.property(things, (all) => {
        const intake = readTemplate(stackOf(all))
        expect(sorted(intake.estate.running)).toEqual(sorted(expected(all)))
        expect(profilesIn(intake)).toEqual(profilesOf(all))
        expect(codesOf(intake)).toEqual(Object.keys(all.profiles).length === 0 ? [] : ['intake.also-there'])
      }),
      { numRuns: times(50) },
    ))
})

describe('identity providers', () => {
  const SAML = `arn:aws:iam::${ID}:saml-provider/corp`
  const OIDC = `arn:aws:iam::${ID}:oidc-provider/ci.example.com/a`

  it('are known to be there, by the ARNs that they will have', () => {
    const planned = readPlan([
      { type: 'aws_iam_saml_provider', name: 's', before: null, after: { name: 'corp' } },
      {
        type: 'aws_iam_openid_connect_provider',
        name: 'o',
        before: null,
        after: { url: 'https://ci.example.com/a' },
      },
    ])
    const stack = readTemplate({
      Resources: {
        S: { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'corp' } },
        O: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://ci.example.com/a' } },
      },
    })
    for (const intake of [planned, stack]) {
      expect([...(intake.estate.providers ?? [])]).toEqual([SAML, OIDC])
      expect(codesOf(intake)).toEqual(['intake.also-there'])
    }
  })

  it('that are there are made by nobody, but who may take them away before', () => {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Federated: SAML }, Action: 'sts:AssumeRoleWithSAML' }],
    }
    const resources = (
      action: string | readonly string[],
      ...more: readonly Planned[]
    ): readonly Planned[] => [
      {
        type: 'aws_iam_role',
        name: 'admin',
        after: {
          name: 'admin',
          path: '/',
          assume_role_policy: JSON.stringify(trust),
          managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
      },
      { type: 'aws_iam_user', name: 'ada', after: { name: 'ada', path: '/' } },
      {
        type: 'aws_iam_user_policy',
        name: 'p',
        after: {
          user: 'ada',
          name: 'p',
          policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
          }),
        },
      },
      ...more,
    ]
    const there: Planned = { type: 'aws_iam_saml_provider', name: 's', after: { name: 'corp' } }
    const waysIn = (all: readonly Planned[]) =>
      differ()
        .analyzer.escalations(readPlan(all).estate, [ID], `arn:aws:iam::${ID}:user/ada`)
        .escalations.flatMap(({ path }) => path.map(({ way }) => way))
    expect(waysIn(resources('iam:UpdateSAMLProvider'))).toEqual(['iam:UpdateSAMLProvider'])
    expect(waysIn(resources('iam:CreateSAMLProvider'))).toEqual(['iam:CreateSAMLProvider'])
    expect(waysIn(resources('iam:CreateSAMLProvider', there))).toEqual([])
    expect(waysIn(resources(['iam:CreateSAMLProvider', 'iam:DeleteSAMLProvider'], there))).toEqual([
      'iam:CreateSAMLProvider',
    ])
    expect(waysIn(resources('iam:UpdateSAMLProvider', there))).toEqual(['iam:UpdateSAMLProvider'])
  })
})

describe('what runs with a role', () => {
  it('is nobody’s where the role is known later', () => {
    const { estate } = readPlan([
      {
        type: 'aws_lambda_function',
        name: 'f',
        before: null,
        after: { function_name: 'f' },
        unknown: { role: ['var.role'] },
      },
    ])
    expect(estate.running).toEqual([])
  })

  it('has the role that SAM makes for it', () => {
    const { estate } = readTemplate({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        F: {
          Type: 'AWS::Serverless::Function',
          Properties: { FunctionName: 'f', Policies: ['AdministratorAccess'] },
        },
      },
    })
    const [made] = estate.accounts[0]?.entities.role.values() ?? []
    expect(estate.running?.map(({ arn, has }) => [arn, has])).toEqual([
      [`arn:aws:lambda:us-east-1:${ID}:function:f`, made?.arn],
    ])
  })
})

const exported = (profiles: Readonly<Record<string, readonly string[]>>) =>
  JSON.stringify({
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: Object.entries(profiles).map(([name, own]) => ({
      Path: '/service/',
      RoleName: name,
      Arn: `arn:aws:iam::${ID}:role/service/${name}`,
      AssumeRolePolicyDocument: trusting('ec2.amazonaws.com'),
      InstanceProfileList: own.map((each) => ({
        InstanceProfileName: each,
        Arn: profileArn(each),
        Roles: [],
      })),
      RolePolicyList: [],
      AttachedManagedPolicies: [],
    })),
    Policies: [],
  })
const inService = (name: string) => `arn:aws:iam::${ID}:role/service/${name}`

describe('instance profiles of an export', () => {
  it('are known with their roles, and so is who is in none', () => {
    const { estate } = gaadIn(exported({ web: ['front'], batch: [] }))
    expect([...(estate.instanceProfiles ?? [])]).toEqual([[profileArn('front'), inService('web')]])
    expect([...(estate.withoutProfile ?? [])]).toEqual([inService('batch')])
    expect(estate.running).toBeUndefined()
  })

  it('are changed by a plan', () => {
    const profile = (name: string, role: string, rest: Partial<Planned>): Planned => ({
      type: 'aws_iam_instance_profile',
      name,
      after: { name, path: '/', role },
      ...rest,
    })
    const made = profile('back', 'batch', { before: null })
    const gone = {
      ...profile('front', 'web', {}),
      before: { name: 'front', path: '/', role: 'web' },
      after: null,
    }
    const instance: Planned = { type: 'aws_instance', name: 'i', after: { iam_instance_profile: 'front' } }
    const { estate } = readOn(exported({ web: ['front'], batch: [] }), [made, gone])
    expect(profilesIn({ estate } as Intake)).toEqual({ [profileArn('back')]: inService('batch') })
    expect([...(estate.withoutProfile ?? [])]).toEqual([inService('web')])
    const kept = readOn(exported({ web: ['front'], batch: [] }), [instance])
    expect(kept.estate.running?.map(({ has }) => has)).toEqual([inService('web')])
  })
})

describe('a plan that gives a role to a function', () => {
  it('is a new way for whoever may change the function', () => {
    const role: Planned = {
      type: 'aws_iam_role',
      name: 'admin',
      after: {
        name: 'admin',
        path: '/',
        arn: roleArn('admin'),
        assume_role_policy: JSON.stringify(trusting('lambda.amazonaws.com')),
        managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      },
    }
    const user: Planned = { type: 'aws_iam_user', name: 'ada', after: { name: 'ada', path: '/' } }
    const policy: Planned = {
      type: 'aws_iam_user_policy',
      name: 'p',
      after: { user: 'ada', name: 'p', policy: JSON.stringify(allowing('lambda:UpdateFunctionCode')) },
    }
    const made = (rest: Partial<Planned>): Planned => ({
      type: 'aws_lambda_function',
      name: 'f',
      after: { function_name: 'f', role: roleArn('admin') },
      ...rest,
    })
    const newIn = (resources: readonly Planned[]) =>
      differ().analyzer.newEscalations(readPlan(resources, {}, 'before').estate, readPlan(resources).estate, [
        ID,
      ])
    const report = newIn([role, user, policy, made({ before: null })])
    expect(report.holds).toBe(false)
    expect(report.escalations.map(({ why }) => why)).toEqual([
      'may become administrator: runs code in function:f that has role/admin (lambda:UpdateFunctionCode)',
    ])
    expect(newIn([role, user, policy, made({})]).holds).toBe(true)
  })
})
