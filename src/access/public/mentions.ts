import { type Piece, readPieces } from '../../evaluator/program/pieces.ts'
import { parseIpRange } from '../../policy/condition-values.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { AddressRange } from '../symbolic/predicate.ts'
import { boundsOf, isWide } from './address-range.ts'
import { s3ReadingOf } from './fixed-value.ts'

/** A text or pattern that policies compare a key with. */
export interface Mention {
  readonly pieces: readonly Piece[]
  /** Without a wildcard or a variable: the one text that it stands for; else null. */
  readonly text: string | null
  /** What it begins with, up to the first wildcard or variable. */
  readonly start: string
}

/** What policies compare their keys with: by these values they may mean somebody. */
export class Mentions {
  readonly #byKey = new Map<string, Mention[]>()
  readonly #ranges: AddressRange[] = []
  readonly #told: string[] = []

  constructor(policies: readonly ParsedPolicy[]) {
    for (const { statements, version } of policies)
      for (const { conditions } of statements)
        for (const condition of conditions) {
          const reading = s3ReadingOf(condition)
          for (const value of condition.values)
            if (reading === 'address') this.#addRange(value)
            else if (reading !== null)
              this.#add(condition.key, value, reading === 'pattern', version === '2012-10-17')
        }
  }

  /** Equal ones mention the same. */
  get id(): string {
    return this.#told.join('\n')
  }

  /** @param key in lower case */
  of(key: string): readonly Mention[] {
    return this.#byKey.get(key) ?? []
  }

  /** Address ranges that aren't too wide to name anybody. */
  get narrowRanges(): readonly AddressRange[] {
    return this.#ranges
  }

  #add(key: string, value: string, wildcards: boolean, variables: boolean): void {
    const pieces = readPieces(value, { wildcards, variables })
    if (pieces === null) return
    const lower = key.toLowerCase()
    this.#told.push(`${lower} ${wildcards ? 'like' : 'is'} ${value}`)
    const open = pieces.findIndex(({ kind }) => kind !== 'literal')
    const start = literalOf(open === -1 ? pieces : pieces.slice(0, open))
    const mention = { pieces, text: open === -1 ? start : null, start }
    const known = this.#byKey.get(lower)
    if (known === undefined) this.#byKey.set(lower, [mention])
    else known.push(mention)
  }

  #addRange(value: string): void {
    const range = parseIpRange(value)
    if (range === null || isWide(range)) return
    this.#told.push(`in ${value}`)
    this.#ranges.push(boundsOf(range))
  }
}

const literalOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'literal' ? piece.text : '')).join('')
