import { closeSync, openSync, readSync } from 'node:fs'
import { isNamedFifo, OddFileError } from '../../source/regular-file.ts'

const PIECE = 1024 * 1024

/**
 * What a file that somebody names holds. A pipe is as good as one (`--resource-policy <(jq …)`), and what never ends is read no
 * further than it may have.
 * @param most bytes
 * @throws OddFileError; what the file system throws; an Error where there is more
 */
export function fileBytes(path: string, most: number): Uint8Array {
  if (isNamedFifo(path)) throw new OddFileError('a FIFO', path)
  const descriptor = openSync(path, 'r')
  try {
    const pieces: Uint8Array[] = []
    let length = 0
    for (let read = -1; read !== 0; length += read) {
      const piece = new Uint8Array(PIECE)
      read = readSync(descriptor, piece, 0, PIECE, null)
      pieces.push(piece.subarray(0, read))
      if (length + read > most) throw new Error(`it has more than ${most.toLocaleString('en')} bytes`)
    }
    return Buffer.concat(pieces)
  } finally {
    closeSync(descriptor)
  }
}

/** Why a file can't be read, as a part of a sentence. */
export function unreadReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ENOTDIR') return 'it is no folder'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8'
  return error instanceof Error ? error.message : String(error)
}
