import { readFileSync } from 'node:fs'
import { type Diagnostic, DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { Rate } from '../../server/calls/rate-limit.ts'
import { parseDuration } from '../arguments/duration.ts'
import { type Flags, flagSet, flagText } from '../command.ts'
import type { MetadataOptions } from './serve-metadata.ts'

export interface ServeOptions {
  readonly isEphemeral: boolean
  readonly host: string
  readonly port: number
  readonly tls: { readonly certificate: string; readonly key: string } | null
  /** null: no key calls too often. */
  readonly rate: Rate | null
  /** Whether the region that a request is signed for says in which partition it is. */
  readonly partitionFromRegion: boolean
  /** For how long what is written isn't seen, in milliseconds. */
  readonly propagationDelay: number
  /** Whether root access is centralized in the organization. */
  readonly rootSessions: boolean
  /** Where keys of OIDC providers are; null: with the providers. */
  readonly providerKeys: string | null
  /** null: no instance metadata is served. */
  readonly imds: MetadataOptions | null
  /** What is made of root keys before anything is served. */
  readonly bootstrap: 'none' | 'first' | 'replace'
}

const LONGEST_DELAY = 60_000
/** LocalStack's, so that what was written for it finds this. */
const USUAL_PORT = 4566

/** @throws DiagnosticError with all that is wrong */
export function readServeOptions(flags: Flags): ServeOptions {
  const problems: Diagnostic[] = []
  const refuse = (code: string, message: string, help: string) =>
    problems.push(errorOf({ code, message, help }))
  const isEphemeral = flagSet(flags, 'ephemeral')
  const host = flagText(flags, 'host') ?? '127.0.0.1'
  const port = readPort('--port', flagText(flags, 'port') ?? String(USUAL_PORT), refuse)
  const imds = readImds(flags, refuse)
  const tls = readTls(flags, refuse)
  if (!isLoopback(host) && tls === null && !flagSet(flags, 'allowPlainHttp') && problems.length === 0)
    refuse(
      'serve.plain-http',
      `\`--host ${host}\` is reached from other machines, without TLS`,
      'give `--tls-cert` and `--tls-key`, or agree to it with `--allow-plain-http`',
    )
  const [first, replace] = [flagSet(flags, 'bootstrap'), flagSet(flags, 'replaceRootKey')]
  if (isEphemeral && (first || replace))
    refuse(
      'serve.ephemeral',
      'an ephemeral account has its root key from the start',
      'leave out `--bootstrap`',
    )
  const rate = readRate(flagText(flags, 'rateLimit'), refuse)
  const propagationDelay = parseDuration('--propagation-delay', flagText(flags, 'propagationDelay') ?? '0s')
  if (propagationDelay > LONGEST_DELAY)
    refuse(
      'serve.bad-delay',
      `\`--propagation-delay ${flagText(flags, 'propagationDelay')}\` is longer than a minute`,
      'write `2s`, as AWS takes about as long: `1m` at most',
    )
  if (problems.length > 0) throw new DiagnosticError(problems)
  return {
    isEphemeral,
    host,
    port,
    tls,
    rate,
    imds,
    partitionFromRegion: flagSet(flags, 'partitionFromRegion'),
    propagationDelay,
    rootSessions: flagSet(flags, 'rootSessions'),
    providerKeys: flagText(flags, 'providerKeys'),
    bootstrap: replace ? 'replace' : first ? 'first' : 'none',
  }
}

type Refuse = (code: string, message: string, help: string) => void

function readPort(flag: string, text: string, refuse: Refuse): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    refuse(
      'serve.bad-port',
      `\`${flag} ${text}\` is no port`,
      'a port is a number from 0 (any that is free) to 65535',
    )
  return Number(text)
}

function readImds(flags: Flags, refuse: Refuse): ServeOptions['imds'] {
  const [port, instanceProfile] = [flagText(flags, 'imds'), flagText(flags, 'imdsInstanceProfile')]
  if (port === null && instanceProfile === null) return null
  if (port === null || instanceProfile === null) {
    refuse(
      'serve.imds',
      'of the port of the instance metadata and the instance profile one is missing',
      'give both, `--imds PORT` and `--imds-instance-profile NAME`',
    )
    return null
  }
  return { port: readPort('--imds', port, refuse), instanceProfile }
}

function readTls(flags: Flags, refuse: Refuse): ServeOptions['tls'] {
  const [certificate, key] = [flagText(flags, 'tlsCert'), flagText(flags, 'tlsKey')]
  if (certificate === null && key === null) return null
  if (certificate === null || key === null) {
    refuse(
      'serve.tls',
      'of certificate and key one is missing',
      'give both, `--tls-cert` and `--tls-key`, in PEM',
    )
    return null
  }
  const read = (flag: string, path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      const { code = 'unknown' } = error as NodeJS.ErrnoException
      refuse('serve.tls', `\`${flag} ${path}\` can't be read: ${code}`, 'name a file in PEM')
      return ''
    }
  }
  return { certificate: read('--tls-cert', certificate), key: read('--tls-key', key) }
}

function readRate(text: string | null, refuse: Refuse): Rate | null {
  if (text === null) return null
  const [, perSecond, burst] = /^(\d{1,6}(?:\.\d{1,3})?)(?::(\d{1,6}))?$/.exec(text) ?? []
  if (perSecond === undefined || Number(perSecond) <= 0 || burst === '0') {
    refuse(
      'serve.bad-rate',
      `\`--rate-limit ${text}\` is no rate`,
      'write calls a second, and how many at once: `15`, `15:100`',
    )
    return null
  }
  return { perSecond: Number(perSecond), burst: Number(burst ?? Math.max(1, Math.ceil(Number(perSecond)))) }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
