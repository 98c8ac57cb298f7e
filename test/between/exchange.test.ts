import { describe, expect, it } from 'vitest'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import type { PolicyDocument } from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import { interimDocument } from '../../src/plan/between/interim.ts'
import { statementsOf } from '../../src/policy/canonical.ts'
import { ACCOUNT } from '../arbitraries/policy.ts'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'
import { type PlanCase, planOf } from '../plan/plan-of.ts'

const document = (...statements: readonly string[]): string =>
  `{ Version: "2012-10-17", Statement: [${statements
    .map((each) => {
      const [effect, action] = each.split(' ')
      return `{ Effect: ${effect}, Action: "${action}", Resource: "*" }`
    })
    .join(', ')}] }`

const READING = document('Allow s3:GetObject', 'Deny s3:PutObject')
const WRITING = document('Allow s3:PutObject', 'Deny s3:GetObject')
const account = (one: string, two: string): string => `
users: { ada: { managedPolicies: [one, two] } }
policies: { one: { document: ${one} }, two: { document: ${two} } }
`
const EXCHANGE: PlanCase = { before: account(READING, WRITING), after: account(WRITING, READING) }
const exchange = (quotas: Partial<Quotas> = {}, observe: PlanCase['observe'] = (state) => state) =>
  planOf({ ...EXCHANGE, quotas, observe })

/** Each step as its operation, what it is about, and the statements that it writes. */
const told = ({ plan }: ReturnType<typeof exchange>) =>
  plan.steps.map(({ operation, input, needs }) => {
    const { PolicyArn = '', PolicyDocument: text, VersionId = '' } = input as Record<string, string>
    const written = text === undefined ? [] : statementsOf(JSON.parse(text) as PolicyDocument)
    const statements = written.map(({ Effect, Action }) => `${Effect} ${Action}`).join(', ')
    return `${operation} ${PolicyArn.split('/').at(-1)} ${VersionId}${statements} after [${needs.join(' ')}]`
  })

describe('two policies that exchange an allow and a deny', () => {
  it('one says in between only what both its documents allow, and denies what either does', () => {
    const result = exchange()
    expect(told(result)).toEqual([
      'CreatePolicyVersion one Deny s3:PutObject, Deny s3:GetObject after []',
      'CreatePolicyVersion two Allow s3:GetObject, Deny s3:PutObject after [0]',
      'CreatePolicyVersion one Allow s3:PutObject, Deny s3:GetObject after [0 1]',
    ])
    expect(result.plan.changes.map(({ brieflyWider }) => brieflyWider)).toEqual([null, null])
    expect(result.plan.refusals).toEqual([])
  })

  it('the document in between counts against the versions, and the oldest go for both', () => {
    const versions = ['v1', 'v2', 'v3', 'v4', 'v5'].map((id) => ({ id, isDefault: id === 'v5' }))
    const full = exchange({}, (state) => ({
      ...state,
      entities: {
        ...state.entities,
        policy: new Map([...state.entities.policy].map(([name, policy]) => [name, { ...policy, versions }])),
      },
    }))
    expect(told(full).filter((each) => / one /.test(each))).toEqual([
      'DeletePolicyVersion one v1 after []',
      'CreatePolicyVersion one Deny s3:PutObject, Deny s3:GetObject after [0]',
      'DeletePolicyVersion one v2 after [1]',
      'CreatePolicyVersion one Allow s3:PutObject, Deny s3:GetObject after [0 1 2 4]',
    ])
  })

  describe('where there is no room for a document in between', () => {
    const NO_ROOM: Partial<Quotas> = { versionsPerManagedPolicy: 1 }

    it('the change says what somebody may do for a time, and the guard refuses', () => {
      const { plan } = exchange(NO_ROOM)
      const [first, second] = plan.changes
      expect(first?.brieflyWider).toEqual({
        principal: 'user/ada',
        request: { action: 's3:putobject', resource: expect.any(String), conditions: [] },
      })
      expect(second?.brieflyWider).toBeNull()
      expect(plan.refusals).toMatchObject([{ rule: 'brieflyWider', entities: ['user/ada'] }])
    })

    it('somebody may agree to it', () => {
      const { plan } = planOf({ ...EXCHANGE, quotas: NO_ROOM, allowBrieflyWider: true })
      expect(plan.changes.some(({ brieflyWider }) => brieflyWider !== null)).toBe(true)
      expect(plan.refusals).toEqual([])
    })
  })
})

describe('a user whom the plan makes', () => {
  it('is asked about no more than anybody can ask as that user', () => {
    const { plan } = planOf({ before: '', after: EXCHANGE.after, quotas: { versionsPerManagedPolicy: 1 } })
    expect(plan.steps.length).toBeGreaterThan(3)
    expect(plan.changes.filter(({ brieflyWider }) => brieflyWider !== null)).toEqual([])
  })

  it('has nothing to sign in with before all of its other steps are done', () => {
    const after = `
users:
  ada:
    permissionsBoundary: limits
    managedPolicies: [limits, one]
    inlinePolicies: { no: ${document('Deny s3:PutObject')} }
    groups: [all]
    tags: { team: a }
    loginProfile: {}
    accessKeys: { ci: {} }
    sshPublicKeys: { laptop: { body: ${JSON.stringify(SSH_KEYS[0])} } }
groups: { all: { managedPolicies: [one] } }
policies: { limits: { document: ${READING} }, one: { document: ${WRITING} } }`
    const operations = planOf({ before: '', after }).plan.steps.map(({ operation }) => operation)
    expect(operations).toHaveLength(12)
    expect(operations.slice(-3).sort()).toEqual([
      'CreateAccessKey',
      'CreateLoginProfile',
      'UploadSSHPublicKey',
    ])
  })

  it('has no other credentials: those that a step makes come last, as these do', () => {
    const operations = Object.values(IAM_KINDS).flatMap(({ writes }) => Object.keys(writes))
    expect(operations.length).toBeGreaterThan(40)
    const making = operations.filter((each) => /^(?:Create|Upload|Put|Enable)/.test(each))
    expect(making.filter((each) => !NO_CREDENTIAL.test(each))).toEqual([])
  })
})

/**
 * What makes something that no user can sign in with; credentials that come last of all (above); and those that no plan makes. Whoever
 * adds what makes a credential looks at users who are made, too.
 */
const NO_CREDENTIAL =
  /^(?:Create(?:User|Group|Role|Policy|PolicyVersion|AccountAlias)|Put(?:User|Group|Role)(?:Policy|PermissionsBoundary)|Create(?:InstanceProfile|ServiceLinkedRole|OpenIDConnectProvider|SAMLProvider)|UploadServerCertificate|Create(?:LoginProfile|AccessKey)|Upload(?:SSHPublicKey|SigningCertificate)|CreateServiceSpecificCredential|(?:CreateVirtual|Enable)MFADevice)$/

describe('of more steps than an order is searched for', () => {
  const many = (one: string, two: string, team: string): string => `
users: { ${Array.from({ length: 130 }, (_, number) => `u${number}: { managedPolicies: [one, two], tags: { team: ${team} } }`).join(', ')} }
policies: { one: { document: ${one} }, two: { document: ${two} } }
`

  it('what the order lets somebody do is said, and refused', () => {
    const { plan } = planOf({ before: many(READING, WRITING, 'a'), after: many(WRITING, READING, 'b') })
    const wider = plan.changes.flatMap(({ brieflyWider }) => brieflyWider ?? [])
    expect(wider).toMatchObject([
      { principal: expect.stringMatching(/^user\/u/), request: { action: 's3:putobject' } },
    ])
    expect(plan.refusals).toMatchObject([{ rule: 'brieflyWider' }])
  })
})

describe('a document in between two', () => {
  const of = (...statements: readonly (readonly ['Allow' | 'Deny', string])[]): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: statements.map(([Effect, Action]) => ({ Effect, Action, Resource: '*' })),
  })

  it('is none where one of the two only takes away', () => {
    expect(interimDocument(of(['Allow', 'a:B'], ['Allow', 'a:C']), of(['Allow', 'a:B']), ACCOUNT)).toBeNull()
    expect(interimDocument(of(['Allow', 'a:B']), of(['Allow', 'a:B'], ['Deny', 'a:C']), ACCOUNT)).toBeNull()
  })

  it('says what means nothing where nothing is left to say', () => {
    expect(interimDocument(of(['Allow', 'a:B']), of(['Allow', 'a:C']), ACCOUNT)).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'none:null', Resource: '*' }],
    })
  })
})
