import { fileURLToPath } from 'node:url'
import { CreateUserCommand, IAMClient, ListGroupsForUserCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { startIam } from 'iam-sync/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openOnboarding } from '../src/onboarding.js'

let iam
let root
let service

beforeAll(async () => {
  iam = await startIam({ project: fileURLToPath(new URL('../iam', import.meta.url)) })
  const { endpoint, region, credentials } = iam
  root = new IAMClient({ endpoint, region, credentials })
})
afterAll(() => iam.stop())

// Each test begins with the account as it is declared.
beforeEach(async () => {
  await iam.reset()
  const { endpoint, region } = iam
  service = { endpoint, region, credentials: await iam.credentialsOf('onboarding-service') }
})

const colleagues = async () => {
  const { Users } = await root.send(new ListUsersCommand({}))
  return Users.map(({ UserName }) => UserName).filter((name) => name !== 'onboarding-service')
}

test('a new colleague has a user in the team', async () => {
  const { onboard } = await openOnboarding(service)
  expect(await onboard('ada', 'engineering')).toBe('arn:aws:iam::111122223333:user/engineering/ada')
  const { Groups } = await root.send(new ListGroupsForUserCommand({ UserName: 'ada' }))
  expect(Groups.map(({ GroupName }) => GroupName)).toEqual(['engineering'])
})

test('nobody is made an administrator, and nobody is left behind', async () => {
  const { onboard } = await openOnboarding(service)
  await expect(onboard('eve', 'admins')).rejects.toThrow('not authorized to perform: iam:CreateUser')
  expect(await colleagues()).toEqual([])
})

test('the service can make nobody without the boundary', async () => {
  const opened = await openOnboarding(service)
  const unbounded = new CreateUserCommand({ UserName: 'eve', Path: '/support/' })
  await expect(opened.iam.send(unbounded)).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('no colleague comes by the role of the service', async () => {
  const { onboard } = await openOnboarding(service)
  await onboard('ada', 'engineering')
  const { endpoint, region } = iam
  const ada = new STSClient({ endpoint, region, credentials: await iam.credentialsOf('ada') })
  const role = { RoleArn: 'arn:aws:iam::111122223333:role/onboarding', RoleSessionName: 'ada' }
  await expect(ada.send(new AssumeRoleCommand(role))).rejects.toMatchObject({ name: 'AccessDenied' })
})
