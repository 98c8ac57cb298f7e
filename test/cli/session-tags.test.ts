import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/model/index.ts'
import {
  assumes,
  decision,
  document,
  grants,
  HOME,
  inline,
  nobodyMay,
  planned,
  projectOf,
  role,
  statement,
  whoCan,
} from './estate-questions.ts'

const ACTION = 'secretsmanager:GetSecretValue'
const SECRET = `arn:aws:secretsmanager:us-east-1:${HOME}:secret:x-abcdef`
const PARTNER = '444455556666'
const TAGGED = ['sts:AssumeRole', 'sts:TagSession']
const byTag = (condition: object = { StringEquals: { 'aws:PrincipalTag/team': 'payments' } }) =>
  inline(grants(ACTION, condition))
const app = (trust: readonly PolicyStatement[], tags: object = {}) => ({
  roles: { app: { tags, ...role(...trust), ...byTag() } },
})
const OIDC = `arn:aws:iam::${HOME}:oidc-provider/id.example.com`
const SAML = `arn:aws:iam::${HOME}:saml-provider/corp`

const FEDERATING = {
  users: {
    ann: {
      inlinePolicies: {
        own: document(
          statement('Allow', { Action: ['sts:GetFederationToken', 'sts:TagSession'], Resource: '*' }),
          statement('Allow', {
            Action: ACTION,
            Resource: '*',
            Condition: { StringEquals: { 'aws:PrincipalTag/team': 'payments' } },
          }),
        ),
      },
    },
  },
}

describe('the tags of a session are what every way of getting one leaves open', () => {
  const open: readonly (readonly [string, object])[] = [
    ['the trust policy lets an account tag', app([assumes({ AWS: PARTNER }, undefined, TAGGED)])],
    [
      'in a statement of its own',
      app([assumes({ AWS: PARTNER }), assumes({ AWS: PARTNER }, undefined, 'sts:TagSession')]),
    ],
    ['over a tag of the role', app([assumes({ AWS: PARTNER }, undefined, TAGGED)], { team: 'web' })],
    [
      'by a directory',
      app([assumes({ Federated: SAML }, undefined, ['sts:AssumeRoleWithSAML', 'sts:TagSession'])]),
    ],
    [
      'by a web identity',
      app([assumes({ Federated: OIDC }, undefined, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'])]),
    ],
    [
      'with a tag that the trust policy asks for',
      app([
        assumes({ AWS: PARTNER }, { StringEquals: { 'aws:RequestTag/team': ['payments', 'web'] } }, TAGGED),
      ]),
    ],
  ]
  it.each(open)('may be any: %s', async (_, manifest) => {
    expect(await nobodyMay(projectOf(manifest as Record<string, unknown>), ACTION)).toBe(false)
  })
  it('may be any: by a user who may get a federation token', async () => {
    expect(await nobodyMay(projectOf(FEDERATING), ACTION)).toBe(false)
  })
  it('who can is conditional, and the plan says by which tag', async () => {
    const folder = projectOf(app([assumes({ AWS: PARTNER }, undefined, TAGGED)]))
    expect((await whoCan(folder, ACTION, SECRET))[`arn:aws:iam::${HOME}:role/app`]).toBe('conditional')
    const { gained } = await planned(folder)
    expect(gained.find(({ actions }) => actions.includes(ACTION))?.conditions).toEqual({
      StringEquals: { 'aws:PrincipalTag/team': ['payments'] },
    })
  })
  it('a single decision takes a tag that is given', async () => {
    const folder = projectOf(app([assumes({ AWS: PARTNER }, undefined, TAGGED)]))
    const tag = ['--context', 'aws:PrincipalTag/team=payments']
    expect(await decision(folder, 'role/app/sess', ACTION, SECRET, ...tag)).toBe('allow')
    expect(await decision(folder, 'role/app/sess', ACTION, SECRET)).toBe('implicit_deny')
  })

  it.each([
    ['nobody may tag', app([assumes({ AWS: PARTNER })])],
    ['a service assumes it', app([assumes({ Service: 'ec2.amazonaws.com' })])],
    [
      'the trust policy asks for another value',
      app([assumes({ AWS: PARTNER }, { StringEquals: { 'aws:RequestTag/team': 'web' } }, TAGGED)]),
    ],
    [
      'the trust policy allows other keys only',
      app([
        assumes({ AWS: PARTNER }),
        assumes(
          { AWS: PARTNER },
          { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['project'] } },
          'sts:TagSession',
        ),
      ]),
    ],
    ['a directory without tags', app([assumes({ Federated: SAML }, undefined, 'sts:AssumeRoleWithSAML')])],
    ['a user, whose tags are declared', { users: { ann: byTag() } }],
  ])('are the declared tags where %s', async (_, manifest) => {
    expect(await nobodyMay(projectOf(manifest as Record<string, unknown>), ACTION)).toBe(true)
  })
  it('the declared tags count where none can be given', async () => {
    const folder = projectOf(app([assumes({ AWS: PARTNER })], { team: 'payments' }))
    expect(await nobodyMay(folder, ACTION)).toBe(false)
  })
})
