import { readFileSync } from 'node:fs'
import type { JSONWebKeySet } from 'jose'
import { z } from 'zod'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { ProviderKeys } from '../../iam/sts/provider-keys.ts'
import { fetchText } from './fetch-text.ts'

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })
const ofIssuers = z.record(z.string(), keySet)
const configuration = z.object({ issuer: z.string(), jwks_uri: z.string().startsWith('https://') })

/** For how long keys are good that were fetched, in milliseconds, and how many providers' are kept. */
const KEPT = 60_000
/** For how long they are where a token is signed by another. */
const LACKING_KEPT = 10_000
const MOST_KEPT = 100

/**
 * Keys of providers of OpenID Connect: from a file, and of those that it doesn't name from their own servers.
 * @param file of JSON, a key set by issuer; null: there is none
 * @param get asks a server. It rejects, or ends, when it takes too long
 * @throws DiagnosticError `serve.provider-keys`
 */
export function openProviderKeys(
  file: string | null,
  get: (url: string) => Promise<string> = fetchText,
  clock: () => number = Date.now,
): ProviderKeys {
  const known = file === null ? {} : readKeys(file)
  const kept = new Map<string, { readonly since: number; readonly keys: Promise<JSONWebKeySet> }>()
  return async (issuer, lacking) => {
    if (Object.hasOwn(known, issuer)) return known[issuer] as JSONWebKeySet
    const before = kept.get(issuer)
    // Who makes up a key may not make us ask at every call.
    const lasts = lacking === undefined ? KEPT : LACKING_KEPT
    if (before !== undefined && clock() - before.since < lasts) return before.keys
    if (kept.size >= MOST_KEPT) kept.clear()
    const keys = fetched(issuer, get)
    const asked = { since: clock(), keys }
    kept.set(issuer, asked)
    // What failed is asked for again; what was known before is still good for its time.
    keys.catch(() => {
      if (kept.get(issuer) !== asked) return
      if (before === undefined) kept.delete(issuer)
      else kept.set(issuer, before)
    })
    return keys
  }
}

/** @see OpenID Connect Discovery 1.0, section 4 */
async function fetched(issuer: string, get: (url: string) => Promise<string>): Promise<JSONWebKeySet> {
  if (!issuer.startsWith('https://')) throw new Error(`${issuer} is no address by https`)
  const told = configuration.parse(
    JSON.parse(await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)),
  )
  if (told.issuer !== issuer) throw new Error(`${issuer} calls itself ${told.issuer}`)
  return keySet.parse(JSON.parse(await get(told.jwks_uri))) as JSONWebKeySet
}

function readKeys(file: string): Readonly<Record<string, unknown>> {
  try {
    return ofIssuers.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new DiagnosticError(
      errorOf({
        code: 'serve.provider-keys',
        message: `\`--provider-keys ${file}\` ${typeof code === 'string' ? `can't be read: ${code}` : 'is not what it must be'}`,
        help: 'write a JSON object: by the issuer of each provider (`https://…`) its key set, `{ "keys": [ … ] }`',
      }),
    )
  }
}
