/** What the process ends with. @see docs: exit codes of every command */
export const EXIT = {
  ok: 0,
  error: 1,
  changes: 2,
  denied: 2,
  refused: 3,
  testFailed: 4,
  conflict: 5,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Where several codes apply, the first of these is the one. A signal comes before all of them. */
const ORDER: readonly ExitCode[] = [130, 143, 1, 5, 3, 4, 2, 0]

export const exitCodeOf = (codes: Iterable<ExitCode>): ExitCode => {
  const all = new Set(codes)
  return ORDER.find((code) => all.has(code)) ?? EXIT.ok
}
