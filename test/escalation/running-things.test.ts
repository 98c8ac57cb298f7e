import { describe, expect, it } from 'vitest'
import type { Estate, PolicyStatement, RunningThing } from '../../src/model/index.ts'
import { askForTests } from './ask.ts'
import {
  ADMINISTRATOR,
  allows,
  arnOf,
  document,
  estateOf,
  HOME,
  lets,
  type Parts,
  trusts,
} from './estates.ts'

const asked = askForTests()

const SERVICES = ['lambda.amazonaws.com', 'ec2.amazonaws.com', 'ecs-tasks.amazonaws.com']
const ROLES: Parts['roles'] = {
  strong: { managed: [ADMINISTRATOR], trust: trusts(...SERVICES) },
  low: { trust: trusts(...SERVICES) },
}
const functionArn = (name: string) => `arn:aws:lambda:eu-west-1:${HOME}:function:${name}`
const functionWith = (name: string, role: string): RunningThing => ({
  thing: 'a function',
  service: 'lambda.amazonaws.com',
  arn: functionArn(name),
  has: arnOf(`role/${role}`),
})
const BATCH = functionWith('batch', 'strong')
const WEB = functionWith('web', 'low')

type Things = Pick<Estate, 'running' | 'instanceProfiles' | 'withoutProfile'>
const estate = (held: readonly PolicyStatement[], things: Things, roles = ROLES): Estate => ({
  ...estateOf({ users: { ann: { policy: document(...held) } }, roles }),
  ...things,
})
/** What `user/ann` comes to, and whether it is certain. */
const comesTo = (...args: Parameters<typeof estate>): readonly string[] =>
  asked()
    .ofEstate(estate(...args))
    .filter(({ principals }) => principals.includes(arnOf('user/ann')))
    .flatMap(({ targets, isPotential }) =>
      targets.map((arn) => `${arn.split('/').at(-1)}${isPotential ? ' perhaps' : ''}`),
    )
const whyOf = (...args: Parameters<typeof estate>) =>
  asked()
    .ofEstate(estate(...args))
    .map(({ why }) => why)

describe('things that run with a role', () => {
  const code = (resource = '*') => [allows('lambda:UpdateFunctionCode', resource)]

  it('lead to it for whoever may change what they run', () => {
    expect(comesTo(code(), { running: [BATCH, WEB] })).toEqual(['strong'])
    expect(comesTo(code(functionArn('batch')), { running: [BATCH, WEB] })).toEqual(['strong'])
    expect(whyOf(code(), { running: [BATCH] })).toEqual([
      'may become administrator: runs code in function:batch that has role/strong (lambda:UpdateFunctionCode)',
    ])
  })

  it('make it perhaps the one, where none that may be changed is known to have it', () => {
    expect(comesTo(code(), { running: [] })).toEqual(['strong perhaps'])
    expect(comesTo(code(functionArn('web')), { running: [BATCH, WEB] })).toEqual(['strong perhaps'])
    expect(
      comesTo(code(), { running: [{ ...BATCH, thing: 'an instance', service: 'ec2.amazonaws.com' }] }),
    ).toEqual(['strong perhaps'])
  })

  it('are any of them, where nothing says of any', () => expect(comesTo(code(), {})).toEqual(['strong']))

  it('of which parts of the name are not known yet are had by patterns', () => {
    const instance: RunningThing = {
      thing: 'an instance',
      service: 'ec2.amazonaws.com',
      arn: `arn:aws:ec2:eu-west-1:${HOME}:instance/*`,
      has: arnOf('role/strong'),
    }
    const on = (region: string) => [allows('ssm:StartSession', `arn:aws:ec2:${region}:${HOME}:instance/i-1`)]
    expect(comesTo(on('eu-west-1'), { running: [instance] })).toEqual(['strong'])
    expect(comesTo(on('us-east-1'), { running: [instance] })).toEqual(['strong perhaps'])
    const deploys = [
      allows('codedeploy:CreateDeployment', `arn:aws:codedeploy:eu-west-1:${HOME}:deploymentgroup:a/b`),
      allows('codedeploy:RegisterApplicationRevision'),
    ]
    expect(comesTo(deploys, { running: [instance] })).toEqual(['strong'])
    expect(comesTo(deploys, { running: [] })).toEqual(['strong perhaps'])
    const task = { ...instance, thing: 'a task', service: 'ecs-tasks.amazonaws.com', arn: null }
    expect(comesTo([allows('ecs:ExecuteCommand')], { running: [task] })).toEqual(['strong'])
  })

  it('lead on from a role that is perhaps had, and all of it is perhaps', () => {
    const chain: Parts['roles'] = {
      admin: { managed: [ADMINISTRATOR], trust: trusts('role/web') },
      web: { policy: document(allows('sts:AssumeRole')), trust: trusts('lambda.amazonaws.com') },
    }
    expect(comesTo(code(), { running: [] }, chain)).toContain('admin perhaps')
    expect(comesTo(code(), { running: [functionWith('f', 'web')] }, chain)).toContain('admin')
    const writes = [...code(), allows('iam:PutRolePolicy')]
    const weak: Parts['roles'] = { web: { trust: trusts('lambda.amazonaws.com') } }
    expect(comesTo(writes, { running: [] }, weak)).toEqual(['web perhaps'])
    expect(comesTo(writes, { running: [functionWith('f', 'web')] }, weak)).toEqual(['web'])
  })

  it('hide nothing that is certain, however long it takes', () => {
    const chain: Parts['roles'] = {
      strong: { managed: [ADMINISTRATOR], trust: trusts('lambda.amazonaws.com', 'role/step') },
      step: { policy: document(allows('sts:AssumeRole')), trust: trusts('user/ann') },
    }
    const held = [...code(), allows('sts:AssumeRole')]
    expect(comesTo(held, { running: [] }, chain)).toContain('strong')
  })

  it('that are new, or had by another role, are a new way', () => {
    const states = (before: Things, after: Things) =>
      asked()
        .ofChange(estate(code(), before), estate(code(), after))
        .flatMap(({ escalations }) =>
          escalations.map(({ target, isPotential }) => `${target?.split('/').at(-1)} ${isPotential}`),
        )
    expect(states({ running: [WEB] }, { running: [WEB, BATCH] })).toEqual(['strong false'])
    expect(states({ running: [WEB] }, { running: [{ ...WEB, has: BATCH.has }] })).toEqual(['strong false'])
    expect(states({ running: [BATCH] }, { running: [BATCH] })).toEqual([])
    expect(states({ running: [BATCH] }, { running: [] })).toEqual([])
  })
})

describe('instance profiles', () => {
  const profile = (name: string) => arnOf(`instance-profile/${name}`)
  const passing = (condition?: object, ...more: readonly PolicyStatement[]) => [
    allows('iam:PassRole'),
    allows('ec2:RunInstances', '*', condition),
    ...more,
  ]
  const of = (name: string) => ({ ArnEquals: { 'ec2:InstanceProfile': profile(name) } })
  const known = (...profiles: readonly (readonly [string, string])[]): Things => ({
    instanceProfiles: new Map(profiles.map(([name, role]) => [profile(name), arnOf(`role/${role}`)])),
  })

  it('give instances the role that is in them', () => {
    expect(comesTo(passing(of('web')), {})).toEqual(['strong perhaps'])
    expect(comesTo(passing(of('web')), known(['web', 'strong']))).toEqual(['strong'])
    expect(comesTo(passing(of('web')), known(['web', 'low']))).toEqual([])
    expect(comesTo(passing(of('strong')), known(['strong', 'low']))).toEqual([])
    expect(comesTo(passing(of('strong')), known(['other', 'strong'], ['strong', 'low']))).toEqual([])
  })

  it('that nobody knows of make it perhaps, but for whoever may make one', () => {
    const none: Things = { withoutProfile: new Set([arnOf('role/strong')]) }
    expect(comesTo(passing(), {})).toEqual(['strong'])
    expect(comesTo(passing(), none)).toEqual(['strong perhaps'])
    const making = allows(['iam:CreateInstanceProfile', 'iam:AddRoleToInstanceProfile'])
    expect(comesTo(passing(undefined, making), none)).toContain('strong')
    expect(comesTo([allows('ssm:StartSession')], {})).toEqual(['strong'])
    expect(comesTo([allows('ssm:StartSession')], none)).toEqual(['strong perhaps'])
    // Functions need none.
    const functions = [allows(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]
    expect(comesTo(functions, none)).toEqual(['strong'])
  })
})

describe('identity providers', () => {
  const corp = arnOf('saml-provider/corp')
  const roles: Parts['roles'] = {
    strong: { managed: [ADMINISTRATOR], trust: lets({ Federated: corp }, 'sts:AssumeRoleWithSAML') },
  }
  const said = (held: string, providers: readonly string[], more: Partial<Estate> = {}): Estate => ({
    ...estate([allows(held)], {}, roles),
    providers: new Set(providers),
    ...more,
  })
  const news = (before: Estate, after: Estate) =>
    asked()
      .ofChange(before, after)
      .flatMap(({ escalations }) =>
        escalations.map(({ target, isPotential }) => `${target?.split('/').at(-1)} ${isPotential}`),
      )

  it('that come may be rewritten, and those that go be made', () => {
    const [rewrites, makes] = ['iam:UpdateSAMLProvider', 'iam:CreateSAMLProvider']
    expect(news(said(rewrites, []), said(rewrites, [corp]))).toEqual(['strong false'])
    expect(news(said(rewrites, [corp]), said(rewrites, [corp]))).toEqual([])
    expect(news(said(makes, [corp]), said(makes, []))).toEqual(['strong true'])
  })

  it('come by what is changed alone, not by what one side can’t hold', () => {
    const unseen = new Set(['providers'] as const)
    const before = said('iam:UpdateSAMLProvider', [], { unseen })
    const after = said('iam:UpdateSAMLProvider', [corp], { unseen })
    expect(news(before, after)).toEqual([])
    const [sameBefore, sameAfter] = [before, after].map((side) => ({ ...side, sameBeyond: 'one plan' }))
    expect(sameBefore && sameAfter && news(sameBefore, sameAfter)).toEqual(['strong false'])
  })
})
