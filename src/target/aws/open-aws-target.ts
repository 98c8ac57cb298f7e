import { setTimeout as sleep } from 'node:timers/promises'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { IamError } from '../../iam/service-error.ts'
import type { Account } from '../../model/index.ts'
import type { WritableTarget } from '../ports.ts'
import { type EnvironmentCredentials, environmentCredentials } from './credentials.ts'
import { explainAws, noAnswer } from './explain.ts'
import { NO_JOURNAL } from './no-journal.ts'
import { readCaller, type SdkCaller } from './sdk-caller.ts'
import { openSdkIam, type SdkParts } from './sdk-iam.ts'

interface AwsTargetParts {
  readonly account: Account
  readonly endpoint: string
  readonly region: string
  readonly environment: EnvironmentCredentials
}

/**
 * Opens the account of whatever answers at an endpoint, once it is certain that it is this one.
 * @throws DiagnosticError `aws.…`
 */
export async function openAwsTarget(parts: AwsTargetParts): Promise<WritableTarget> {
  const { account, endpoint, region, environment } = parts
  const sdk: SdkParts = { region, endpoint, credentials: environmentCredentials(environment) }
  const caller = await callerIn(account, endpoint, sdk)
  const iam = await openSdkIam(sdk)
  return {
    iam: { read: iam.read, write: iam.write },
    journal: NO_JOURNAL,
    explain: (error) => explainAws(error, endpoint, caller),
    caller: async () => caller,
    close: async () => iam.close(),
  }
}

/** Milliseconds between attempts: of an address that is wrong it is to be said soon. */
const PAUSES = [100, 400]

/** @throws IamError; DiagnosticError `aws.no-sdk` */
async function callerOf(sdk: SdkParts): Promise<SdkCaller> {
  for (const pause of PAUSES)
    try {
      return await readCaller(sdk)
    } catch (error) {
      const mayPass = error instanceof IamError && (error.unanswered || error.code === 'Throttling')
      if (!mayPass) throw error
      await sleep(pause)
    }
  return readCaller(sdk)
}

/** INVARIANT: nothing is asked of, or done to, an account that isn't the project's. @throws DiagnosticError */
async function callerIn({ id, partition }: Account, endpoint: string, sdk: SdkParts): Promise<string> {
  const { account, arn } = await callerOf(sdk).catch((error: unknown) => {
    throw explainAws(error, endpoint, null)
  })
  if (account === null || arn === null || !/^\d{12}$/.test(account))
    throw new DiagnosticError(noAnswer(endpoint, 'it names nobody whom the credentials are of'))
  const actual = arn.split(':')[1] ?? ''
  if (account === id && actual === partition) return arn
  const [is, wanted] =
    account === id ? [`partition \`${actual}\``, `\`${partition}\``] : [`account \`${account}\``, `\`${id}\``]
  throw new DiagnosticError(
    errorOf({
      code: 'aws.wrong-account',
      message: `at \`${endpoint}\` the credentials are of ${is}, and the project's is ${wanted}; nothing was read or written`,
      help: `use credentials of account \`${id}\` of \`${partition}\`, or mend its \`id\`, \`partition\` or \`target.endpoint\` in iam-sync.yaml`,
    }),
  )
}
