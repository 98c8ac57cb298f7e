// What a call means of which no answer came that is one of IAM: whether it may have been carried out.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openSdkIam } from '../../src/target/aws/sdk-iam.ts'

const ERROR = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`
const PAGE = '<html><body>welcome</body></html>'
const BROKEN_PAGE = '<html><body>bad gateway<br></body></html>'
const MAYBE = { code: 'ServiceFailure', retryable: true, unanswered: true }
const REFUSED = { code: 'ServiceFailure', retryable: false, unanswered: false }
const THROTTLED = { code: 'Throttling', retryable: true, unanswered: false }

const CASES: readonly (readonly [status: number, body: string, is: object])[] = [
  [500, ERROR('InternalFailure'), MAYBE],
  [503, ERROR('ServiceUnavailable'), MAYBE],
  [500, PAGE, MAYBE],
  [502, BROKEN_PAGE, MAYBE],
  [504, '', MAYBE],
  [200, PAGE, MAYBE],
  [200, BROKEN_PAGE, MAYBE],
  [200, '{"ok":true}', MAYBE],
  [200, '', MAYBE],
  [200, '<GetUserResponse/>', MAYBE],
  [403, BROKEN_PAGE, REFUSED],
  [400, ERROR('Throttling'), THROTTLED],
  [503, ERROR('Throttling'), THROTTLED],
  [429, BROKEN_PAGE, THROTTLED],
]

test.each(CASES)('%i, %j', async (status, body, is) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status, { 'content-type': 'text/html' }).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const iam = await openSdkIam({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  })
  try {
    await expect(iam.read('GetAccountAuthorizationDetails', {})).rejects.toMatchObject(is)
    await expect(iam.read('ListUserTags', { UserName: 'ada' })).rejects.toMatchObject(is)
    await expect(iam.write('CreateUser', { UserName: 'ada' })).rejects.toMatchObject(is)
    // One that answers nothing.
    await expect(iam.write('AddUserToGroup', { UserName: 'ada', GroupName: 'g' })).rejects.toMatchObject(is)
  } finally {
    iam.close()
    server.close()
  }
})

test('an answer of IAM is one, with a declaration of XML and without', async () => {
  const answers = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<AddUserToGroupResponse xmlns="x"/>',
    '<AddUserToGroupResponse></AddUserToGroupResponse>',
  ]
  for (const body of answers) {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const iam = await openSdkIam({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    })
    await iam.write('AddUserToGroup', { UserName: 'ada', GroupName: 'g' })
    iam.close()
    server.close()
  }
})
