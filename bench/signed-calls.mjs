// Calls of IAM and STS, signed without AWS's client: what a client costs is no part of what is measured.
import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'

const VERSIONS = { iam: '2010-05-08', sts: '2011-06-15' }

const hmac = (key, text) => createHmac('sha256', key).update(text).digest()
const hash = (text) => createHash('sha256').update(text).digest('hex')

/**
 * @param credentials `accessKeyId`, `secretAccessKey`, and `sessionToken` of temporary ones
 * @param fields what the form has besides version and action
 * @returns a request as `http.request` takes it, and its body; good for some minutes, however often it is sent
 */
export function signed({ endpoint, region, credentials }, service, operation, fields = {}) {
  const { host, hostname, port } = new URL(endpoint)
  const body = new URLSearchParams({ Action: operation, Version: VERSIONS[service], ...fields }).toString()
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const day = time.slice(0, 8)
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const headers = {
    host,
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = [day, region, service, 'aws4_request'].reduce(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n')).toString('hex')
  return {
    options: {
      hostname,
      port,
      method: 'POST',
      path: '/',
      headers: {
        ...headers,
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
      },
    },
    body,
  }
}

/** @returns status and text of what is answered */
export const send = ({ options, body }, agent) =>
  new Promise((resolve, reject) => {
    const sent = request({ ...options, agent }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }),
      )
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
