import { expect, it } from 'vitest'
import { openAccount } from '../iam/account.ts'

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'done',
    (error: { code: unknown }) => error.code,
  )

it('the embedded IAM makes, lists, resets and deletes service-specific credentials, and refuses what AWS does', async () => {
  const { iam, close } = await openAccount()
  const UserName = 'ada'
  await iam.write('CreateUser', { UserName })
  await iam.write('CreateUser', { UserName: 'bob' })
  const create = (ServiceName: string, name = UserName) =>
    iam.write('CreateServiceSpecificCredential', { UserName: name, ServiceName })
  expect(await codeOf(create('s3.amazonaws.com'))).toBe('NotSupportedService')
  expect(await codeOf(create('codecommit.amazonaws.com', 'nobody'))).toBe('NoSuchEntity')
  const { ServiceSpecificCredential: first } = await create('codecommit.amazonaws.com')
  expect(first).toMatchObject({
    UserName,
    Status: 'Active',
    ServiceName: 'codecommit.amazonaws.com',
    ServiceUserName: 'ada-at-111122223333',
    ServicePassword: expect.stringMatching(/^[\w+/]{43}=$/),
    ServiceSpecificCredentialId: expect.stringMatching(/^ACCA[A-Z2-7]{17}$/),
  })
  const { ServiceSpecificCredential: second } = await create('codecommit.amazonaws.com')
  expect(second?.ServiceUserName).toBe('ada+1-at-111122223333')
  expect(await codeOf(create('codecommit.amazonaws.com'))).toBe('LimitExceeded')
  expect(await codeOf(create('cassandra.amazonaws.com'))).toBe('done')
  await create('codecommit.amazonaws.com', 'bob')
  const listed = async (input: object) =>
    (await iam.read('ListServiceSpecificCredentials', input)).ServiceSpecificCredentials ?? []
  expect(await listed({ UserName })).toHaveLength(3)
  expect(await listed({ UserName, ServiceName: 'cassandra.amazonaws.com' })).toHaveLength(1)
  expect(await listed({ AllUsers: true })).toHaveLength(4)
  expect(JSON.stringify(await listed({ AllUsers: true }))).not.toContain('Password')
  const ServiceSpecificCredentialId = first?.ServiceSpecificCredentialId
  const of = { UserName, ServiceSpecificCredentialId }
  await iam.write('UpdateServiceSpecificCredential', { ...of, Status: 'Inactive' })
  const { ServiceSpecificCredential: reset } = await iam.write('ResetServiceSpecificCredential', of)
  expect(reset).toMatchObject({ Status: 'Inactive', ServiceUserName: 'ada-at-111122223333' })
  expect(reset?.ServicePassword).not.toBe(first?.ServicePassword)
  await iam.write('DeleteServiceSpecificCredential', of)
  for (const operation of ['DeleteServiceSpecificCredential', 'ResetServiceSpecificCredential'] as const)
    expect(await codeOf(iam.write(operation, of))).toBe('NoSuchEntity')
  const again = await create('codecommit.amazonaws.com')
  expect(again.ServiceSpecificCredential?.ServiceUserName).toBe('ada-at-111122223333')
  // IAM API Reference, CreateServiceSpecificCredential: of these two alone it is a key, which may end by itself.
  const key = (CredentialAgeDays?: number, ServiceName = 'bedrock.amazonaws.com') =>
    iam.write('CreateServiceSpecificCredential', {
      UserName,
      ServiceName,
      ...(CredentialAgeDays === undefined ? {} : { CredentialAgeDays }),
    })
  for (const age of [0, 36_601, 1.5]) expect(await codeOf(key(age))).toBe('ValidationError')
  expect(await codeOf(key(1, 'codecommit.amazonaws.com'))).toBe('ValidationError')
  const { ServiceSpecificCredential: model } = await key(30)
  expect(model).toMatchObject({
    ServiceCredentialAlias: 'ada-at-111122223333',
    ServiceCredentialSecret: expect.stringMatching(/^[\w+/]{43}=$/),
    ExpirationDate: new Date(Number(model?.CreateDate) + 30 * 86_400_000),
  })
  for (const none of ['ServiceUserName', 'ServicePassword']) expect(model).not.toHaveProperty(none)
  const logs = await key(undefined, 'logs.amazonaws.com')
  expect(logs.ServiceSpecificCredential).not.toHaveProperty('ExpirationDate')
  await close()
})
