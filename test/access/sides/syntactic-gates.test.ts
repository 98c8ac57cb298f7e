// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import type { AccountState, PolicyDocument } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  controlPolicy,
  deny,
  document,
  estateWith,
  FULL_ACCESS,
  grant,
  HOME,
  nodeOf,
  OUTSIDE,
  organizationOf,
} from '../../evaluator/estate-world.ts'
import {
  ADMINISTRATOR,
  analysisForTests,
  inline,
  linesOf,
  one,
  userArn,
  withGroup,
  withRole,
  withUser,
} from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const account = (policy: PolicyDocument, boundary?: string): AccountState =>
  accountOf(
    HOME,
    { al: { policy, ...(boundary === undefined ? {} : { boundary }) } },
    {
      deploy: {
        trust: document(grant({ AWS: HOME }, 'sts:AssumeRole')),
        policy: document(allow('s3:GetObject')),
      },
    },
    { limits: document(allow('s3:GetObject'), allow('ec2:*')) },
  )
const LIMITS = `arn:aws:iam::${HOME}:policy/limits`

/** What a change of the user's policy comes to. */
const change = (before: PolicyDocument, after: PolicyDocument) =>
  analysis().diff(one(account(before)), one(account(after)))

describe('changes that fool gates which compare text', () => {
  it('an Allow with NotAction is added: everything else is gained', () => {
    const before = document(allow('s3:GetObject'))
    const { verdict, gained, escalations } = change(
      before,
      document(allow('s3:GetObject'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
    )
    expect(verdict).toBe('gained')
    expect(
      gained.some(({ actions }) => actions.includes('ec2:RunInstances') && !actions.includes('iam:PassRole')),
    ).toBe(true)
    expect(escalations.map(({ rule }) => rule)).toContain('administrator')
  })

  it('a Deny with NotAction is removed: what it denied is gained', () => {
    const free = document(allow('*'))
    const held = document(allow('*'), { Effect: 'Deny', NotAction: 's3:*', Resource: '*' })
    const { verdict, gained } = change(held, free)
    expect(verdict).toBe('gained')
    expect(gained[0]?.because).toMatchObject({ cause: 'deny', change: 'removed' })
    expect(gained.flatMap(({ actions }) => actions)).not.toContain('s3:GetObject')
  })

  it('a boundary is removed from a role: what it kept back is gained', () => {
    const policy = document(allow('s3:*'))
    const state = withRole(account(document(allow('s3:GetObject'))), 'deploy', inline(policy))
    const before = withRole(state, 'deploy', { permissionsBoundary: LIMITS })
    const { verdict, gained, escalations } = analysis().diff(one(before), one(state))
    expect(verdict).toBe('gained')
    expect(gained[0]?.actions).toContain('s3:DeleteObject')
    expect(gained[0]?.actions).not.toContain('s3:GetObject')
    expect(gained[0]?.because).toMatchObject({ cause: 'boundary', change: 'removed' })
    expect(escalations.map(({ rule }) => rule)).toContain('boundary-weakened')
  })

  it('a boundary is swapped for AdministratorAccess: it limits no more', () => {
    const policy = document(allow('s3:*'))
    const { verdict, gained } = analysis().diff(
      one(account(policy, LIMITS)),
      one(account(policy, ADMINISTRATOR)),
    )
    expect(verdict).toBe('gained')
    expect(gained[0]?.actions).toContain('s3:DeleteObject')
  })

  it('a user is added to the administrators', () => {
    const state = account(document(allow('s3:GetObject')))
    const before = withGroup(state, 'admins', document(allow('*')), [])
    const after = withGroup(state, 'admins', document(allow('*')), ['al'])
    const { verdict, gained, escalations } = analysis().diff(one(before), one(after))
    expect(verdict).toBe('gained')
    expect(gained.flatMap(({ principals }) => principals)).toContain(userArn('al'))
    expect(escalations.map(({ rule }) => rule)).toContain('administrator')
  })

  it('`s3:*` is narrowed to `s3:GetObject`: a loss only', () => {
    const { verdict, gained, lost } = change(document(allow('s3:*')), document(allow('s3:GetObject')))
    expect(verdict).toBe('lost')
    expect(gained).toEqual([])
    expect(lost[0]?.actions).toContain('s3:DeleteObject')
    expect(lost[0]?.actions).not.toContain('s3:GetObject')
  })

  it('only a Sid is renamed: nothing', () => {
    expect(change(document(allow('s3:*')), document(allow('s3:*', { Sid: 'Other' }))).verdict).toBe('none')
  })

  it('an MFA condition is removed: without MFA now too', () => {
    const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    const { verdict, gained } = change(document(allow('s3:*', mfa)), document(allow('s3:*')))
    expect(verdict).toBe('gained')
    expect(gained[0]?.witness.context.get('aws:MultiFactorAuthPresent') ?? null).not.toEqual(['true'])
  })

  it('a Deny is removed', () => {
    const { verdict, gained } = change(
      document(allow('s3:*'), deny('s3:DeleteBucket')),
      document(allow('s3:*')),
    )
    expect(verdict).toBe('gained')
    expect(linesOf({ gained, lost: [] })).toEqual(['+ user/al s3:DeleteBucket on *'])
  })

  it('actions are reordered: nothing', () => {
    const { verdict } = change(
      document({ Effect: 'Allow', Action: ['s3:GetObject', 'ec2:RunInstances'], Resource: '*' }),
      document({ Effect: 'Allow', Action: ['ec2:RunInstances', 's3:getobject'], Resource: ['*'] }),
    )
    expect(verdict).toBe('none')
  })

  it('two statements are merged into an equivalent one: nothing', () => {
    const { verdict } = change(
      document(
        { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' },
        { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' },
      ),
      document({
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::a/*'],
      }),
    )
    expect(verdict).toBe('none')
  })

  it('a statement is split over its values: nothing', () => {
    const on = (action: string) =>
      allow(action, { Condition: { StringLike: { 'aws:RequestedRegion': ['eu-*', 'us-*'] } } })
    const { verdict } = change(document(on('s3:Get*')), document(on('s3:Get*'), on('s3:GetObject')))
    expect(verdict).toBe('none')
  })

  it('a service control policy is narrowed: its members lose', () => {
    const state = account(document(allow('s3:*')))
    const under = (...policies: Parameters<typeof controlPolicy>[1][]) =>
      estateWith(
        [state],
        organizationOf(
          nodeOf('root', 'r-root', {
            serviceControlPolicies: [
              policies.length === 0 ? FULL_ACCESS : controlPolicy('only', ...policies),
            ],
            children: [nodeOf('account', HOME)],
          }),
        ),
      )
    const { verdict, lost } = analysis().diff(under(), under(allow('s3:Get*')))
    expect(verdict).toBe('lost')
    expect(lost[0]?.actions).toContain('s3:DeleteObject')
    expect(lost[0]?.because).toMatchObject({ cause: 'scp', change: 'added' })
    const back = analysis().diff(under(allow('s3:Get*')), under())
    expect(back.escalations.map(({ rule }) => rule)).toContain('scp-weakened')
  })

  it('a trust policy is opened to another account', () => {
    const state = account(document(allow('s3:GetObject')))
    const opened = withRole(state, 'deploy', {
      trustPolicy: { json: document(grant({ AWS: [HOME, OUTSIDE] }, 'sts:AssumeRole')), located: null },
    })
    const { verdict, gained, escalations } = analysis().diff(one(state), one(opened))
    expect(verdict).toBe('gained')
    expect(linesOf({ gained, lost: [] })).toEqual([
      `+ account:${OUTSIDE} sts:AssumeRole on arn:aws:iam::${HOME}:role/deploy`,
    ])
    expect(escalations.map(({ rule }) => rule)).toEqual(['cross-account'])
  })

  it('`Version` is dropped, so that variables turn into plain text: a loss', () => {
    const own = {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::home/${aws:username}/*',
    } as const
    const { verdict, gained, lost } = change(document(own), { Statement: [own] })
    expect(verdict).toBe('both')
    expect(lost[0]?.witness.resource).toBe('arn:aws:s3:::home/al/example')
    // What is called so literally is somebody's object all the same.
    expect(gained[0]?.witness.resource).toContain('${aws:username}')
  })

  it('a tag of the user that a condition asks for is changed', () => {
    const policy = document(
      allow('s3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } } }),
    )
    const state = account(policy)
    const tagged = withUser(state, 'al', { tags: new Map([['team', 'blue']]) })
    expect(analysis().diff(one(state), one(tagged)).verdict).toBe('gained')
    expect(analysis().diff(one(tagged), one(state)).verdict).toBe('lost')
  })
})
