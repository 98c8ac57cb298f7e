import type { AnsweredCall } from '../../server/calls/ports.ts'

/** A line of the log for one call: who, what, from where, what came of it. Nothing of its input or answer. */
export const callLine = (call: AnsweredCall): object => ({
  time: new Date(call.time).toISOString(),
  level: call.failure === null ? 'info' : 'error',
  event: 'call',
  requestId: call.requestId,
  service: call.service,
  operation: call.operation,
  status: call.status,
  error: call.error?.code ?? null,
  milliseconds: call.took,
  caller: call.caller?.kind ?? null,
  accessKeyId: call.caller?.accessKeyId ?? null,
  sourceIp: call.sourceIp,
  userAgent: call.userAgent?.slice(0, 200) ?? null,
  ...(call.failure === null ? {} : { failure: failureText(call.failure) }),
})

export const eventLine = (level: 'info' | 'error', event: string, more: object = {}): object => ({
  time: new Date().toISOString(),
  level,
  event,
  ...more,
})

/** The message alone may quote what was given. */
export const failureText = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${(error.stack ?? '').split('\n').slice(1, 6).join(' ').trim()}`
    : 'unknown'
