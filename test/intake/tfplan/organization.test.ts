import { describe, expect, it } from 'vitest'
import { analysisForTests } from '../../access/diff/estate-diffs.ts'
import type { Planned } from './plan-json.ts'
import { readOn } from './read-on.ts'
import { allowing, codesOf, findingsOf, readPlan, roleOf } from './read-plan.ts'

const differ = analysisForTests()
const OURS = '111122223333'
const OTHERS = '444455556666'
const ROOT = 'r-ab12'
const UNIT = 'ou-ab12-11111111'

const denying = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }],
  })
const there = (
  type: string,
  name: string,
  values: Planned['after'],
  rest: Partial<Planned> = {},
): Planned => ({
  type,
  name,
  after: values,
  ...rest,
})
const policy = (content: string, rest: Partial<Planned> = {}, type = 'SERVICE_CONTROL_POLICY') =>
  there('aws_organizations_policy', 'p', { id: 'p-1', name: 'guard', type, content }, rest)
const attachment = (target: string, rest: Partial<Planned> = {}) =>
  there('aws_organizations_policy_attachment', 'a', { policy_id: 'p-1', target_id: target }, rest)
const organization = (management: string) =>
  there('aws_organizations_organization', 'o', { id: 'o-1', master_account_id: management }, { mode: 'data' })
const account = (id: string, parent: string, rest: Partial<Planned> = {}) =>
  there('aws_organizations_account', `m${id}`, { id, parent_id: parent }, rest)
const unit = (id: string, parent: string) =>
  there('aws_organizations_organizational_unit', 'u', { id, parent_id: parent })

const state = (...all: readonly Planned[]) => ({ state: [organization(OTHERS), ...all] })
const read = (resources: readonly Planned[], parts = state(), side: 'before' | null = null) => {
  const intake = readPlan([roleOf('deploy'), ...resources], parts, side)
  const { estate } = intake
  return {
    levels: estate.accounts[0]?.controls?.map((level) => level.map(({ name }) => name)) ?? [],
    isOpen: estate.unseen?.has('changes'),
    isNamed: findingsOf(intake).some(
      ({ code, message }) => code === 'intake.not-modelled' && message.includes('aws_organizations_policy'),
    ),
    codes: codesOf(intake),
  }
}
const bound = { levels: [['FullAWSAccess', 'guard']], isOpen: false, isNamed: false }
const unbound = { levels: [], isOpen: false, isNamed: true }

describe('a service control policy', () => {
  it('binds the account that it is attached to', () =>
    expect(read([policy(denying('s3:*')), attachment(OURS)])).toMatchObject(bound))

  it('binds the accounts below the unit and the root that it is attached to', () => {
    const tree = state(account(OURS, UNIT), unit(UNIT, ROOT))
    expect(read([policy(denying('s3:*')), attachment(UNIT)], tree)).toMatchObject(bound)
    expect(read([policy(denying('s3:*')), attachment(ROOT)], tree)).toMatchObject(bound)
  })

  it('of the root binds every account of the organization', () =>
    expect(read([policy(denying('s3:*')), attachment(ROOT)])).toMatchObject(bound))

  it('stands in levels from the root down', () => {
    const second = there('aws_organizations_policy', 'q', {
      id: 'p-2',
      name: 'second',
      type: 'SERVICE_CONTROL_POLICY',
      content: denying('ec2:*'),
    })
    const atRoot = there('aws_organizations_policy_attachment', 'b', { policy_id: 'p-2', target_id: ROOT })
    expect(read([policy(denying('s3:*')), attachment(OURS), second, atRoot]).levels).toEqual([
      ['FullAWSAccess', 'second'],
      ['FullAWSAccess', 'guard'],
    ])
  })

  it('that is yet to be created is found by what refers to it', () => {
    const created = policy(denying('s3:*'), {
      before: null,
      after: { name: 'guard', type: 'SERVICE_CONTROL_POLICY', content: denying('s3:*') },
      computed: ['id'],
    })
    const attached = attachment(OURS, {
      before: null,
      after: { target_id: OURS },
      unknown: { policy_id: ['aws_organizations_policy.p.id', 'aws_organizations_policy.p'] },
    })
    expect(read([created, attached])).toMatchObject(bound)
    expect(read([created, attached], state(), 'before').levels).toEqual([])
  })

  it('binds no management account, and nobody of whom it is not known whether they are one', () => {
    const managed = { state: [organization(OURS)] }
    expect(read([policy(denying('s3:*')), attachment(ROOT)], managed)).toMatchObject(unbound)
    expect(read([policy(denying('s3:*')), attachment(OURS)], { state: [] })).toMatchObject(unbound)
  })

  it('that is attached elsewhere is named', () =>
    expect(read([policy(denying('s3:*')), attachment(OTHERS)])).toMatchObject(unbound))
})

describe('a resource control policy', () => {
  const keeping = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: '*' }],
  })
  const controls = (target: string, parts = state()) => {
    const resources = [policy(keeping, {}, 'RESOURCE_CONTROL_POLICY'), attachment(target)]
    const intake = readPlan([roleOf('deploy'), ...resources], parts)
    const [account] = intake.estate.accounts
    return {
      levels: account?.resourceControls?.map((level) => level.map(({ name }) => name)) ?? [],
      service: account?.controls ?? null,
      codes: codesOf(intake),
    }
  }

  it('binds the resources of the accounts below it', () => {
    expect(controls(OURS)).toEqual({ levels: [['guard']], service: null, codes: [] })
    expect(controls(ROOT)).toEqual({ levels: [['guard']], service: null, codes: [] })
    const tree = state(account(OURS, UNIT), unit(UNIT, ROOT))
    expect(controls(UNIT, tree).levels).toEqual([['guard']])
  })

  it('binds no others, and is named then', () => {
    expect(controls(OTHERS)).toMatchObject({ levels: [], codes: ['intake.not-modelled'] })
    expect(controls(OURS, { state: [organization(OURS)] })).toMatchObject({ levels: [] })
  })

  it('keeps whoever is allowed from what it is about, and from nothing else', () => {
    const user: Planned = { type: 'aws_iam_user', name: 'ada', after: { name: 'ada', path: '/' } }
    const allowed: Planned = {
      type: 'aws_iam_user_policy',
      name: 'p',
      after: { user: 'ada', name: 'p', policy: JSON.stringify(allowing('s3:*')) },
    }
    const actions = (resources: readonly Planned[]) => {
      const { estate } = readPlan([user, allowed, ...resources], state())
      return ['s3:GetObject', 's3:PutObject'].filter(
        (action) =>
          differ()
            .analyzer.whoMay(estate, { actions: [action], resources: ['*'], context: new Map() })
            .violations.filter(
              ({ principals, isPotential }) =>
                !isPotential && principals.some((each) => each.endsWith('user/ada')),
            ).length > 0,
      )
    }
    expect(actions([])).toEqual(['s3:GetObject', 's3:PutObject'])
    const bindsOurs = [policy(keeping, {}, 'RESOURCE_CONTROL_POLICY'), attachment(OURS)]
    expect(actions(bindsOurs)).toEqual(['s3:PutObject'])
  })
})

describe('what a plan changes of control policies', () => {
  const changed = (before: string | null, after: string | null, target = OURS, type?: string) =>
    read([
      policy(
        after ?? denying('s3:*'),
        before === null
          ? {}
          : { before: { id: 'p-1', name: 'guard', type: type ?? 'SERVICE_CONTROL_POLICY', content: before } },
        type,
      ),
      attachment(target),
    ])

  it('of an account is known, where it denies', () =>
    expect(changed(denying('s3:*'), denying('ec2:*')).isOpen).toBe(false))

  it.each([
    ['of other accounts', denying('s3:*'), denying('ec2:*'), OTHERS, undefined],
    ['of a unit, in which others may be', denying('s3:*'), denying('ec2:*'), UNIT, undefined],
    [
      'in what a level allows',
      JSON.stringify(allowing('s3:*')),
      JSON.stringify(allowing('ec2:*')),
      OURS,
      undefined,
    ],
    ['in policies of resources', denying('s3:*'), denying('ec2:*'), OURS, 'RESOURCE_CONTROL_POLICY'],
  ] as const)('%s leaves the difference unknown', (_, before, after, target, type) =>
    expect(changed(before, after, target, type).isOpen).toBe(true),
  )

  it('counts for nothing where it says nothing of access', () =>
    expect(changed('{"tags":{}}', '{"tags":{"a":{}}}', OTHERS, 'TAG_POLICY')).toMatchObject({
      isOpen: false,
      isNamed: false,
    }))

  it('leaves the difference unknown where an account is moved', () => {
    const moved = account(OURS, ROOT, { before: { id: OURS, parent_id: UNIT } })
    expect(read([moved]).isOpen).toBe(true)
    expect(read([account(OURS, ROOT)]).isOpen).toBe(false)
  })

  it('leaves out on both sides what is not known on one, which is said', () => {
    const resources = [
      policy('', {
        before: { id: 'p-1', name: 'guard', type: 'SERVICE_CONTROL_POLICY', content: denying('s3:*') },
        after: { id: 'p-1', name: 'guard', type: 'SERVICE_CONTROL_POLICY' },
        unknown: { content: ['aws_iam_role.deploy.arn', 'aws_iam_role.deploy'] },
      }),
      attachment(OURS),
    ]
    const after = read(resources)
    expect(after).toMatchObject({ levels: [['FullAWSAccess']], isOpen: true })
    expect(after.codes).toEqual(['intake.document-not-known-yet', 'intake.unread-policy'])
    expect(read(resources, state(), 'before')).toMatchObject({ levels: [['FullAWSAccess']], isOpen: true })
  })
})

describe('on an exported account a plan', () => {
  const exported = JSON.stringify({
    UserDetailList: [{ Path: '/', UserName: 'ada', Arn: `arn:aws:iam::${OURS}:user/ada` }],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  })
  const levelsOn = (resources: readonly Planned[], side: 'before' | null = null) => {
    const { estate } = readOn(exported, [roleOf('deploy'), ...resources], side, OURS, state())
    return estate.accounts.map(({ account: { id }, controls, entities }) => [
      id,
      entities.user.has('ada'),
      controls?.map((level) => level.map(({ document }) => JSON.stringify(document))) ?? [],
    ])
  }
  const denies = (action: string) => expect.stringContaining(`"Action":"${action}"`)

  it('binds all of it by the service control policies that it attaches', () => {
    expect(levelsOn([policy(denying('s3:*')), attachment(OURS)])).toEqual([
      [OURS, true, [[expect.anything(), denies('s3:*')]]],
    ])
    expect(levelsOn([policy(denying('s3:*')), attachment(OTHERS)])).toEqual([[OURS, true, []]])
  })

  it('binds it before by those that it changes or takes away', () => {
    const before = { id: 'p-1', name: 'guard', type: 'SERVICE_CONTROL_POLICY', content: denying('s3:*') }
    const changed = [policy(denying('ec2:*'), { before }), attachment(OURS)]
    expect(levelsOn(changed, 'before')).toEqual([[OURS, true, [[expect.anything(), denies('s3:*')]]]])
    expect(levelsOn(changed)).toEqual([[OURS, true, [[expect.anything(), denies('ec2:*')]]]])
    const detached = [
      policy(denying('s3:*')),
      attachment(OURS, { before: { policy_id: 'p-1', target_id: OURS }, after: null }),
    ]
    expect(levelsOn(detached, 'before')).toEqual([[OURS, true, [[expect.anything(), denies('s3:*')]]]])
    expect(levelsOn(detached).flat(2).join()).not.toContain('s3:*')
  })
})
