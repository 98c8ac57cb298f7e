import { describe, expect, it } from 'vitest'
import { IamError } from '../../src/iam/service-error.ts'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { byKind, type PolicyDocument } from '../../src/model/index.ts'
import { observe } from '../../src/reconcile/observe.ts'
import type { IamReader } from '../../src/target/ports.ts'
import { ACCOUNT, openAccount, policyArn } from '../iam/account.ts'
import { knownJson } from '../known-json.ts'

const allow = (action: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
})
const text = (document: unknown): string => JSON.stringify(document)
const TRUST: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

describe('observing', () => {
  it('an empty account has nothing: no password policy, no alias', async () => {
    const { iam, close } = await openAccount()
    expect(await observe(iam, ACCOUNT, OBSERVE_KINDS)).toEqual({
      account: ACCOUNT,
      entities: byKind(() => new Map()),
      children: {},
      settings: { passwordPolicy: null, accountAlias: null },
    })
    await close()
  })

  it('reads every attribute of every kind, with documents decoded', async () => {
    const { iam, close } = await openAccount()
    const path = '/team/'
    const readAll = policyArn('/team/read-all')
    await iam.write('CreatePolicy', {
      PolicyName: 'read-all',
      Path: path,
      Description: 'reads',
      PolicyDocument: text(allow('s3:Get*')),
      Tags: [{ Key: 'owner', Value: 'platform' }],
    })
    await iam.write('CreateGroup', { GroupName: 'developers', Path: path })
    await iam.write('PutGroupPolicy', {
      GroupName: 'developers',
      PolicyName: 'inline',
      PolicyDocument: text(allow('ec2:*')),
    })
    await iam.write('AttachGroupPolicy', { GroupName: 'developers', PolicyArn: readAll })
    await iam.write('CreateUser', {
      UserName: 'alice',
      Path: path,
      PermissionsBoundary: readAll,
      Tags: [{ Key: 'team', Value: 'payments' }],
    })
    await iam.write('AddUserToGroup', { UserName: 'alice', GroupName: 'developers' })
    await iam.write('AttachUserPolicy', {
      UserName: 'alice',
      PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    })
    const odd: PolicyDocument = {
      Statement: { Effect: 'Deny', Action: '*', Resource: "arn:aws:s3:::a'!(%)*/é" },
    }
    await iam.write('PutUserPolicy', { UserName: 'alice', PolicyName: 'own', PolicyDocument: text(odd) })
    await iam.write('CreateRole', {
      RoleName: 'deploy',
      Path: path,
      Description: 'é 100% (of it)',
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: text(TRUST),
      PermissionsBoundary: readAll,
      Tags: [{ Key: 'Team', Value: '' }],
    })
    await iam.write('UpdateAccountPasswordPolicy', { MinimumPasswordLength: 14, MaxPasswordAge: 90 })
    await iam.write('CreateAccountAlias', { AccountAlias: 'acme' })

    const state = await observe(iam, ACCOUNT, OBSERVE_KINDS)
    const placed = (json: PolicyDocument) => ({ json, located: null })
    expect(state.entities.user.get('alice')).toEqual({
      kind: 'user',
      name: 'alice',
      path,
      arn: 'arn:aws:iam::111122223333:user/team/alice',
      groups: ['developers'],
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      inlinePolicies: new Map([['own', placed(odd)]]),
      permissionsBoundary: readAll,
      tags: new Map([['team', 'payments']]),
    })
    expect(state.entities.group.get('developers')).toEqual({
      kind: 'group',
      name: 'developers',
      path,
      arn: 'arn:aws:iam::111122223333:group/team/developers',
      managedPolicies: [readAll],
      inlinePolicies: new Map([['inline', placed(allow('ec2:*'))]]),
    })
    expect(state.entities.role.get('deploy')).toEqual({
      kind: 'role',
      name: 'deploy',
      path,
      arn: 'arn:aws:iam::111122223333:role/team/deploy',
      description: 'é 100% (of it)',
      maxSessionDuration: 7200,
      trustPolicy: placed(TRUST),
      managedPolicies: [],
      inlinePolicies: new Map(),
      permissionsBoundary: readAll,
      tags: new Map([['Team', '']]),
    })
    expect(state.entities.policy.get('read-all')).toEqual({
      kind: 'policy',
      name: 'read-all',
      path,
      arn: readAll,
      description: 'reads',
      document: placed(allow('s3:Get*')),
      versions: [{ id: 'v1', isDefault: true }],
      tags: new Map([['owner', 'platform']]),
    })
    expect(state.settings.passwordPolicy).toMatchObject({ minimumPasswordLength: 14, maxPasswordAge: 90 })
    expect(state.settings.accountAlias).toBe('acme')
    await close()
  })

  it('lists versions oldest first, by number rather than by text, and reads the default one', async () => {
    const { iam, close } = await openAccount()
    const arn = policyArn('/p')
    await iam.write('CreatePolicy', { PolicyName: 'p', PolicyDocument: text(allow('s3:Get1')) })
    for (let version = 2; version <= 11; version++) {
      if (version > 5)
        await iam.write('DeletePolicyVersion', { PolicyArn: arn, VersionId: `v${version - 4}` })
      await iam.write('CreatePolicyVersion', {
        PolicyArn: arn,
        PolicyDocument: text(allow(`s3:Get${version}`)),
      })
    }
    await iam.write('SetDefaultPolicyVersion', { PolicyArn: arn, VersionId: 'v9' })
    const policy = (await observe(iam, ACCOUNT, OBSERVE_KINDS)).entities.policy.get('p')
    expect(policy?.versions.map(({ id }) => id)).toEqual(['v1', 'v8', 'v9', 'v10', 'v11'])
    expect(policy?.versions.filter(({ isDefault }) => isDefault)).toEqual([{ id: 'v9', isDefault: true }])
    expect(knownJson(policy?.document)).toEqual(allow('s3:Get9'))
    await close()
  })

  it('goes through all pages of every listing, however small', async () => {
    const { iam, close } = await openAccount()
    const names = Array.from({ length: 7 }, (_, index) => `n${index}`)
    for (const name of names) {
      await iam.write('CreateUser', { UserName: name })
      await iam.write('CreateGroup', { GroupName: name })
      await iam.write('CreateRole', {
        RoleName: name,
        AssumeRolePolicyDocument: text(TRUST),
        Description: name,
      })
      await iam.write('CreatePolicy', {
        PolicyName: name,
        PolicyDocument: text(allow('s3:*')),
        Tags: names.map((tag) => ({ Key: tag, Value: name })),
      })
    }
    const twoAtATime: IamReader = {
      read: (operation, input) =>
        iam.read(operation, 'MaxItems' in input ? { ...input, MaxItems: 2 } : input),
    }
    const state = await observe(twoAtATime, ACCOUNT, OBSERVE_KINDS)
    for (const entities of [
      state.entities.user,
      state.entities.group,
      state.entities.role,
      state.entities.policy,
    ])
      expect([...entities.keys()]).toEqual(names)
    expect(state.entities.role.get('n6')?.description).toBe('n6')
    expect(state.entities.policy.get('n6')?.tags.size).toBe(7)
    expect(state).toEqual(await observe(iam, ACCOUNT, OBSERVE_KINDS))
    await close()
  })

  it('leaves out what is deleted while it reads', async () => {
    const { iam, close } = await openAccount()
    await iam.write('CreateRole', { RoleName: 'gone', AssumeRolePolicyDocument: text(TRUST) })
    await iam.write('CreatePolicy', { PolicyName: 'gone', PolicyDocument: text(allow('s3:*')) })
    await iam.write('CreateUser', { UserName: 'stays' })
    const deletingSoon: IamReader = {
      async read(operation, input) {
        const answer = await iam.read(operation, input)
        if (operation === 'GetAccountAuthorizationDetails') {
          await iam.write('DeleteRole', { RoleName: 'gone' })
          await iam.write('DeletePolicy', { PolicyArn: policyArn('/gone') })
        }
        return answer
      },
    }
    const state = await observe(deletingSoon, ACCOUNT, OBSERVE_KINDS)
    expect([state.entities.role.size, state.entities.policy.size, state.entities.user.size]).toEqual([
      0, 0, 1,
    ])
    await close()
  })

  it('a refusal of the target is passed on', async () => {
    const refusing: IamReader = {
      read: () => Promise.reject(new IamError('AccessDenied', 'no')),
    }
    await expect(observe(refusing, ACCOUNT, OBSERVE_KINDS)).rejects.toMatchObject({ code: 'AccessDenied' })
  })

  it('a document that nobody can read is not known, and takes nothing else down', async () => {
    const { iam, close } = await openAccount()
    for (const RoleName of ['r', 's'])
      await iam.write('CreateRole', { RoleName, AssumeRolePolicyDocument: text(TRUST) })
    for (const [document, unknown] of [
      ['%E0%A4%A', 'not-json'],
      ['%7B', 'not-json'],
      ['%7B%7D', 'not-a-policy'],
      [encodeURIComponent('{"Statement":[null]}'), 'not-a-policy'],
    ] as const) {
      const broken: IamReader = {
        async read(operation, input) {
          const answer = await iam.read(operation, input)
          return 'RoleDetailList' in answer
            ? {
                ...answer,
                RoleDetailList: answer.RoleDetailList?.map((role) =>
                  role.RoleName === 'r' ? { ...role, AssumeRolePolicyDocument: document } : role,
                ),
              }
            : answer
        },
      }
      const { role } = (await observe(broken, ACCOUNT, OBSERVE_KINDS)).entities
      expect(role.get('r')?.trustPolicy).toEqual({ unknown, text: document, place: null })
      expect(knownJson(role.get('s')?.trustPolicy)).toEqual(TRUST)
    }
    await close()
  })
})
