import { createHash } from 'node:crypto'
import { buildId } from '#generated/build-id'
import { isJsonFile } from '../../yaml/parse-text.ts'
import { type CheckedRoots, decodeRoots, encodeRoots } from './tree-encoding.ts'

/**
 * Where parsed files are kept between runs, with what was found to be in order in them.
 * Nothing is lost when entries vanish, and a broken entry is ignored.
 * Keys are lowercase hex; values are text of about the size of the parsed file.
 */
export interface ParseCache {
  get(hash: string): string | null
  put(hash: string, value: string): void
}

/** Stands for the code whose results are kept. */
export const cacheBuild: string = buildId

/** What a file is kept under: with another text, language or version of the code that reads it, it is not found. */
const keyOf = (file: string, text: string): string =>
  createHash('sha256')
    .update(`${buildId}\n${isJsonFile(file) ? 'json' : 'yaml'}\n`)
    .update(text)
    .digest('hex')

/** @returns null when this text was not kept before */
export function keptFile(file: string, text: string, cache: ParseCache): CheckedRoots | null {
  const kept = cache.get(keyOf(file, text))
  return kept === null ? null : decodeRoots(file, text, kept)
}

/** @param checked of a file without errors of YAML */
export const keepFile = (file: string, text: string, checked: CheckedRoots, cache: ParseCache): void =>
  cache.put(keyOf(file, text), encodeRoots(text, checked))
