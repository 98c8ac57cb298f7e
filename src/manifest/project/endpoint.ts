/** Whether calls may be sent there: what goes over a network unencrypted could be read on its way. Takes no user, query or fragment. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (`${username}${password}${search}${hash}` !== '' || /[\s?#@]/.test(text)) return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

/** As a URL has them: every way of writing an address has become one. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Whether AWS itself answers there. */
export const isAtAws = (endpoint: string): boolean =>
  URL.canParse(endpoint) &&
  /(?:^|\.)(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws|api\.amazonwebservices\.com\.cn)\.?$/.test(
    new URL(endpoint).hostname,
  )
