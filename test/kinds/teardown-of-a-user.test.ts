import { expect, it } from 'vitest'
import { totpCode } from '../../src/credentials/totp.ts'
import { CHILD_KINDS } from '../../src/model/index.ts'
import { failingAt, Killed } from '../reconcile/world.ts'
import { CERTIFICATES } from './certificates.ts'
import { converge, intentOf, NOTHING, planIn, withListed } from './listed.ts'
import { SSH_KEYS } from './ssh-keys.ts'
import type { ToyWorld } from './toy/world.ts'

const UserName = 'ada'
const STEP = Math.floor(Date.UTC(2026, 0, 1) / 30_000)
const document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
}

/** A user with all that one may have: of what can't be declared, as people and services make it. */
async function makeAda({ iam }: Pick<ToyWorld, 'iam'>): Promise<void> {
  const { VirtualMFADevice } = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })
  const seed = new TextDecoder().decode(VirtualMFADevice?.Base32StringSeed)
  await iam.write('EnableMFADevice', {
    UserName,
    SerialNumber: VirtualMFADevice?.SerialNumber,
    AuthenticationCode1: totpCode(seed, STEP),
    AuthenticationCode2: totpCode(seed, STEP + 1),
  })
  await iam.write('CreateServiceSpecificCredential', { UserName, ServiceName: 'codecommit.amazonaws.com' })
}

const WHOLE = intentOf({
  policies: { read: { document } },
  groups: { staff: {} },
  users: {
    ada: {
      groups: ['staff'],
      managedPolicies: ['read'],
      inlinePolicies: { own: document },
      permissionsBoundary: 'read',
      tags: { team: 'a' },
      accessKeys: { ci: {}, deploy: {} },
      sshPublicKeys: { laptop: { body: SSH_KEYS[0] } },
      signingCertificates: { batch: { body: CERTIFICATES[0] } },
    },
  },
})
const REST = intentOf({ policies: { read: { document } }, groups: { staff: {} } })

it('a user with all that one may have goes in one apply, each step in the plan, with what is lost', () =>
  withListed(async (world) => {
    await converge(world, WHOLE)
    await makeAda(world)
    const { plan } = await planIn(world, REST)
    const lost = plan.changes.map(({ action, kind, name, details }) => [
      `${action} ${kind} ${name.replace(/\/[A-Z0-9]{15,}$/, '/ID')}`,
      details.map(({ path }) => path),
    ])
    expect(Object.fromEntries(lost)).toEqual({
      'delete accessKey ada/ID': ['keyId', 'status', 'lastUsed'],
      'delete sshPublicKey ada/ID': ['fingerprint', 'status'],
      'delete signingCertificate ada/ID': ['fingerprint', 'status'],
      'delete serviceSpecificCredential ada/ID': ['credential', 'status'],
      'delete mfaDevice ada/arn:aws:iam::111122223333:mfa/phone': ['serialNumber', 'status'],
      'delete user ada': [
        'groups',
        'managedPolicies',
        'permissionsBoundary',
        'inlinePolicies.own',
        'tags.team',
      ],
    })
    const steps = plan.steps.map(({ operation }) => operation)
    expect(steps.at(-1)).toBe('DeleteUser')
    expect(steps.indexOf('DeleteVirtualMFADevice')).toBeGreaterThan(steps.indexOf('DeactivateMFADevice'))
    expect(steps.toSorted()).toEqual(
      [
        'DeactivateMFADevice',
        'DeleteAccessKey',
        'DeleteAccessKey',
        'DeleteSSHPublicKey',
        'DeleteServiceSpecificCredential',
        'DeleteSigningCertificate',
        'DeleteUser',
        'DeleteUserPolicy',
        'DeleteVirtualMFADevice',
        'DetachUserPolicy',
        'RemoveUserFromGroup',
      ].toSorted(),
    )
    expect(plan.steps.at(-1)?.needs).toHaveLength(plan.steps.length - 1)
    expect(CHILD_KINDS.every((kind) => plan.changes.some((change) => change.kind === kind))).toBe(true)
    await converge(world, REST)
    const { VirtualMFADevices } = await world.iam.read('ListVirtualMFADevices', {})
    expect(VirtualMFADevices).toEqual([])
    expect((await world.observe()).entities.user.size).toBe(0)
  }))

it('an apply of it that was killed at any call is another starting point', async () => {
  for (let number = 0; number < 11; number++)
    await withListed(async (world) => {
      await converge(world, WHOLE)
      await makeAda(world)
      const writer = failingAt(world.iam, number, () => new Killed())
      await expect(converge(world, NOTHING, {}, writer)).rejects.toThrow(Killed)
      await converge(world, NOTHING)
      expect((await world.observe()).entities.user.size).toBe(0)
      const { VirtualMFADevices } = await world.iam.read('ListVirtualMFADevices', {})
      expect(VirtualMFADevices, `killed at call ${number}`).toEqual([])
    })
})

it('the target refuses to delete a user as long as anything is there, in the words of AWS', () =>
  withListed(async (world) => {
    await converge(world, intentOf({ users: { ada: { sshPublicKeys: { a: { body: SSH_KEYS[0] } } } } }))
    await makeAda(world)
    const { plan } = await planIn(world, NOTHING)
    for (const { operation, input } of plan.steps.slice(0, -1)) {
      await expect(world.iam.write('DeleteUser', { UserName })).rejects.toMatchObject({
        code: 'DeleteConflict',
      })
      await world.iam.write(operation, input as never)
    }
    await world.iam.write('DeleteUser', { UserName })
  }))
