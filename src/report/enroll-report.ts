import { type Paint, printable } from './layout/paint.ts'

/** A virtual MFA device that somebody was to be given. Of its seed nothing is known here. */
export interface EnrolledDevice {
  readonly account: { readonly id: string; readonly name: string }
  readonly user: string
  readonly serialNumber: string
  /** `deleted`: it was made, and is no more. `left`: it is, or may be, there, and is nobody's. */
  readonly status: 'enabled' | 'deleted' | 'left'
}

export function enrollText({ account, user, serialNumber, status }: EnrolledDevice, paint: Paint): string {
  const device = printable(serialNumber)
  switch (status) {
    case 'enabled':
      return paint('added', `${device} is enabled for ${printable(user)} of ${printable(account.name)}`)
    case 'deleted':
      return `${device} was deleted again`
    case 'left':
      return paint('removed', `${device} is left`)
  }
}
