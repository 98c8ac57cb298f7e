import { DiagnosticError } from '../diagnostics/index.ts'
import { IamError } from '../iam/service-error.ts'
import { Secret } from '../model/secret.ts'
import type { IamReader, IamWriter } from '../target/ports.ts'
import { given } from './api-values.ts'
import { FailedAttempts, makeCall } from './make-call.ts'
import { readPages } from './pages.ts'
import type { Pauses } from './retries.ts'
import { type ToldError, toldOf } from './told-of.ts'

/** A virtual MFA device that is to be somebody's. */
interface DeviceToEnroll {
  readonly iam: IamReader & IamWriter
  readonly userName: string
  readonly deviceName: string
  /** What its ARN will be. */
  readonly serial: string
}

interface EnrollPorts extends Pauses {
  /** Shows the seed to whoever holds the device, and to nobody else. */
  readonly show: (seed: Secret) => Promise<void>
  /** Two codes that follow each other; null: nobody answers any more. */
  readonly ask: () => Promise<readonly [string, string] | null>
  /** They were not the device's, and it is asked for them again. */
  readonly wrong: () => void
}

/** Why a device that was made is nobody's. */
export type NotEnabled = 'wrong-codes' | 'no-answer' | ToldError

export type Enrolled =
  | { readonly status: 'enabled' }
  /** Nothing is there that was not there before. */
  | { readonly status: 'not-made'; readonly error: ToldError }
  | { readonly status: 'deleted'; readonly why: NotEnabled }
  /** It is, or may be, there still. */
  | { readonly status: 'left'; readonly why: NotEnabled; readonly error: ToldError }

const MOST_ATTEMPTS = 3

/** Makes a device, shows its seed, and gives it to the user once two codes have come from it; else it is deleted again, whatever came between. */
export async function enrollDevice(device: DeviceToEnroll, ports: EnrollPorts): Promise<Enrolled> {
  const { iam, deviceName: VirtualMFADeviceName, serial } = device
  let wasThere = true
  let made: Awaited<ReturnType<typeof iam.write<'CreateVirtualMFADevice'>>>
  try {
    wasThere = (await devicesThere(iam)).includes(serial)
    made = await iam.write('CreateVirtualMFADevice', { VirtualMFADeviceName })
  } catch (error) {
    const told = toldOf(error)
    // No answer came: what may have been made has a seed that nobody was told.
    return error instanceof IamError && error.unanswered && !wasThere
      ? takenBack(device, told, false, ports)
      : { status: 'not-made', error: told }
  }
  try {
    await ports.show(seedIn(made.VirtualMFADevice?.Base32StringSeed))
    const end = await enable(device, ports)
    return end === 'enabled' ? { status: 'enabled' } : await takenBack(device, end, false, ports)
  } catch (error) {
    const maybeDone = error instanceof FailedAttempts && error.maybeDone
    const isTold = [FailedAttempts, DiagnosticError, IamError].some((type) => error instanceof type)
    const end = await takenBack(device, isTold ? toldOf(error) : DEFECT, maybeDone, ports)
    // Of a defect is more to be said than that nothing came of it, but not that something is left.
    if (!isTold && end.status === 'deleted') throw error
    return end
  }
}

const DEFECT: ToldError = { code: 'internal', message: 'this is a defect of iam-sync' }

/** A device whose seed the answer left out is of no use. @throws IamError */
const seedIn = (bytes: Uint8Array | undefined): Secret =>
  new Secret(given(bytes === undefined ? undefined : new TextDecoder().decode(bytes)))

/** @throws FailedAttempts */
async function enable(
  { iam, userName: UserName, serial: SerialNumber }: DeviceToEnroll,
  ports: EnrollPorts,
): Promise<'enabled' | 'wrong-codes' | 'no-answer'> {
  for (let left = MOST_ATTEMPTS - 1; left >= 0; left--) {
    const codes = await ports.ask()
    if (codes === null) return 'no-answer'
    if (codes.every((code) => /^\d{6}$/.test(code)))
      try {
        const [AuthenticationCode1, AuthenticationCode2] = codes
        const input = { UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }
        await makeCall(
          { operation: 'EnableMFADevice', input, secrets: [] },
          {
            ...ports,
            writer: iam,
            needsOwnWork: true,
            lookFor: async () => (await devicesOf(iam, UserName)).includes(SerialNumber),
          },
        )
        return 'enabled'
      } catch (error) {
        if (!isWrongCode(error)) throw error
      }
    if (left > 0) ports.wrong()
  }
  return 'wrong-codes'
}

const isWrongCode = (error: unknown): boolean =>
  error instanceof FailedAttempts &&
  error.cause instanceof IamError &&
  error.cause.code === 'InvalidAuthenticationCode'

/**
 * Deletes what was made.
 * @param maybeEnabled whether it may be the user's by now
 */
async function takenBack(
  { iam, userName: UserName, serial: SerialNumber }: DeviceToEnroll,
  why: NotEnabled,
  maybeEnabled: boolean,
  ports: EnrollPorts,
): Promise<Extract<Enrolled, { readonly status: 'deleted' | 'left' }>> {
  // Whoever interrupts an enrolment wants nothing of it to stay.
  const { signal } = new AbortController()
  const caller = { ...ports, signal, writer: iam, needsOwnWork: true, lookFor: () => null }
  try {
    if (maybeEnabled) {
      const input = { UserName, SerialNumber }
      await makeCall({ operation: 'DeactivateMFADevice', input, secrets: [] }, caller)
    }
    await makeCall({ operation: 'DeleteVirtualMFADevice', input: { SerialNumber }, secrets: [] }, caller)
    return { status: 'deleted', why }
  } catch (error) {
    return { status: 'left', why, error: error instanceof FailedAttempts ? toldOf(error) : DEFECT }
  }
}

/** Serial numbers of all virtual devices, whosever they are. */
async function devicesThere(iam: IamReader): Promise<readonly string[]> {
  const pages = await readPages((page) => iam.read('ListVirtualMFADevices', page))
  return pages.flatMap(({ VirtualMFADevices = [] }) =>
    VirtualMFADevices.map(({ SerialNumber }) => given(SerialNumber)),
  )
}

/** Serial numbers of the devices that a user has. @throws IamError */
export async function devicesOf(iam: IamReader, UserName: string): Promise<readonly string[]> {
  const pages = await readPages((page) => iam.read('ListMFADevices', { UserName, ...page }))
  return pages.flatMap(({ MFADevices = [] }) => MFADevices.map(({ SerialNumber }) => given(SerialNumber)))
}
