import type { AwsManagedPolicies } from '../../src/iam/context.ts'
import { type IamReading, type IamWriting, openIam } from '../../src/iam/embedded-iam.ts'
import { IamError } from '../../src/iam/service-error.ts'
import type { WritableStore } from '../../src/iam/store-port.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import type { Account, PolicyDocument } from '../../src/model/index.ts'
import type { Quotas } from '../../src/model/quotas.ts'
import { fixedBytes } from '../fixed-seed.ts'
import { openWritable } from '../store/open-sqlite.ts'
import { TROUBLES, type TroubleName, withTrouble } from './faulty-account.ts'

export const ACCOUNT: Account = { id: '111122223333', partition: 'aws' }

const READ_ONLY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }],
}

/** Two of AWS's own policies, enough for what the IAM asks of the catalogue. */
export const AWS_POLICIES: AwsManagedPolicies = {
  has: (arn) => /^arn:aws:iam::aws:policy\/(?:ReadOnlyAccess|job-function\/Billing)$/.test(arn),
  document: (arn) => (AWS_POLICIES.has(arn) ? READ_ONLY : null),
  versionOf: (arn) => (AWS_POLICIES.has(arn) ? 'v7' : null),
}

interface OpenAccount {
  readonly iam: IamReading & IamWriting
  readonly store: WritableStore
  close(): Promise<void>
}

/** Set by `test/soak/whole-samples.mjs`: what goes wrong with all accounts. */
const EVERYWHERE = process.env.TEST_TROUBLE

/**
 * A new embedded IAM in memory; its clock starts at 2026-01-01 and ticks 1.5 s a call.
 * @param trouble what goes wrong with it; null: nothing
 */
export function openAccount(
  quotas: Partial<Quotas> = {},
  trouble: TroubleName | null = isTrouble(EVERYWHERE) ? EVERYWHERE : null,
): Promise<OpenAccount> {
  if (trouble !== null) return withTrouble(trouble, (parts) => openPlain(quotas, parts))
  let now = Date.UTC(2026, 0, 1)
  const clock = () => {
    now += 1500
    return now
  }
  return openPlain(quotas, { clock, randomBytes: fixedBytes })
}

const isTrouble = (name: string | undefined): name is TroubleName =>
  name !== undefined && Object.hasOwn(TROUBLES, name)

async function openPlain(
  quotas: Partial<Quotas>,
  world: { readonly clock: () => number; readonly randomBytes: (count: number) => Uint8Array },
): Promise<OpenAccount> {
  const store = await openWritable({ file: ':memory:', account: ACCOUNT })
  const iam = openIam({
    account: ACCOUNT,
    kinds: IAM_KINDS,
    store: store.iam,
    awsPolicies: AWS_POLICIES,
    quotas,
    ...world,
    passwordCost: 1,
  })
  return { iam, store: store.iam, close: () => store.close() }
}

/** The error that a call is refused with. */
export async function refusal(call: Promise<unknown>): Promise<IamError> {
  try {
    await call
  } catch (error) {
    if (error instanceof IamError) return error
    throw error
  }
  throw new Error('the call was not refused')
}

export const policyArn = (path: string): string => `arn:aws:iam::${ACCOUNT.id}:policy${path}`
