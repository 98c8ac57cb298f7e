import { describe, expect, it } from 'vitest'
import { DiagnosticError, errorOf } from '../../src/diagnostics/index.ts'
import { IamError } from '../../src/iam/service-error.ts'
import type { LoginProfile } from '../../src/model/index.ts'
import { Secret } from '../../src/model/secret.ts'
import { type ApplyOptions, applyPlan } from '../../src/reconcile/apply-plan.ts'
import type { SecretSink } from '../../src/reconcile/secret-supply.ts'
import type { IamWriter } from '../../src/target/ports.ts'
import { type Blueprint, desiredOf } from '../arbitraries/state.ts'
import { applyOptions, converge, KILLED, Killed, planFor, type World, withWorld } from './world.ts'

const users = (...profiles: readonly (LoginProfile | null | undefined)[]): Blueprint => ({
  policies: {},
  groups: {},
  roles: {},
  users: Object.fromEntries(
    profiles.map((loginProfile, at) => [
      ['alice', 'bob'][at] ?? '',
      { path: '/', ...(loginProfile === undefined ? {} : { loginProfile }) },
    ]),
  ),
})
const RESET: LoginProfile = { passwordResetRequired: true }
const FREE: LoginProfile = { passwordResetRequired: false }
const operationsOf = ({ steps }: { readonly steps: readonly { readonly operation: string }[] }) =>
  steps.map(({ operation }) => operation)

describe('a login profile that is declared', () => {
  it('is made after all else of its user, and goes first of all of it', () =>
    withWorld(async (world) => {
      const granted: Blueprint = {
        ...users(),
        groups: { admins: { path: '/' } },
        users: { alice: { path: '/', groups: ['admins'], loginProfile: RESET } },
      }
      const made = await converge(world, desiredOf(granted))
      expect(operationsOf(made)).toEqual([
        'CreateGroup',
        'CreateUser',
        'AddUserToGroup',
        'CreateLoginProfile',
      ])
      const { plan } = planFor(desiredOf(users()), await world.observe(), {})
      expect(plan.changes.find(({ name }) => name === 'alice')?.details).toContainEqual({
        type: 'value',
        path: 'loginProfile',
        before: 'password, to be changed at the first sign-in',
        after: null,
      })
      expect(operationsOf(plan).indexOf('DeleteLoginProfile')).toBeLessThan(
        operationsOf(plan).indexOf('DeleteUser'),
      )
      await converge(world, desiredOf(users()))
    }))

  it.each<[string, LoginProfile | null | undefined, readonly string[]]>([
    ['as it is', RESET, []],
    ['without the change that was asked for', FREE, ['UpdateLoginProfile']],
    ['as none', null, ['DeleteLoginProfile']],
  ])('%s', (_, wanted, expected) =>
    withWorld(async (world) => {
      await converge(world, desiredOf(users(RESET)))
      expect(operationsOf(await converge(world, desiredOf(users(wanted))))).toEqual(expected)
      expect(operationsOf(await converge(world, desiredOf(users(wanted))))).toEqual([])
    }),
  )

  it('is not asked for another password again by somebody who has chosen one', () =>
    withWorld(async (world) => {
      await converge(world, desiredOf(users(RESET)))
      await world.iam.write('UpdateLoginProfile', { UserName: 'alice', PasswordResetRequired: false })
      expect(operationsOf(await converge(world, desiredOf(users(RESET))))).toEqual([])
    }))

  it('that is not any more goes if an apply declared it, and is shown if none did', () =>
    withWorld(async (world) => {
      await converge(world, desiredOf(users(FREE)))
      const none = desiredOf(users(undefined))
      const { plan: shown } = planFor(none, await world.observe(), {})
      expect([operationsOf(shown), shown.unmanaged]).toEqual([
        [],
        [
          {
            kind: 'user',
            name: 'alice',
            arn: 'arn:aws:iam::111122223333:user/alice',
            why: 'may sign in with a password: `loginProfile` is not declared',
          },
        ],
      ])
      const { plan } = planFor(none, await world.observe(), { 'user/alice': { loginProfile: ['=wanted'] } })
      expect(operationsOf(plan)).toEqual(['DeleteLoginProfile'])
    }))
})

interface Told {
  readonly of: string
  readonly value: string
  isWithdrawn: boolean
}

/** Applies what makes two passwords. @param write in place of the target's own */
async function delivered(
  world: World,
  write: (iam: IamWriter) => IamWriter['write'],
  take: (told: Told[], ...given: Parameters<SecretSink['take']>) => void = () => {},
) {
  const told: Told[] = []
  const sink: SecretSink = {
    objection: async () => null,
    take: async (made, value) => {
      take(told, made, value)
      const one = { of: made.of, value: value.reveal(), isWithdrawn: false }
      told.push(one)
      return {
        withdraw: async () => {
          one.isWithdrawn = true
          return true
        },
      }
    },
  }
  const { secrets, ...options } = applyOptions()
  if (secrets === undefined) throw new Error('no secrets')
  const withSink: ApplyOptions = { ...options, secrets: { ...secrets, sink } }
  const { plan } = planFor(desiredOf(users(RESET, FREE)), await world.observe(), {})
  const applying = applyPlan(plan, { write: write(world.iam) }, withSink)
  return { told, applied: await applying.catch((error: unknown) => error), plan }
}

const failing =
  (failure: () => Error, times = Number.POSITIVE_INFINITY) =>
  (iam: IamWriter): IamWriter['write'] => {
    let left = times
    return (operation, input) => {
      if (operation === 'CreateLoginProfile' && left-- > 0) return Promise.reject(failure())
      return iam.write(operation, input)
    }
  }

const asItIs = (iam: IamWriter): IamWriter['write'] => iam.write

describe('a first password', () => {
  it('is handed over before it comes into force, and is what the target was given', () =>
    withWorld(async (world) => {
      const given: string[] = []
      const { told } = await delivered(world, (iam) => (operation, input) => {
        const password: unknown = Reflect.get(input, 'Password')
        if (password instanceof Secret) given.push(password.reveal())
        return iam.write(operation, input)
      })
      expect(told.map(({ of }) => of)).toEqual(['user/alice', 'user/bob'])
      expect(given).toEqual(told.map(({ value }) => value))
    }))

  it('that nobody takes is never given to the target', () =>
    withWorld(async (world) => {
      const { applied } = await delivered(world, asItIs, (_, { of }) => {
        if (of === 'user/alice')
          throw new DiagnosticError(errorOf({ code: 'secret.program-failed', message: 'no room' }))
      })
      expect(applied).toMatchObject({
        results: expect.arrayContaining([
          expect.objectContaining({
            status: 'failed',
            error: { code: 'secret.program-failed', message: 'no room' },
          }),
        ]),
      })
      const { user } = (await world.observe()).entities
      expect([user.get('alice')?.loginProfile, user.get('bob')?.loginProfile]).toEqual([undefined, FREE])
    }))

  it.each<[string, () => Error, string, boolean]>([
    [
      'refused',
      () => new IamError('LimitExceeded', 'too many'),
      'too many; the secret that was handed over has been taken back',
      true,
    ],
    [
      'answered by nobody',
      () => new IamError('ServiceFailure', 'no answer'),
      'no answer; the secret that was handed over may be in force, or not',
      false,
    ],
    [
      'refused for what may be of an attempt before',
      () => new IamError('EntityAlreadyExists', 'is there'),
      'is there; the secret that was handed over may be in force, or not',
      false,
    ],
  ])('whose call is %s', (_, failure, message, isWithdrawn) =>
    withWorld(async (world) => {
      const { told, applied } = await delivered(world, failing(failure))
      expect(told.map((each) => each.isWithdrawn)).toEqual([isWithdrawn, isWithdrawn])
      expect(applied).toMatchObject({
        results: expect.arrayContaining([
          expect.objectContaining({ error: expect.objectContaining({ message }) }),
        ]),
      })
    }),
  )

  it('is made anew when an apply was killed after handing it over, so that it is never in force unknown', () =>
    withWorld(async (world) => {
      const first = await delivered(
        world,
        failing(() => new Killed()),
      )
      expect(first.applied).toMatchObject(KILLED)
      const { told } = await delivered(world, asItIs)
      expect(told.map(({ of }) => of)).toEqual(['user/alice', 'user/bob'])
      expect(told[0]?.value).not.toBe(first.told[0]?.value)
      expect(operationsOf(await converge(world, desiredOf(users(RESET, FREE))))).toEqual([])
    }))
})
