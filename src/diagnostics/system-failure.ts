/** A call of the operating system that was refused. */
interface SystemFailure {
  /** `ENOSPC`. */
  readonly code: string
  /** What the system calls that: `no space left on device`. */
  readonly text: string
  /** `open`. */
  readonly call: string
}

/** What the operating system said of a call; null: the error is none of its. @see Node.js, "Errors": class SystemError */
export function systemFailure(error: unknown): SystemFailure | null {
  if (!(error instanceof Error)) return null
  const { code, errno, syscall } = error as {
    readonly code?: unknown
    readonly errno?: unknown
    readonly syscall?: unknown
  }
  if (typeof code !== 'string' || typeof errno !== 'number' || typeof syscall !== 'string') return null
  // `EFBIG: file too large, write`
  return { code, text: /^[A-Z0-9]+: ([^,]+),/.exec(error.message)?.[1] ?? code, call: syscall }
}
