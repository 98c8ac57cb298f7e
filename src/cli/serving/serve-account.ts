import { randomUUID } from 'node:crypto'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { exportedRecord } from '../../iam/audit/exported-record.ts'
import type { ReceivedRequest } from '../../server/calls/answer-call.ts'
import type { AnsweredCall, ApiParts } from '../../server/calls/ports.ts'
import { RateLimit } from '../../server/calls/rate-limit.ts'
import { type Listening, type ListeningParts, listen } from '../../server/http/listen.ts'
import { Metrics } from '../../server/http/metrics.ts'
import { answerRequest, refuseRequest } from '../../server/http/routes.ts'
import { callLine, eventLine, failureText } from './call-log.ts'
import type { OpenedAccount } from './opened-account.ts'
import { type MetadataOptions, serveMetadata } from './serve-metadata.ts'
import type { ServeOptions } from './serve-options.ts'
import { servedApi } from './served-api.ts'
import { openAudit } from './served-audit.ts'
import { anyRegion, byRegion, type ServedPartitions, type ServedUnit } from './served-partitions.ts'

/** Where, and how often. */
type Serving = Pick<ServeOptions, 'host' | 'port' | 'tls' | 'rate'> & {
  /** Absent: no. */
  readonly partitionFromRegion?: boolean
  /** Absent or null: no instance metadata is served. */
  readonly imds?: MetadataOptions | null
}

interface ServingAccount extends Listening {
  /** Of the instance metadata; null: none is served. */
  readonly imdsPort: number | null
}

/** Serves an account on one port. @throws DiagnosticError `serve.…` */
export async function serveAccount(
  opened: OpenedAccount,
  options: Serving,
  bearer: string | null,
  log: (line: object) => void,
): Promise<ServingAccount> {
  const metrics = new Metrics()
  const limit = options.rate === null ? null : new RateLimit(options.rate)
  const unitOf = async (account: OpenedAccount): Promise<ServedUnit> => {
    const audit = await openAudit(account, log)
    const told = (call: AnsweredCall) => {
      metrics.count(call)
      audit.told(call)
      log(callLine(call))
    }
    return { opened: account, audit, api: apiOf(account, limit, log, told) }
  }
  const main = await unitOf(opened)
  const served = options.partitionFromRegion === true ? byRegion(main, unitOf) : anyRegion(main)
  const routes = {
    metrics,
    gauges: () => ({ process_resident_memory_bytes: process.memoryUsage.rss(), ...main.audit.gauges() }),
    isReady: async () => {
      try {
        return await opened.current().store.read(async () => true)
      } catch {
        return false
      }
    },
    ...ownerRoutes(opened, served, bearer),
  }
  const parts: ListeningParts = {
    ...options,
    answer: async (request: ReceivedRequest) =>
      answerRequest({ ...routes, api: await served.apiFor(request) }, request),
    refuse: (status, code, message) => refuseRequest(main.api(), status, code, message),
  }
  const listening = await listen(parts).catch((error) => {
    throw notListening(error, options)
  })
  const metadata = await withMetadata(options, { opened, log, told: main.audit.told }).catch(
    async (error) => {
      await listening.stop(0)
      throw error
    },
  )
  return {
    ...listening,
    imdsPort: metadata?.port ?? null,
    stop: async (grace) => {
      await Promise.all([listening.stop(grace), metadata?.stop(grace)])
      for (const { audit } of await served.units()) await audit.close()
    },
  }
}

async function withMetadata(
  { imds = null }: Serving,
  parts: Parameters<typeof serveMetadata>[1],
): Promise<Listening | null> {
  if (imds === null) return null
  try {
    return await serveMetadata(imds, parts)
  } catch (error) {
    throw notListening(error, { host: '127.0.0.1', port: imds.port }, '--imds')
  }
}

/** What whoever started this may ask of an account in memory. */
function ownerRoutes(
  { reset, audit: { inMemory } }: OpenedAccount,
  served: ServedPartitions,
  bearer: string | null,
) {
  if (bearer === null) return { reset: null, records: null }
  return {
    reset: reset && {
      bearer,
      run: async () => {
        // What was called before belongs to what goes.
        for (const { audit } of await served.units()) await audit.flush()
        await reset()
      },
    },
    records: inMemory && {
      bearer,
      json: async () => {
        const units = await served.units()
        for (const { audit } of units) await audit.flush()
        const rows = units.flatMap((unit) => unit.opened.audit.inMemory?.rows ?? [])
        return `{"Records":[${rows.map(exportedRecord).join(',')}]}\n`
      },
    },
  }
}

/** @returns the API of the account as it is now: a reset puts another in its place */
function apiOf(
  opened: OpenedAccount,
  limit: RateLimit | null,
  log: (line: object) => void,
  told: (call: AnsweredCall) => void,
): () => ApiParts {
  const noticed = (error: unknown) => log(eventLine('error', 'unnoticed', { failure: failureText(error) }))
  let served = opened.current()
  const make = (): ApiParts => ({
    ...servedApi(served, noticed),
    admits: (key, now) => limit === null || limit.admits(key, now),
    clock: () => Date.now(),
    requestId: randomUUID,
    told,
  })
  let api = make()
  return () => {
    if (opened.current() !== served) {
      served = opened.current()
      api = make()
    }
    return api
  }
}

export const endpointOf = ({ host, port }: Listening, { tls }: Pick<Serving, 'tls'>): string =>
  `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`

/** What the system said, in our words; anything else as it is. */
function notListening(
  error: unknown,
  { host, port }: Pick<Serving, 'host' | 'port'>,
  flag = '--port',
): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined || !/^E[A-Z]+$|^ERR_OSSL|^ERR_TLS/.test(code)) return error
  const problem =
    code === 'EADDRINUSE'
      ? (['serve.port-taken', `port ${port} of ${host} is taken`, `name another with \`${flag}\``] as const)
      : code.startsWith('ERR_')
        ? ([
            'serve.tls',
            `certificate and key can't be used: ${code}`,
            'both are in PEM, and belong together',
          ] as const)
        : ([
            'serve.cannot-listen',
            `${host}, port ${port}, can't be listened to: ${code}`,
            'name another `--host` or `--port`',
          ] as const)
  const [name, message, help] = problem
  return new DiagnosticError(errorOf({ code: name, message, help }))
}
