import { brotliDecompressSync } from 'node:zlib'

/** Numbered lines of text, compressed in groups: what `scripts/build-catalog.mjs` writes. */
export interface Shards {
  /** The number of each shard's first line, ascending from 0. */
  readonly firstLine: readonly number[]
  /** The byte in `data` at which each shard ends. */
  readonly end: readonly number[]
  /** Base64. */
  readonly data: string
}

/**
 * Reads single lines; a shard is decompressed at the first line asked of it, and kept.
 * @returns a function from a line's number to its text; a number that is none throws `RangeError`
 */
export function openShards(shards: Shards): (line: number) => string {
  const opened = new Map<number, readonly string[]>()
  let bytes: Buffer | null = null

  const open = (shard: number): readonly string[] => {
    const known = opened.get(shard)
    if (known !== undefined) return known
    bytes ??= Buffer.from(shards.data, 'base64')
    const packed = bytes.subarray(shard === 0 ? 0 : shards.end[shard - 1], shards.end[shard])
    const lines = brotliDecompressSync(packed).toString('utf8').split('\n')
    opened.set(shard, lines)
    return lines
  }

  return (line) => {
    const shard = shards.firstLine.findLastIndex((first) => first <= line)
    const text = shard < 0 ? undefined : open(shard)[line - (shards.firstLine[shard] ?? 0)]
    if (text === undefined) throw new RangeError(`no line ${line}`)
    return text
  }
}
