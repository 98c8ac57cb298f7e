import { timingSafeEqual } from 'node:crypto'
import { answerCall, type OutgoingAnswer, type ReceivedRequest, xmlAnswer } from '../calls/answer-call.ts'
import type { ApiParts } from '../calls/ports.ts'
import { encodeError } from '../protocol/encode-answer.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { SERVICES } from '../protocol/shapes.ts'
import { headerOf } from '../signature/incoming-request.ts'
import { verifySignature } from '../signature/verify.ts'
import type { Metrics } from './metrics.ts'

interface Routes {
  readonly api: ApiParts
  readonly metrics: Metrics
  /** Besides what is counted. */
  readonly gauges: () => Readonly<Record<string, number>>
  /** Whether calls can be carried out now. */
  readonly isReady: () => Promise<boolean>
  /** Empties the account; null: it is one that is kept. */
  readonly reset: { readonly bearer: string; readonly run: () => Promise<void> } | null
  /** Records of its calls as JSON; null: they are kept in a file. */
  readonly records: { readonly bearer: string; readonly json: () => Promise<string> } | null
}

/** Everything that is no call of AWS's API. */
const OWN = '/_iam-sync/'

/** All that one port answers. */
export async function answerRequest(routes: Routes, request: ReceivedRequest): Promise<OutgoingAnswer> {
  switch (request.path) {
    case '/healthz':
      return plain(200, 'ok\n')
    case '/readyz':
      return (await routes.isReady()) ? plain(200, 'ok\n') : plain(503, 'not ready\n')
    case '/metrics':
      return plain(200, routes.metrics.text(routes.gauges()), 'text/plain; version=0.0.4; charset=utf-8')
    case `${OWN}reset`:
      return reset(routes, request)
    case `${OWN}audit`:
      return records(routes, request)
    default:
      return answerCall(routes.api, request)
  }
}

const plain = (status: number, body: string, type = 'text/plain; charset=utf-8'): OutgoingAnswer => ({
  status,
  headers: { 'content-type': type, 'cache-control': 'no-store' },
  body,
})

/** An answer to what never became a call. */
export function refuseRequest(
  api: Pick<ApiParts, 'requestId'>,
  status: number,
  code: string,
  message: string,
): OutgoingAnswer {
  const [service] = SERVICES
  if (service === undefined) throw new Error('there is no service')
  const id = api.requestId()
  return xmlAnswer(status, encodeError(service, { code, message, status }, id), id)
}

async function reset({ reset: allowed, api }: Routes, request: ReceivedRequest): Promise<OutgoingAnswer> {
  if (allowed === null)
    return refuseRequest(
      api,
      404,
      'InvalidAction',
      'Only an account that is served with --ephemeral can be reset.',
    )
  if (request.method !== 'POST') return refuseRequest(api, 405, 'InvalidAction', 'A reset is a POST.')
  const refusal = await unlessOwner(api, request, allowed.bearer, 'A reset')
  if (refusal !== null) return refusal
  await allowed.run()
  return plain(200, '{"reset":true}\n', 'application/json')
}

async function records({ records: kept, api }: Routes, request: ReceivedRequest): Promise<OutgoingAnswer> {
  if (kept === null)
    return refuseRequest(
      api,
      404,
      'InvalidAction',
      'The records of an account that is kept are shown by `iam-sync audit`.',
    )
  if (request.method !== 'GET')
    return refuseRequest(api, 405, 'InvalidAction', 'Records are asked for by GET.')
  const refusal = await unlessOwner(api, request, kept.bearer, 'The audit log')
  return refusal ?? plain(200, await kept.json(), 'application/json')
}

/** @returns null: it is whoever started this, or root */
async function unlessOwner(
  api: ApiParts,
  request: ReceivedRequest,
  bearer: string,
  what: string,
): Promise<OutgoingAnswer | null> {
  try {
    return isBearer(request, bearer) || (await isRoot(api, request))
      ? null
      : refuseRequest(
          api,
          403,
          'AccessDenied',
          `${what} takes the bearer token, or a signature of the root user.`,
        )
  } catch (error) {
    if (error instanceof ProtocolError) return refuseRequest(api, error.status, error.code, error.message)
    throw error
  }
}

function isBearer(request: ReceivedRequest, token: string): boolean {
  const given = /^Bearer (.{1,200})$/.exec(headerOf(request, 'authorization') ?? '')?.[1]
  if (given === undefined) return false
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function isRoot({ credentialOf, clock }: ApiParts, request: ReceivedRequest): Promise<boolean> {
  if (!(headerOf(request, 'authorization') ?? '').startsWith('AWS4')) return false
  const now = clock()
  const verified = await verifySignature(request, {
    service: 'iam',
    now,
    credentialOf: (id, token) => credentialOf(id, token, now),
  })
  return verified?.identity.kind === 'root'
}
