import { HIDDEN, type Secret } from './secret.ts'

/**
 * A text in which nobody finds the secrets: of others' words, which may quote what they were given. What is hidden is the
 * value, whole, however it is written (base64, URL-encoded, as JSON or a literal has it), and any eight characters in a row
 * of it: messages quote a line of a key, or cut a long value short.
 * @param secrets few, and texts of some pages at most: it takes the one times the other
 */
export function redacted(text: string, secrets: readonly Secret[]): string {
  const forms = secrets.flatMap((secret) => formsOf(secret.reveal()))
  const hidden = new Uint8Array(text.length)
  for (const form of forms) {
    hideAll(text, form, hidden)
    hidePieces(text, form, hidden)
  }
  let shown = ''
  for (let at = 0; at < text.length; at++)
    if (hidden[at] === 0) shown += text[at]
    else if (at === 0 || hidden[at - 1] === 0) shown += HIDDEN
  return shown
}

/** So few characters of a secret, and more, are not shown in a row. */
const LONGEST_PIECE_SHOWN = 7

/** Each way in which a value may be written. The ends of base64 hang on what stands beside it, so they are left off. */
export function formsOf(value: string): readonly string[] {
  if (value === '') return []
  const bytes = Buffer.from(value, 'utf8')
  const base64 = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const inner = text.slice(before === 0 ? 0 : 4, (before + bytes.length) % 3 === 0 ? undefined : -1)
    return inner.length > LONGEST_PIECE_SHOWN ? [inner] : []
  })
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(value)
  const strictUrl = url.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return [
    ...new Set([
      value,
      bytes.toString('base64').replace(/=+$/, ''),
      ...base64,
      ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
      bytes.toString('hex'),
      url,
      strictUrl,
      url.replaceAll('%20', '+'),
      url.toLowerCase(),
      json,
      json.replaceAll("'", "\\'"),
      value.replaceAll('\n', ' '),
    ]),
  ]
}

function hideAll(text: string, form: string, hidden: Uint8Array): void {
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1))
    hidden.fill(1, at, at + form.length)
}

function hidePieces(text: string, form: string, hidden: Uint8Array): void {
  const size = LONGEST_PIECE_SHOWN + 1
  const pieces = new Set<string>()
  for (let at = 0; at + size <= form.length; at++) pieces.add(form.slice(at, at + size))
  if (pieces.size === 0) return
  for (let at = 0; at + size <= text.length; at++)
    if (pieces.has(text.slice(at, at + size))) hidden.fill(1, at, at + size)
}
