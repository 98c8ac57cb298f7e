import type { Caller } from '../../iam/caller.ts'
import type { ServiceName } from '../protocol/shapes.ts'
import type { SigningCredential } from '../signature/verify.ts'

/** Whence a call comes, and how. */
export interface CallOrigin {
  /** When it came, in milliseconds since the epoch. */
  readonly now: number
  readonly sourceIp: string
  /** By TLS. */
  readonly isSecure: boolean
  /** That its signature is for. */
  readonly region: string
  readonly userAgent: string | null
}

/** A call whose caller is known. */
interface AskedCall {
  readonly service: ServiceName
  readonly operation: string
  readonly input: object
  readonly caller: Caller
  readonly from: CallOrigin
}

/** What carries out the operations of one service. */
export interface Operations {
  readonly names: ReadonlySet<string>
  /** Who may call it without a signature. */
  readonly unsigned: ReadonlySet<string>
  /** @param caller null: of an operation that is called unsigned. @throws IamError */
  call(operation: string, input: object, caller: Caller | null, from: CallOrigin): Promise<object>
}

/** What an account's API is made of. */
export interface ApiParts {
  readonly services: Readonly<Record<ServiceName, Operations>>
  /** @param sessionToken null: the request has none */
  credentialOf(
    accessKeyId: string,
    sessionToken: string | null,
    now: number,
  ): Promise<SigningCredential<Caller> | null>
  /** @throws IamError AccessDenied */
  authorize(call: AskedCall): Promise<void>
  /** Told of whoever has signed, before it is known whether they may. Nobody waits for it. */
  noteUse(call: AskedCall): void
  /** @returns false: this key has called too often of late */
  admits(accessKeyId: string, now: number): boolean
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly requestId: () => string
  /** Told of each call once it was answered. */
  readonly told: (call: AnsweredCall) => void
}

/** A call and what became of it. Of its input only who may read secrets is told. */
export interface AnsweredCall {
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly time: number
  /** Milliseconds. */
  readonly took: number
  /** null: it named none that there is. */
  readonly service: ServiceName | null
  readonly operation: string | null
  readonly caller: Caller | null
  /** The key that it says it is signed with, whether or not it is; null: it says none. */
  readonly claimedKeyId: string | null
  /** A service of AWS that called by itself; absent: none did. */
  readonly invokedBy?: string
  /** With secrets as `Secret`. */
  readonly input: object | null
  /** Of a call that was carried out. */
  readonly answer: object | null
  readonly status: number
  /** null: it was carried out. */
  readonly error: { readonly code: string; readonly message: string } | null
  /** A failure of ours. */
  readonly failure: unknown
  readonly sourceIp: string
  readonly isSecure: boolean
  readonly region: string | null
  readonly userAgent: string | null
}
