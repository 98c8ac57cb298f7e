import { describe, expect, it } from 'vitest'
import {
  type Access,
  decision,
  document,
  EC2_ROLE,
  type Entry,
  grants,
  HOME,
  inline,
  nobodyMay,
  planned,
  principalsOf,
  projectOf,
  results,
  statement,
  whoCan,
} from './estate-questions.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const user = (action: string, condition: object, resource: unknown = '*') =>
  projectOf({ users: { alice: inline(grants(action, condition, resource)) } })
const entriesFor = ({ gained }: Access, action: string): readonly Entry[] =>
  gained.filter(({ actions }) => actions.includes(action))

// AWS global condition context keys: aws:userid; IAM policy elements: Variables, table of principal key values
describe('the unique id of who asks', () => {
  const spared = (userids: readonly string[]) =>
    projectOf({
      users: { bob: { managedPolicies: ['AdministratorAccess'] } },
      roles: { app: { ...EC2_ROLE, managedPolicies: ['AdministratorAccess'] } },
      resources: {
        'arn:aws:s3:::data': {
          policy: document(
            statement('Deny', {
              Principal: '*',
              Action: 's3:*',
              Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'],
              Condition: { StringNotLike: { 'aws:userid': userids } },
            }),
          ),
        },
      },
    })
  const BOB = `arn:aws:iam::${HOME}:user/bob`
  const APP = `arn:aws:iam::${HOME}:role/app`
  const OBJECT = 'arn:aws:s3:::data/x'
  /** Whom `who-can` on a form of requests names. */
  const ofAForm = async (folder: string) =>
    (await runHere('who-can', 's3:GetObjec?', 'arn:aws:s3:::data/*', '--dir', folder)).out

  it('a role whose id is not known yet is conditional, by one question as by many', async () => {
    const folder = spared(['AROAEXAMPLEID:*', HOME])
    expect((await whoCan(folder, 's3:GetObject', OBJECT))[APP]).toBe('conditional')
    expect((await whoCan(folder, 's3:GetObjec?', 'arn:aws:s3:::data/*'))[APP]).toBe('conditional')
    expect(await ofAForm(folder)).toContain('role/app')
  })
  it('a user has none of a role, nor of an account', async () => {
    const folder = spared(['AROAEXAMPLEID:*', HOME])
    expect((await whoCan(folder, 's3:GetObject', OBJECT))[BOB]).toBeUndefined()
    expect(await ofAForm(folder)).not.toContain('user/bob')
  })
  it('a role has none of a user', async () => {
    const folder = spared(['AIDAEXAMPLEID'])
    const text = await ofAForm(folder)
    expect(text).toContain('user/bob')
    expect(text).not.toContain('role/app')
    expect((await whoCan(folder, 's3:GetObject', OBJECT))[BOB]).toBe('conditional')
  })
  it('only root has the id of the account', async () => {
    const text = await ofAForm(spared([HOME]))
    expect(text).toContain('root')
    expect(text).not.toContain('user/bob')
    expect(text).not.toContain('role/app')
  })
})

describe('new principals that share a policy', () => {
  const sharing = (condition: object) =>
    projectOf({
      policies: { shared: { document: grants('sns:Publish', condition) } },
      users: { ann: { managedPolicies: ['shared'] }, bob: { managedPolicies: ['shared'] } },
      roles: {
        app: { ...EC2_ROLE, managedPolicies: ['shared'] },
        web: { ...EC2_ROLE, managedPolicies: ['shared'] },
      },
    })
  const ofThe = (kind: string, names: readonly string[]) =>
    names.map((name) => `arn:aws:iam::${HOME}:${kind}/${name}`)
  it.each([
    ['by the unique ids of users', { StringLike: { 'aws:userid': 'AIDA*' } }, ofThe('user', ['ann', 'bob'])],
    ['by the unique ids of roles', { StringLike: { 'aws:userid': 'AROA*' } }, ofThe('role', ['app', 'web'])],
    ['by names of users', { StringLike: { 'aws:username': '*' } }, ofThe('user', ['ann', 'bob'])],
    ['by the name of one of them', { StringEquals: { 'aws:username': 'bob' } }, ofThe('user', ['bob'])],
    [
      'by the type of the caller',
      { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
      ofThe('role', ['app', 'web']),
    ],
  ])('are told apart %s', async (_, condition, who) => {
    const access = await planned(sharing(condition))
    expect(principalsOf(entriesFor(access, 'sns:Publish'))).toEqual(who)
    expect(access.unknown).toEqual([])
  })
})

describe('a witness does not contradict itself', () => {
  it.each([
    ['StringNotEquals', HOME],
    ['StringNotLike', '1*'],
  ])('the account of the resource is that of its ARN: %s', async (operator, value) => {
    const { gained } = await planned(user('sns:Publish', { [operator]: { 'aws:ResourceAccount': value } }))
    for (const { witness, potential } of entriesFor({ gained } as Access, 'sns:Publish')) {
      const [, , , , account] = witness.resource.split(':')
      expect(account).toMatch(/^\d{12}$/)
      expect(account).not.toBe(HOME)
      expect(witness.context['aws:ResourceAccount'] ?? account).toBe(account)
      expect(potential).toBe(true)
    }
    expect(gained).toHaveLength(1)
  })
  it('the own account, where that is what is asked', async () => {
    const { gained } = await planned(user('sns:Publish', { StringEquals: { 'aws:ResourceAccount': HOME } }))
    expect(gained.map(({ witness }) => witness.resource.split(':')[4])).toEqual([HOME])
  })
  it.each([
    ['the name of a user', { StringEquals: { 'aws:username': 'alice' } }],
    ['the ARN of a user', { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:user/alice` } }],
    ['the type of a user', { StringEquals: { 'aws:PrincipalType': 'User' } }],
  ])('a role has not %s', async (_, condition) => {
    const folder = projectOf({ roles: { app: { ...EC2_ROLE, ...inline(grants('sns:Publish', condition)) } } })
    expect(await nobodyMay(folder, 'sns:Publish')).toBe(true)
  })
  it('a region is one of the partition', async () => {
    const { gained } = await planned(
      user('iam:CreateUser', { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }),
    )
    expect(entriesFor({ gained } as Access, 'iam:CreateUser')).toEqual([])
  })
})

// AWS STS condition context keys; AWS global condition context keys
describe('a condition on a key that the request never has', () => {
  it.each([
    ['the external id of an assumed role', { StringEquals: { 'sts:ExternalId': 'abc' } }],
    ['the name of a session', { StringLike: { 'sts:RoleSessionName': 'ci-*' } }],
    ['what a directory says', { StringEquals: { 'saml:aud': 'https://signin.aws.amazon.com/saml' } }],
    ['the provider of a federated caller', { StringLike: { 'aws:FederatedProvider': '*' } }],
    ['what a web identity says', { StringEquals: { 'accounts.google.com:aud': 'x' } }],
    ['the source identity', { StringLike: { 'aws:SourceIdentity': '*' } }],
  ])('is not met by a user: %s', async (_, condition) => {
    const folder = user('sns:DeleteTopic', condition)
    expect((await planned(folder)).gained).toEqual([])
    expect(await nobodyMay(folder, 'sns:DeleteTopic')).toBe(true)
  })
  it('is warned of', async () => {
    const folder = user('sns:DeleteTopic', { StringEquals: { 'sts:ExternalId': 'abc' } })
    const { diagnostics } = jsonOf(await runHere('validate', '--dir', folder, '--json'))
    expect(diagnostics.map(({ severity }: { readonly severity: string }) => severity)).toEqual(['warning'])
  })
  it('is met where such a request exists', async () => {
    const folder = user('sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'abc' } })
    expect(principalsOf((await planned(folder)).gained)).toEqual([`arn:aws:iam::${HOME}:user/alice`])
    const session = projectOf({
      roles: {
        app: {
          ...EC2_ROLE,
          ...inline(grants('sns:DeleteTopic', { StringLike: { 'aws:SourceIdentity': '*' } })),
        },
      },
    })
    const key = ['--context', 'aws:SourceIdentity=ann']
    expect(
      await decision(session, 'role/app/sess', 'sns:DeleteTopic', `arn:aws:sns:us-east-1:${HOME}:t`, ...key),
    ).toBe('allow')
  })
})

describe('a federated user has an ARN of its own', () => {
  const ANN = `arn:aws:iam::${HOME}:user/ann`
  const federating = (condition: object) =>
    projectOf({
      users: {
        ann: {
          inlinePolicies: {
            own: document(
              statement('Allow', { Action: 'sts:GetFederationToken', Resource: '*' }),
              statement('Allow', { Action: 'sns:Publish', Resource: '*', Condition: condition }),
            ),
          },
        },
      },
      invariants: [{ name: 'only ann', action: 'sns:Publish', resource: '*', onlyPrincipals: ['user/ann'] }],
    })
  const theirs = `arn:aws:sts::${HOME}:federated-user/*`
  it.each([
    ['the ARN of the user', { ArnEquals: { 'aws:PrincipalArn': ANN } }, 'pass'],
    [
      'a tag that is the ARN of the caller',
      { StringEquals: { 'aws:ResourceTag/owner': `\${aws:PrincipalArn}` } },
      'fail',
    ],
    ['an ARN of their own', { ArnLike: { 'aws:PrincipalArn': theirs } }, 'fail'],
  ])('by %s: the invariant that only the user may is decided', async (_, condition, result) => {
    expect(await results(federating(condition))).toEqual([result])
  })
})
