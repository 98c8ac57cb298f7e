import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { readCaller } from '../../src/target/aws/sdk-caller.ts'
import { openSdkIam } from '../../src/target/aws/sdk-iam.ts'

test('who takes a call and never answers is not waited for for ever, and may have carried it out', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const parts = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
    answersWithin: 100,
  }
  const iam = await openSdkIam(parts)
  const lost = { code: 'ServiceFailure', retryable: true, unanswered: true }
  try {
    await expect(iam.write('CreateUser', { UserName: 'ada' })).rejects.toMatchObject(lost)
    await expect(readCaller(parts)).rejects.toMatchObject(lost)
  } finally {
    iam.close()
    silent.close()
  }
}, 5000)
