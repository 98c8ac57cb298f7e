import { randomBytes } from 'node:crypto'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { Invocation, Said } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { catchInterrupts } from '../planning/interrupts.ts'
import { eventLine } from '../serving/call-log.ts'
import { openEphemeral } from '../serving/ephemeral-account.ts'
import { type OpenedAccount, openOfProject } from '../serving/opened-account.ts'
import { openProviderKeys } from '../serving/provider-keys.ts'
import { endpointOf, serveAccount } from '../serving/serve-account.ts'
import { readServeOptions, type ServeOptions } from '../serving/serve-options.ts'

/** How long what is under way may still take, in milliseconds. */
const GRACE = 10_000
const REGION = 'us-east-1'

export async function run(invocation: Invocation): Promise<Said> {
  const { streams, flags } = invocation
  const options = readServeOptions(flags)
  const log = (line: object) => streams.err(`${JSON.stringify(line)}\n`)
  const keys = openProviderKeys(options.providerKeys)
  const opened = options.isEphemeral
    ? await openEphemeral({ providerKeys: keys, propagationDelay: options.propagationDelay })
    : await openOfProject(invocation, keys, options)
  const interrupts = catchInterrupts(streams, null)
  try {
    const rootKey = await firstRootKey(opened, options)
    const bearer = opened.reset === null ? null : randomBytes(24).toString('base64url')
    const listening = await serveAccount(opened, options, bearer, log)
    const endpoint = endpointOf(listening, options)
    streams.out(
      `${JSON.stringify({
        endpoint,
        accountId: opened.account.id,
        region: REGION,
        ...(listening.imdsPort === null ? {} : { imds: `http://127.0.0.1:${listening.imdsPort}` }),
        ...(rootKey === null ? {} : rootKey),
        ...(bearer === null ? {} : { bearerToken: bearer }),
      })}\n`,
    )
    log(
      eventLine('info', 'serving', { endpoint, account: opened.account.id, ephemeral: options.isEphemeral }),
    )
    await aborted(interrupts.signal)
    await listening.stop(GRACE)
    log(eventLine('info', 'stopped'))
  } finally {
    await opened.close()
    interrupts.end()
  }
  return { said: 'everything', exitCode: EXIT.ok }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

/** @returns what is shown this once; null: there is nothing new */
async function firstRootKey(opened: OpenedAccount, { bootstrap, isEphemeral }: ServeOptions) {
  const { keys } = opened.current()
  if (bootstrap === 'none' && !isEphemeral) return null
  if (bootstrap === 'first' && (await keys.hasRootKey()))
    throw new DiagnosticError(
      errorOf({
        code: 'serve.has-root-key',
        message: 'the account has a root key already, which was shown when it was made',
        help: 'serve it without `--bootstrap`, or have another key made in its place with `--replace-root-key`',
      }),
    )
  return keys.makeRootKey(Date.now(), randomBytes)
}
