import { expect, it, vi } from 'vitest'
import type { Organization, OrganizationPolicy } from '../../../src/model/index.ts'
import { ACCOUNT } from '../account.ts'
import { openAuthorized, policyText, REQUEST, userCalling } from './world.ts'

const LARGE = Array.from({ length: 60 }, (_, number) => `arn:aws:s3:::bucket-${number}/*`)

/** Lets everything through, in some kilobytes. */
const large: OrganizationPolicy = {
  name: 'large',
  document: {
    json: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 's3:*', Resource: LARGE },
      ],
    },
    located: null,
  },
}
const organization: Organization = {
  id: 'o-1234567890',
  managementAccount: '999988887777',
  root: {
    kind: 'root',
    id: 'r-1',
    name: 'root',
    serviceControlPolicies: [large],
    resourceControlPolicies: [],
    children: [
      {
        kind: 'account',
        id: ACCOUNT.id,
        name: 'a',
        serviceControlPolicies: [large],
        resourceControlPolicies: [],
        children: [],
      },
    ],
  },
}

it('a call writes no policy anew that calls before it have brought', async () => {
  const { iam, authorize } = await openAuthorized(organization)
  await iam.write('CreateUser', { UserName: 'ada' })
  await iam.write('PutUserPolicy', {
    UserName: 'ada',
    PolicyName: 'own',
    PolicyDocument: policyText(
      { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
      { Effect: 'Allow', Action: 's3:*', Resource: LARGE.slice(0, 40) },
    ),
  })
  for (const name of ['ReadOnlyAccess', 'job-function/Billing'])
    await iam.write('AttachUserPolicy', { UserName: 'ada', PolicyArn: `arn:aws:iam::aws:policy/${name}` })
  const call = () =>
    authorize({ caller: userCalling('ada'), operation: 'GetUser', input: { UserName: 'ada' } })
  await call()
  const written = vi.spyOn(JSON, 'stringify')
  try {
    await call()
    const characters = written.mock.results.reduce((sum, { value }) => sum + String(value).length, 0)
    expect(characters).toBeLessThan(60)
  } finally {
    written.mockRestore()
  }
})

it('a call reads documents as often, however many policies there are', async () => {
  const { iam, authorizer, read } = await openAuthorized()
  await iam.write('CreateUser', { UserName: 'ada' })
  const call = {
    caller: userCalling('ada'),
    operation: 'GetUser',
    input: { UserName: 'ada' },
    request: REQUEST,
  }
  const queries = (): Promise<number> =>
    read(async (reading) => {
      const documents = vi.spyOn(reading.rows, 'documents')
      await authorizer.authorize(reading, call)
      const { length } = documents.mock.calls
      documents.mockRestore()
      return length
    })
  const attach = async (name: string) => {
    const PolicyDocument = policyText({ Sid: name, Effect: 'Allow', Action: 'iam:*', Resource: '*' })
    const { Policy } = await iam.write('CreatePolicy', { PolicyName: name, PolicyDocument })
    await iam.write('AttachUserPolicy', { UserName: 'ada', PolicyArn: Policy?.Arn ?? '' })
  }
  await attach('first')
  const ofOne = await queries()
  for (const name of ['second', 'third', 'fourth', 'fifth']) await attach(name)
  expect(await queries()).toBe(ofOne)
})
