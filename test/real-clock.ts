/**
 * The time of day, for what a real server or client holds against its own clock: codes of a device, assertions, signatures. Nothing is
 * measured by it, and nothing that a test expects hangs on how fast a machine is.
 */
export const now = (): number => Date.now()
