import { createHash } from 'node:crypto'
import { COUNTED, type CommentCounts, NO_COUNTS } from './comment-counts.ts'

/** What one comment is about. Of each there is one comment. */
export interface CommentKey {
  /** The IAM folder, from the root of the repository; `.`: the root itself. */
  readonly project: string
  /** Names of the accounts that are meant, in any order; empty: all. */
  readonly accounts: readonly string[]
  /** Tells the jobs of a matrix apart; null: there is one. */
  readonly tag: string | null
  /** Who computed the result: `data` came from a run that is not trusted. */
  readonly origin: 'run' | 'data'
}

/** What a comment's first line says of it. Nobody sees the line, and later runs find the comment by it. */
export interface Marker {
  /** One text for each key. */
  readonly key: string
  readonly origin: CommentKey['origin']
  /** `superseded`: a later comment says it. */
  readonly state: 'live' | 'superseded'
  readonly counts: CommentCounts
  /** Of the plans, or null. */
  readonly digest: string | null
}

const BEGINNING = '<!-- iam-sync:comment v1'
const LINE = /^<!-- iam-sync:comment v1((?: [a-z]+=[^\s<>]*)*) -->$/

/** As many accounts as are named: more are told apart by a hash, so that the line stays short. */
const MOST_NAMED = 3

/** @returns one text for each key, of `name=value` words */
export function keyText({ project, accounts, tag, origin }: CommentKey): string {
  const ids = [...new Set(accounts)].sort()
  const named =
    ids.length === 0
      ? '*'
      : ids.length <= MOST_NAMED
        ? ids.join(',')
        : `${ids.length}.${hashOf(ids.join(','))}`
  return [
    `project=${word(project)}`,
    `accounts=${word(named)}`,
    ...(tag === null ? [] : [`tag=${word(tag)}`]),
    `origin=${origin}`,
  ].join(' ')
}

export function markerLine({ key, state, counts, digest }: Marker): string {
  const words = [
    key,
    `state=${state}`,
    ...COUNTED.filter((name) => counts[name] > 0).map((name) => `${name}=${counts[name]}`),
    ...(digest === null ? [] : [`digest=${word(digest)}`]),
  ]
  return `${BEGINNING} ${words.join(' ')} -->`
}

/** @returns null: the first line of the text is no marker of this version */
export function markerIn(body: string): Marker | null {
  const words = LINE.exec(firstLine(body))?.[1]
  if (words === undefined) return null
  const values = new Map<string, string>()
  for (const pair of words.trim().split(' ')) {
    const equals = pair.indexOf('=')
    values.set(pair.slice(0, equals), pair.slice(equals + 1))
  }
  const { project, accounts, origin, state, digest } = Object.fromEntries(values)
  if (project === undefined || accounts === undefined) return null
  if (origin !== 'run' && origin !== 'data') return null
  if (state !== 'live' && state !== 'superseded') return null
  const counts = countsIn(values)
  if (counts === null) return null
  const tag = values.get('tag')
  const key = [
    `project=${project}`,
    `accounts=${accounts}`,
    ...(tag === undefined ? [] : [`tag=${tag}`]),
    `origin=${origin}`,
  ].join(' ')
  return { key, origin, state, counts, digest: digest === undefined ? null : unword(digest) }
}

/** The text below the marker. */
export const withoutMarker = (body: string): string => {
  const end = body.indexOf('\n')
  return end === -1 ? '' : body.slice(end + 1)
}

function countsIn(values: ReadonlyMap<string, string>): CommentCounts | null {
  const counts = { ...NO_COUNTS }
  for (const name of COUNTED) {
    const text = values.get(name) ?? '0'
    if (!/^\d{1,9}$/.test(text)) return null
    counts[name] = Number(text)
  }
  return counts
}

const firstLine = (body: string): string => {
  const end = body.indexOf('\n')
  return (end === -1 ? body : body.slice(0, end)).replace(/\r$/, '')
}

/** Nothing in it can end a comment, a word or a line. */
const word = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replaceAll('--', '-%2D')
    .replaceAll('%3A', ':')

const unword = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
