import { Secret } from '../../model/secret.ts'
import { membersIn, operationIn, type Service, type Shape } from './shapes.ts'

/** The XML of what an operation answers. @see IAM API Reference: the response of each operation */
export function encodeAnswer(service: Service, operation: string, answer: object, requestId: string): string {
  const output = operationIn(service, operation)?.output ?? null
  const result =
    output === null
      ? ''
      : `<${operation}Result>${encodeStructure(service, output, answer)}</${operation}Result>`
  return `<${operation}Response xmlns="${service.namespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
}

/** Whose fault it is. A service's own errors have a status of 5xx. */
const typeOf = (status: number) => (status >= 500 ? 'Receiver' : 'Sender')

/** @see IAM API Reference, "Common Errors" */
export const encodeError = (
  { namespace }: Pick<Service, 'namespace'>,
  { code, message, status }: { readonly code: string; readonly message: string; readonly status: number },
  requestId: string,
): string =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${typeOf(status)}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`

function encodeStructure(service: Service, structure: string, value: object): string {
  let xml = ''
  const values = value as Readonly<Record<string, unknown>>
  for (const [member, shape] of Object.entries(membersIn(service, structure))) {
    const inner = values[member]
    if (inner === undefined || inner === null) continue
    xml += `<${member}>${encodeValue(service, shape, inner)}</${member}>`
  }
  return xml
}

function encodeValue(service: Service, shape: Shape, value: unknown): string {
  if (typeof shape === 'string') return encodeSimple(shape, value)
  if ('secret' in shape)
    return encodeValue(service, shape.secret, value instanceof Secret ? value.reveal() : value)
  if ('structure' in shape) return encodeStructure(service, shape.structure, value as object)
  let xml = ''
  if ('list' in shape)
    for (const item of value as readonly unknown[])
      xml += `<member>${encodeValue(service, shape.list, item)}</member>`
  else
    for (const [key, item] of Object.entries(value as object))
      xml += `<entry><key>${encodeValue(service, shape.key, key)}</key><value>${encodeValue(service, shape.value, item)}</value></entry>`
  return xml
}

function encodeSimple(shape: Extract<Shape, string>, value: unknown): string {
  switch (shape) {
    case 'time':
      return (value as Date).toISOString().replace(/\.\d+Z$/, 'Z')
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64')
    default:
      return escapeXml(String(value))
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // What reads it would make a line feed of it.
  '\r': '&#xD;',
}

/** What XML 1.0 can't carry. */
const NO_CHARACTERS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

function escapeXml(text: string): string {
  return text.replace(NO_CHARACTERS, '\ufffd').replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? '')
}
