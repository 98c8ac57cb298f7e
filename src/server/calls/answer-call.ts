import { decodeInput } from '../protocol/decode-input.ts'
import { encodeAnswer, encodeError } from '../protocol/encode-answer.ts'
import { malformedQuery, ProtocolError } from '../protocol/protocol-error.ts'
import { type FormNode, readPairs, treeOf } from '../protocol/read-form.ts'
import { operationIn, SERVICES, type Service } from '../protocol/shapes.ts'
import { headerOf, type IncomingRequest } from '../signature/incoming-request.ts'
import { verifySignature } from '../signature/verify.ts'
import { checkInput } from './check-input.ts'
import { LEFT_OUT } from './operation-notes.ts'
import { withOwnName } from './own-user.ts'
import type { AnsweredCall, ApiParts, CallOrigin } from './ports.ts'
import { type CallRefusal, INTERNAL_FAILURE, refusalOf } from './refusal.ts'

/** A request, and whence it came. */
export interface ReceivedRequest extends IncomingRequest {
  readonly sourceIp: string
  readonly isSecure: boolean
}

export interface OutgoingAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

type Progress = {
  -readonly [K in 'caller' | 'claimedKeyId' | 'input' | 'answer' | 'region']: AnsweredCall[K]
} & { service: Service | null; operation: string | null }

/** Errors of requests that name no service are in IAM's namespace. */
const FIRST_SERVICE = SERVICES[0] as Service

/** Answers one request of the Query protocol: whatever it is, the answer is XML, with AWS's codes. */
export async function answerCall(parts: ApiParts, request: ReceivedRequest): Promise<OutgoingAnswer> {
  const requestId = parts.requestId()
  const time = parts.clock()
  const progress: Progress = {
    service: null,
    operation: null,
    caller: null,
    claimedKeyId: null,
    input: null,
    answer: null,
    region: null,
  }
  let refusal: CallRefusal | null = null
  let failure: unknown = null
  let body = ''
  try {
    body = await carriedOut(parts, request, time, requestId, progress)
  } catch (error) {
    const service = progress.service ?? FIRST_SERVICE
    refusal = refusalOf(error, service)
    if (refusal === null) {
      failure = error
      refusal = INTERNAL_FAILURE
    }
    body = encodeError(service, refusal, requestId)
  }
  const status = refusal?.status ?? 200
  const { service, ...rest } = progress
  parts.told({
    ...rest,
    service: service?.name ?? null,
    requestId,
    time,
    took: parts.clock() - time,
    status,
    error: refusal === null ? null : { code: refusal.code, message: refusal.message },
    failure,
    sourceIp: request.sourceIp,
    isSecure: request.isSecure,
    userAgent: headerOf(request, 'user-agent'),
  })
  return xmlAnswer(status, body, requestId)
}

export const xmlAnswer = (status: number, body: string, requestId: string): OutgoingAnswer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
})

async function carriedOut(
  parts: ApiParts,
  request: ReceivedRequest,
  now: number,
  requestId: string,
  progress: Progress,
): Promise<string> {
  const form = formOf(request)
  const { service, operation } = operationOf(form)
  Object.assign(progress, { service, operation })
  const operations = parts.services[service.name]
  const verified = await verifySignature(request, {
    service: service.name,
    now,
    credentialOf: (id, sessionToken) => {
      progress.claimedKeyId = id
      return parts.credentialOf(id, sessionToken, now)
    },
  })
  const caller = verified?.identity ?? null
  const region = verified?.region ?? NO_REGION
  Object.assign(progress, { caller, region: verified?.region ?? null })
  if (caller === null && !operations.unsigned.has(operation)) throw unsigned()
  if (!parts.admits(verified?.accessKeyId ?? request.sourceIp, now)) throw throttled()
  if (!operations.names.has(operation)) throw leftOut(service, operation)
  const given = decodeInput(service, operationIn(service, operation)?.input ?? null, form)
  const input = caller === null ? given : withOwnName(operation, given, caller)
  progress.input = input
  const from: CallOrigin = {
    now,
    region,
    sourceIp: request.sourceIp,
    isSecure: request.isSecure,
    userAgent: headerOf(request, 'user-agent'),
  }
  if (caller !== null) {
    const call = { service: service.name, operation, input, caller, from }
    parts.noteUse(call)
    await parts.authorize(call)
  }
  checkInput(service, operation, input)
  const answer = await operations.call(operation, input, caller, from)
  progress.answer = answer
  return encodeAnswer(service, operation, answer, requestId)
}

/** Of what nobody has signed. */
const NO_REGION = 'us-east-1'

/** A form comes in the body, or in the query where the request is presigned or a GET. */
function formOf({ method, path, query, body, ...request }: ReceivedRequest): FormNode {
  if (path !== '/') throw new ProtocolError('InvalidAction', 'No operation has this path.', 404)
  const inQuery = readPairs(query).filter(([name]) => !name.startsWith('X-Amz-'))
  if (method === 'GET' || method === 'HEAD') return treeOf(inQuery)
  if (method !== 'POST')
    throw new ProtocolError('InvalidAction', `Requests are sent by POST or GET, not ${method}.`, 405)
  const [type] = (headerOf({ method, path, query, body, ...request }, 'content-type') ?? FORM).split(';')
  if (type?.trim().toLowerCase() !== FORM) throw malformedQuery(`The content type of a request is ${FORM}.`)
  return treeOf([...inQuery, ...readPairs(textOf(body))])
}

const FORM = 'application/x-www-form-urlencoded'

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw malformedQuery('The request is not in UTF-8.')
  }
}

/** Which service it is for, its version says. */
function operationOf({ children }: FormNode): { readonly service: Service; readonly operation: string } {
  const operation = children.get('Action')?.value ?? null
  const version = children.get('Version')?.value ?? null
  if (operation === null || operation === '')
    throw new ProtocolError('MissingAction', 'The request is missing an action or a required parameter.', 400)
  const service = SERVICES.find((each) => each.version === version)
  if (service === undefined || operationIn(service, operation) === undefined)
    throw new ProtocolError(
      'InvalidAction',
      `Could not find operation ${operation.slice(0, 100)} for version ${version?.slice(0, 100) ?? 'NO_VERSION_SPECIFIED'}`,
      400,
    )
  return { service, operation }
}

/** @see IAM API Reference, "Common Errors": MissingAuthenticationToken */
const unsigned = () =>
  new ProtocolError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)

const throttled = () => new ProtocolError('Throttling', 'Rate exceeded', 400)

const leftOut = ({ name, version }: Service, operation: string) =>
  new ProtocolError(
    'InvalidAction',
    `Could not find operation ${operation} for version ${version}: iam-sync leaves it out (${LEFT_OUT[name][operation] ?? 'see docs/operations.md'})`,
    400,
  )
