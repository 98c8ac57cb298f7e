import { beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { madeCertificate, madeMetadata } from '../../kinds/made-certificates.ts'
import { ACCOUNT, refusal } from '../account.ts'
import { policyText } from '../authorization/world.ts'
import { responseOf, type Said, signedAssertion, unsignedAssertion } from './signed-assertion.ts'
import { openAccountWithSts } from './world.ts'

const OURS = madeCertificate({ subject: 'idp.example', keyType: 'rsa' })
const THEIRS = madeCertificate({ subject: 'other.example', keyType: 'rsa' })
const PROVIDER = `arn:aws:iam::${ACCOUNT.id}:saml-provider/corp`
const ROLE = `arn:aws:iam::${ACCOUNT.id}:role/deploy`
const ATTRIBUTES = [
  ['Role', `${PROVIDER},${ROLE}`],
  ['RoleSessionName', 'alice@corp'],
] as const

let world: Awaited<ReturnType<typeof openAccountWithSts>>
const trust = (statement: object = {}) =>
  policyText({
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action: 'sts:AssumeRoleWithSAML',
    Condition: { StringEquals: { 'saml:aud': 'https://signin.aws.amazon.com/saml', 'saml:sub': 'alice' } },
    ...statement,
  })
beforeEach(async () => {
  world = await openAccountWithSts()
  await world.iam.write('CreateSAMLProvider', {
    Name: 'corp',
    SAMLMetadataDocument: madeMetadata({ certificates: [OURS] }),
  })
  await world.iam.write('CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument: trust() })
})

const said = (more: Said = {}): Said => ({ attributes: ATTRIBUTES, ...more })
const signed = (more: Said = {}, by = OURS) => signedAssertion(said(more), world.now(), by.signer)
const assume = (response: string, more: Record<string, unknown> = {}) =>
  world.sts.call(
    'AssumeRoleWithSAML',
    { RoleArn: ROLE, PrincipalArn: PROVIDER, SAMLAssertion: new Secret(response), ...more },
    null,
    world.request(),
  )
const answer = (inside: string) => responseOf(inside, world.now())

describe('AssumeRoleWithSAML', () => {
  it('gives a session of the role to whom a signed assertion vouches for', async () => {
    const given = await assume(answer(signed()))
    expect(given).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT.id}:assumed-role/deploy/alice@corp` },
      Subject: 'alice',
      SubjectType: 'persistent',
      Issuer: 'https://idp.example/saml',
      Audience: 'https://signin.aws.amazon.com/saml',
    })
    const { Credentials } = given as { Credentials: { AccessKeyId: string; SessionToken: string } }
    const caller = await world.callerOf(Credentials)
    expect(caller.kind === 'session' && caller.session.context).toContainEqual([
      'aws:FederatedProvider',
      [PROVIDER],
    ])
  })

  it('the pair of role and provider stands in either order', async () => {
    const Role = ['Role', `${ROLE}, ${PROVIDER}`] as const
    await assume(answer(signed({ attributes: [Role, ...ATTRIBUTES.slice(1)] })))
  })

  it('the trust policy decides', async () => {
    expect(await refusal(assume(answer(signed({ subject: 'bob' }))))).toMatchObject({
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithSAML',
    })
  })

  it('tags, how long, and for how long the session is good', async () => {
    const Action = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity']
    await world.iam.write('UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument: trust({ Action }) })
    const attributes = [
      ...ATTRIBUTES,
      ['PrincipalTag:team', 'a'],
      ['TransitiveTagKeys', 'team'],
      ['SourceIdentity', 'alice'],
      ['SessionDuration', '1800'],
    ] as const
    const given = (await assume(answer(signed({ attributes })), { DurationSeconds: 3600 })) as {
      Credentials: { AccessKeyId: string; SessionToken: string; Expiration: Date }
    }
    expect(given.Credentials.Expiration.getTime()).toBe(world.now() + 1_800_000)
    const caller = await world.callerOf(given.Credentials)
    expect(caller.kind === 'session' && caller.session).toMatchObject({
      tags: [{ key: 'team', value: 'a' }],
      transitive: ['team'],
      sourceIdentity: 'alice',
    })
  })

  it.each<readonly [string, () => string]>([
    ['unsigned', () => answer(unsignedAssertion(said(), world.now()))],
    ['signed by another key', () => answer(signed({}, THEIRS))],
    ['changed after it was signed', () => answer(signed().replace('>alice<', '>mallory<'))],
    [
      'two assertions, the second unsigned',
      () => answer(signed() + unsignedAssertion(said({ id: '_b', subject: 'mallory' }), world.now())),
    ],
    [
      'two assertions, the first unsigned',
      () => answer(unsignedAssertion(said({ id: '_b', subject: 'mallory' }), world.now()) + signed()),
    ],
    ['two that are signed', () => answer(signed() + signed({ id: '_b' }))],
    [
      'wrapped: the signed one within another',
      () =>
        answer(
          unsignedAssertion(said({ id: '_b', subject: 'mallory' }), world.now()).replace(
            '</saml:Assertion>',
            `<saml:Advice>${signed()}</saml:Advice></saml:Assertion>`,
          ),
        ),
    ],
    [
      'wrapped: the signed one within an object of a signature',
      () => {
        const own = signed()
        const signature = /<ds:Signature .*<\/ds:Signature>/.exec(own)?.[0] ?? ''
        const wrapped = signature.replace('</ds:Signature>', `<ds:Object>${own}</ds:Object></ds:Signature>`)
        const evil = unsignedAssertion(said({ id: '_evil', subject: 'mallory' }), world.now())
        return answer(evil.replace('</saml:Issuer>', `</saml:Issuer>${wrapped}`))
      },
    ],
    [
      'another one elsewhere in the answer',
      () =>
        answer(
          `<samlp:Extensions>${unsignedAssertion(said({ id: '_b', subject: 'mallory' }), world.now())}</samlp:Extensions>${signed()}`,
        ),
    ],
    ['with a DOCTYPE', () => responseOf(signed(), world.now(), '<!DOCTYPE x [<!ENTITY e "alice">]>')],
    ['of another issuer', () => answer(signed({ issuer: 'https://other.example' }))],
    ['for another audience', () => answer(signed({ audience: 'https://other.example' }))],
    [
      'for another recipient',
      () => answer(signed({ recipient: 'https://signin.aws.amazon.com.evil.example/saml' })),
    ],
    ['without a recipient', () => answer(signed({ recipient: null }))],
    ['with two confirmations', () => answer(signed({ confirmations: 2 }))],
    ['with none', () => answer(signed({ confirmations: 0 }))],
    [
      'for another role',
      () => answer(signed({ attributes: [['Role', `${PROVIDER},${ROLE}2`], ...ATTRIBUTES.slice(1)] })),
    ],
    [
      'two names of the session',
      () => answer(signed({ attributes: [...ATTRIBUTES, ['RoleSessionName', 'bob']] })),
    ],
    ['no XML', () => Buffer.from('nothing').toString('base64')],
    ['nothing at all', () => '????'],
  ])('is refused: %s', async (_, make) => {
    expect((await refusal(assume(make()))).code).toBe('InvalidIdentityToken')
  })

  it('a comment, which no signature covers, cuts no subject short', async () => {
    const whole = signed({ subject: 'alice@corp' })
    const cut = whole.replace('alice@corp</saml:NameID>', 'alice<!-- -->@corp</saml:NameID>')
    expect(cut).not.toBe(whole)
    // Whose subject is `alice` would be let in.
    expect((await refusal(assume(answer(cut)))).code).toBe('AccessDenied')
  })

  it('one whose time is over is said to be so', async () => {
    const response = answer(signed())
    world.pass(200)
    await assume(response)
    world.pass(200)
    expect((await refusal(assume(response))).code).toBe('ExpiredTokenException')
  })
})
