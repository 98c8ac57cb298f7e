/** Milliseconds. */
const TIMEOUT = 5000
const MOST_BYTES = 1024 * 1024

/**
 * What is at an address: whole, of one server alone, in time.
 * @param within milliseconds
 * @throws Error
 */
export async function fetchText(url: string, within = TIMEOUT): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(within) })
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body) {
    size += part.length
    if (size > MOST_BYTES) throw new Error(`${url} answers more than ${MOST_BYTES} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
