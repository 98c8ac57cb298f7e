import { openSdkIam } from '../../src/target/aws/sdk-iam.ts'
import { describeIamContract } from '../iam/contract/iam-contract.ts'
import { served } from '../server/http/served.ts'

describeIamContract('AWS’s client, over HTTP', async () => {
  const server = await served()
  const iam = await openSdkIam({ region: 'us-east-1', endpoint: server.endpoint, credentials: server.root })
  return {
    account: server.opened.account,
    iam,
    wire: 'texts',
    close: async () => {
      iam.close()
      await server.stop()
    },
  }
})
