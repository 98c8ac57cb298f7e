// biome-ignore-all lint/suspicious/noTemplateCurlyInString: IAM's variables look like template placeholders
import { describe, expect, it } from 'vitest'
import type { Probe, Proof } from '../../../src/access/analysis.ts'
import type { AccountState, Estate, PolicyDocument, PolicyStatement } from '../../../src/model/index.ts'
import {
  accountOf,
  allow,
  deny,
  document,
  estateWith,
  grant,
  HOME,
  OTHER,
  OUTSIDE,
  resourceOf,
} from '../../evaluator/estate-world.ts'
import { analysisForTests, linesOf, one, roleArn, userArn, withRole } from '../diff/estate-diffs.ts'

const analysis = analysisForTests()

const ACTION = 'secretsmanager:GetSecretValue'
const ASSUME = 'sts:AssumeRole'
const TAG = 'sts:TagSession'
const OPEN = [ASSUME, TAG] as unknown as string

const when = (Condition: object) => ({ Condition })
/** May read secrets with one value of a tag. */
const tagged = (team = 'payments', key = 'team'): PolicyDocument =>
  document(allow(ACTION, when({ StringEquals: { [`aws:PrincipalTag/${key}`]: team } })))

interface App {
  readonly trust: PolicyDocument
  readonly policy?: PolicyDocument
  readonly tags?: Readonly<Record<string, string>>
}

const home = (app: App, users: Parameters<typeof accountOf>[1] = {}, others: Record<string, App> = {}) =>
  accountOf(HOME, users, { app: { policy: tagged(), ...app }, ...others })

const PROBE: Probe = { actions: [ACTION], resources: ['*'], context: new Map() }
const prove = (estate: AccountState | Estate): Proof =>
  analysis().analyzer.notGranted('accounts' in estate ? estate : one(estate), PROBE, [HOME])

const verdictOf = (app: App, ...more: [Parameters<typeof accountOf>[1]?, Record<string, App>?]) =>
  prove(home(app, ...more)).holds

const fromOutside = (more: object = {}, action: string = OPEN): PolicyStatement =>
  grant({ AWS: OUTSIDE }, action, more)
const limited = (condition: object): PolicyDocument => document(fromOutside(when(condition)))

describe('a role whose trust policy lets in session tags', () => {
  it('has whatever tag its caller passes', () => {
    const { holds, violations } = prove(home({ trust: document(fromOutside()) }))
    expect(holds).toBe(false)
    expect(violations).toHaveLength(1)
    expect(violations[0]).toMatchObject({
      principals: [roleArn('app')],
      sessionTags: { team: 'payments' },
    })
    expect(violations[0]?.witness.context).toEqual(new Map([['aws:PrincipalTag/team', ['payments']]]))
  })

  it.each([
    ['has its own tags only where nobody may tag sessions', [fromOutside({}, ASSUME)], true],
    ['needs both permissions', [fromOutside({}, TAG)], true],
    ['needs both for the same caller', [fromOutside({}, ASSUME), grant({ AWS: OTHER }, TAG)], true],
    ['has both from two statements', [fromOutside({}, ASSUME), fromOutside({}, TAG)], false],
    ['has both from a pattern', [fromOutside({}, 'sts:*')], false],
    ['has none where tagging is denied', [fromOutside(), { ...fromOutside({}, TAG), Effect: 'Deny' }], true],
  ] as [string, PolicyStatement[], boolean][])('%s', (_, statements, holds) => {
    expect(verdictOf({ trust: document(...statements) })).toBe(holds)
  })

  it.each([
    ['another value', { StringEquals: { 'aws:RequestTag/team': 'search' } }, true],
    ['one of several values', { StringEquals: { 'aws:RequestTag/team': ['search', 'payments'] } }, false],
    ['a pattern', { StringLike: { 'aws:RequestTag/team': 'pay*' } }, false],
    ['a pattern of others', { StringLike: { 'aws:RequestTag/team': 'sea*' } }, true],
    ['values but some', { StringNotEquals: { 'aws:RequestTag/team': 'payments' } }, true],
    ['keys, and not this one', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } }, true],
    ['keys, with this one', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost', 'team'] } }, false],
    ['a key in another case', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team'] } }, false],
    ['a list that has another as well', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['cost'] } }, false],
    ['no tag of this key', { Null: { 'aws:RequestTag/team': 'true' } }, true],
    ['no tags at all', { Null: { 'aws:TagKeys': 'true' } }, true],
    ['an external id', { StringEquals: { 'sts:ExternalId': 'x' } }, false],
    [
      'two external ids',
      { StringEquals: { 'sts:ExternalId': 'x' }, StringLike: { 'sts:ExternalId': 'y*' } },
      true,
    ],
    ['transitive tags only', { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['team'] } }, false],
  ])('is bound to what its conditions leave: %s', (_, condition, holds) => {
    expect(verdictOf({ trust: limited(condition) })).toBe(holds)
  })

  it('may be bound by a deny', () => {
    const others = when({ StringNotEquals: { 'aws:RequestTag/team': 'search' } })
    const denying: PolicyStatement = { ...fromOutside(others, TAG), Effect: 'Deny' }
    expect(verdictOf({ trust: document(fromOutside(), denying) })).toBe(true)
    expect(verdictOf({ trust: document(fromOutside(), denying), policy: tagged('search') })).toBe(false)
  })

  it('takes a tag in place of its own', () => {
    const trust = document(fromOutside())
    expect(verdictOf({ trust, tags: { Team: 'search' } })).toBe(false)
    expect(verdictOf({ trust: document(fromOutside({}, ASSUME)), tags: { Team: 'search' } })).toBe(true)
  })

  it('needs no session tag where its own does', () => {
    const { violations } = prove(home({ trust: document(fromOutside()), tags: { team: 'payments' } }))
    expect(violations).toHaveLength(1)
    expect(violations[0]?.sessionTags).toBeUndefined()
  })

  it('keeps its own tag where no other is passed', () => {
    const team = { 'aws:RequestTag/team': 'search' }
    const tags = { team: 'payments' }
    expect(verdictOf({ trust: limited({ StringEqualsIfExists: team }), tags })).toBe(false)
    expect(verdictOf({ trust: limited({ StringEquals: team }), tags })).toBe(true)
  })

  it('is one with a tag wherever one is required', () => {
    const required = document(fromOutside(when({ StringEquals: { 'aws:RequestTag/team': 'search' } })))
    const unlessSearch = when({ StringNotEquals: { 'aws:PrincipalTag/team': 'search' } })
    const policy = document(allow(ACTION, unlessSearch))
    expect(verdictOf({ trust: required, policy })).toBe(true)
    const optional = limited({ StringEqualsIfExists: { 'aws:RequestTag/team': 'search' } })
    expect(verdictOf({ trust: optional, policy })).toBe(false)
  })

  it('is denied by tags only where a session has them', () => {
    const policy = document(
      allow(ACTION),
      deny(ACTION, when({ StringNotEquals: { 'aws:PrincipalTag/team': 'payments' } })),
    )
    expect(verdictOf({ trust: document(fromOutside()), policy })).toBe(false)
    expect(verdictOf({ trust: document(fromOutside({}, ASSUME)), policy })).toBe(true)
    expect(verdictOf({ trust: limited({ StringEquals: { 'aws:RequestTag/team': 'search' } }), policy })).toBe(
      true,
    )
  })

  it('needs several tags that can be passed together', () => {
    const policy = document(
      allow(ACTION, when({ StringEquals: { 'aws:PrincipalTag/team': 'a', 'aws:PrincipalTag/env': 'b' } })),
    )
    expect(verdictOf({ trust: document(fromOutside()), policy })).toBe(false)
    const keys = (...names: string[]) =>
      fromOutside(when({ 'ForAllValues:StringEquals': { 'aws:TagKeys': names } }))
    expect(verdictOf({ trust: document(keys('team'), keys('env')), policy })).toBe(true)
    expect(verdictOf({ trust: document(keys('team', 'env')), policy })).toBe(false)
  })

  it('has its variables filled by what is passed', () => {
    const policy = document({
      ...allow('s3:GetObject'),
      Resource: 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*',
    })
    const probe: Probe = {
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::data/payments/x'],
      context: new Map(),
    }
    const holds = (trust: PolicyDocument) =>
      analysis().analyzer.notGranted(one(home({ trust, policy })), probe, [HOME]).holds
    expect(holds(document(fromOutside()))).toBe(false)
    expect(holds(document(fromOutside({}, ASSUME)))).toBe(true)
    expect(holds(limited({ StringEquals: { 'aws:RequestTag/team': 'search' } }))).toBe(true)
    expect(holds(limited({ StringLike: { 'aws:RequestTag/team': 'pay*' } }))).toBe(false)
  })
})

describe('who may tag sessions', () => {
  const named = document(grant({ AWS: HOME }, OPEN))
  const own = (action: unknown, more: object = {}): PolicyDocument => document(allow(action as string, more))

  it('must be allowed by own policies where the trust policy leaves it to the account', () => {
    expect(verdictOf({ trust: named })).toBe(true)
    expect(verdictOf({ trust: named }, { al: { policy: own(ASSUME) } })).toBe(true)
    expect(verdictOf({ trust: named }, { al: { policy: own(OPEN) } })).toBe(false)
    const others = { Resource: roleArn('else') }
    expect(verdictOf({ trust: named }, { al: { policy: own(OPEN, others) } })).toBe(true)
  })

  it('may pass what their own conditions leave', () => {
    const condition = (team: string) => when({ StringEquals: { 'aws:RequestTag/team': team } })
    const user = (team: string) => ({ al: { policy: document(allow(ASSUME), allow(TAG, condition(team))) } })
    expect(verdictOf({ trust: named }, user('search'))).toBe(true)
    expect(verdictOf({ trust: named }, user('payments'))).toBe(false)
  })

  it('may be bound to their own tags', () => {
    const same = when({ StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } })
    const trust = document(grant({ AWS: userArn('al') }, OPEN, same))
    expect(verdictOf({ trust }, { al: { tags: { team: 'search' } } })).toBe(true)
    expect(verdictOf({ trust }, { al: { tags: { team: 'payments' } } })).toBe(false)
  })

  it('may be a provider, by its assertions', () => {
    const saml = `arn:aws:iam::${HOME}:saml-provider/corp`
    const by = (action: unknown, more: object = {}) =>
      document(grant({ Federated: saml }, action as string, more))
    expect(verdictOf({ trust: by('sts:AssumeRoleWithSAML') })).toBe(true)
    expect(verdictOf({ trust: by(['sts:AssumeRoleWithSAML', TAG]) })).toBe(false)
    const team = (value: string) => when({ StringEquals: { 'aws:RequestTag/team': value } })
    expect(verdictOf({ trust: by(['sts:AssumeRoleWithSAML', TAG], team('search')) })).toBe(true)
    const web = document(
      grant({ Federated: 'cognito-identity.amazonaws.com' }, 'sts:AssumeRoleWithWebIdentity'),
    )
    expect(verdictOf({ trust: web })).toBe(true)
    const tagging = document(
      grant({ Federated: 'cognito-identity.amazonaws.com' }, [
        'sts:AssumeRoleWithWebIdentity',
        TAG,
      ] as unknown as string),
    )
    expect(verdictOf({ trust: tagging })).toBe(false)
  })

  it('may be a service', () => {
    const trust = document(grant({ Service: 'pods.eks.amazonaws.com' }, OPEN))
    expect(verdictOf({ trust })).toBe(false)
  })
})

describe('transitive tags', () => {
  const hop = (more: object = {}, action: string = OPEN): App => ({
    trust: document(fromOutside(more, action)),
    policy: document(allow(OPEN)),
  })
  const through = (more: object = {}, action: string = OPEN) =>
    document(grant({ AWS: roleArn('hop') }, action, more))

  it('come along a chain of roles, past what may be passed', () => {
    const none = when({ Null: { 'aws:TagKeys': 'true' } })
    expect(verdictOf({ trust: through(none) }, {}, { hop: hop() })).toBe(false)
    expect(verdictOf({ trust: through(none) }, {}, { hop: hop({}, ASSUME) })).toBe(true)
    expect(verdictOf({ trust: through(none, ASSUME) }, {}, { hop: hop() })).toBe(true)
  })

  it('are those that the first role lets in', () => {
    const none = when({ Null: { 'aws:TagKeys': 'true' } })
    const team = (value: string) => when({ StringEquals: { 'aws:RequestTag/team': value } })
    expect(verdictOf({ trust: through(none) }, {}, { hop: hop(team('search')) })).toBe(true)
    expect(verdictOf({ trust: through(none) }, {}, { hop: hop(team('payments')) })).toBe(false)
  })

  it('are none where the first role allows no transitive ones', () => {
    const none = when({ Null: { 'aws:TagKeys': 'true' } })
    const untransitive = when({ Null: { 'sts:TransitiveTagKeys': 'true' } })
    expect(verdictOf({ trust: through(none) }, {}, { hop: hop(untransitive) })).toBe(true)
  })

  it('do not end in a circle of roles that trust each other', () => {
    const circle = {
      app: { trust: document(grant({ AWS: roleArn('hop') }, OPEN)), policy: tagged() },
      hop: { trust: document(grant({ AWS: roleArn('app') }, OPEN)) },
    }
    expect(prove(accountOf(HOME, {}, circle)).holds).toBe(false)
    const bound = when({ Null: { 'aws:TagKeys': 'true' } })
    const none = {
      app: { trust: document(grant({ AWS: roleArn('hop') }, OPEN, bound)), policy: tagged() },
      hop: { trust: document(grant({ AWS: roleArn('app') }, OPEN, bound)) },
    }
    expect(prove(accountOf(HOME, {}, none)).holds).not.toBe(false)
  })
})

describe('a role that may assume itself', () => {
  const ofCaller = when({ StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } })
  const itself = document(allow('sts:*'))
  const ofTeam = (team: string) =>
    document(allow(ACTION, when({ StringEquals: { 'aws:PrincipalTag/team': team } })), allow('sts:*'))
  const trust = document(grant({ AWS: HOME }, OPEN, ofCaller))
  const al = (team: string) => ({ al: { policy: itself, tags: { team } } })
  const verdict = (policy: PolicyDocument, users: Parameters<typeof accountOf>[1]) =>
    verdictOf({ trust, policy, tags: { team: 'none' } }, users)

  it('passes on no more tags than somebody could give it', () => {
    expect(verdict(ofTeam('search'), al('search'))).toBe(false)
    expect(verdict(ofTeam('payments'), al('search'))).toBe(true)
  })

  it('does not have its own tags where each session must be given others', () => {
    expect(verdict(ofTeam('none'), al('search'))).toBe(true)
    expect(verdict(ofTeam('none'), al('none'))).toBe(false)
  })

  it('may do so by way of another', () => {
    const hop = { trust, policy: itself, tags: { team: 'none' } }
    const by = (policy: PolicyDocument, team: string) =>
      verdictOf({ trust, policy, tags: { team: 'none' } }, al(team), { hop })
    expect(by(ofTeam('payments'), 'search')).toBe(true)
    expect(by(ofTeam('none'), 'search')).toBe(true)
    expect(by(ofTeam('payments'), 'payments')).toBe(false)
  })

  it('is not excluded where cases may differ', () => {
    const folded = when({ StringEqualsIgnoreCase: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } })
    const app = { trust: document(grant({ AWS: HOME }, OPEN, folded)), policy: ofTeam('payments') }
    expect(verdictOf(app, al('Payments'))).toBe(false)
  })
})

describe('a change of who may tag sessions', () => {
  const closed = document(fromOutside({}, ASSUME))
  const open = document(fromOutside())
  const diff = (before: App, after: App, ...more: [Parameters<typeof accountOf>[1]?, Record<string, App>?]) =>
    analysis().diff(one(home(before, ...more)), one(home(after, ...more)))
  const ofApp = (lines: readonly string[]) => lines.filter((line) => line.includes('secretsmanager'))

  it("is a change of what the role's sessions may do", () => {
    expect(ofApp(linesOf(diff({ trust: closed }, { trust: open })))).toEqual([`+ role/app ${ACTION} on *`])
    expect(ofApp(linesOf(diff({ trust: open }, { trust: closed })))).toEqual([`- role/app ${ACTION} on *`])
  })

  it('is none where no policy asks for tags', () => {
    const policy = document(allow(ACTION))
    expect(ofApp(linesOf(diff({ trust: closed, policy }, { trust: open, policy })))).toEqual([])
    const both = document(
      allow(ACTION),
      allow('s3:GetObject', when({ StringEquals: { 'aws:PrincipalTag/x': 'y' } })),
    )
    expect(ofApp(linesOf(diff({ trust: closed, policy: both }, { trust: open, policy: both })))).toEqual([])
  })

  it('is one where values are added, and none where they stay', () => {
    const values = (...team: string[]) => limited({ StringEquals: { 'aws:RequestTag/team': team } })
    const narrow = { trust: values('search') }
    const wide = { trust: values('search', 'payments') }
    expect(ofApp(linesOf(diff(narrow, wide)))).toEqual([`+ role/app ${ACTION} on *`])
    expect(ofApp(linesOf(diff(wide, narrow)))).toEqual([`- role/app ${ACTION} on *`])
    const policy = tagged('search')
    expect(ofApp(linesOf(diff({ ...narrow, policy }, { ...wide, policy })))).toEqual([])
  })

  it('may be one of the callers', () => {
    const trust = document(grant({ AWS: HOME }, OPEN))
    const before = home({ trust }, { al: { policy: document(allow(ASSUME)) } })
    const after = home({ trust }, { al: { policy: document(allow(OPEN)) } })
    const found = analysis().diff(one(before), one(after))
    expect(ofApp(linesOf(found))).toEqual([`+ role/app ${ACTION} on *`])
  })

  it('leaves what is unsettled alone where nothing else changes', () => {
    const same = when({ StringEquals: { 'aws:RequestTag/team': '${aws:PrincipalTag/team}' } })
    const app = { trust: document(grant({ AWS: roleArn('hop') }, OPEN, same)) }
    const hop = { hop: { trust: document(fromOutside()) } }
    const more = document(...(tagged().Statement as PolicyStatement[]), allow('s3:ListAllMyBuckets'))
    const found = diff(app, { ...app, policy: more }, {}, hop)
    expect(linesOf(found)).toEqual(['+ role/app s3:ListAllMyBuckets on *'])
    expect(found.unknown).toEqual([])
  })

  it("changes what a resource's own policy lets sessions do", () => {
    const bucket = 'arn:aws:s3:::data'
    const own = document({
      ...grant(
        { AWS: roleArn('app') },
        's3:GetObject',
        when({ StringEquals: { 'aws:PrincipalTag/team': 'a' } }),
      ),
      Resource: `${bucket}/*`,
    })
    const estate = (trust: PolicyDocument) =>
      estateWith([home({ trust, policy: document() })], null, [resourceOf(bucket, HOME, own)])
    const found = analysis().diff(estate(closed), estate(open))
    expect(linesOf(found)).toContain(`+ role/app s3:GetObject on ${bucket}/*`)
  })

  it('is gained access of a new policy by the tag that a session needs', () => {
    const none = document(allow('ec2:DescribeInstances'))
    const found = diff({ trust: open, policy: none }, { trust: open })
    const [entry] = found.gained.filter(({ actions }) => actions.includes(ACTION))
    expect(entry?.sessionTags).toEqual({ team: 'payments' })
    expect(ofApp(linesOf(diff({ trust: closed, policy: none }, { trust: closed })))).toEqual([])
  })
})

describe('roles that are assumed by tags of the caller', () => {
  it('are open to a session that carries them', () => {
    const trust = document(
      grant({ AWS: HOME }, ASSUME, when({ StringEquals: { 'aws:PrincipalTag/team': 'payments' } })),
    )
    const hop: App = { trust: document(fromOutside()), policy: document(allow(ASSUME)) }
    const state = home({ trust, policy: document(allow(ACTION)) }, {}, { hop })
    const probe: Probe = { actions: [ASSUME], resources: [roleArn('app')], context: new Map() }
    const holds = (of: AccountState) => analysis().analyzer.notGranted(one(of), probe, [HOME]).holds
    expect(holds(state)).toBe(false)
    expect(
      holds(
        withRole(state, 'hop', { trustPolicy: { json: document(fromOutside({}, ASSUME)), located: null } }),
      ),
    ).toBe(true)
  })
})
