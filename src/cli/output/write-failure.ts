import { fstatSync, writeSync } from 'node:fs'
import { getSystemErrorMap } from 'node:util'

/** What a stream says when its reader has gone: of a pipe, of a socket, of a pipe on Windows, and to whoever goes on writing. */
const READER_GONE: readonly unknown[] = ['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED']

/** Whether a write failed because nobody wants to read any more, which is no fault of anything. */
export const isReaderGone = (error: Error): boolean =>
  READER_GONE.includes((error as NodeJS.ErrnoException).code)

/** What the operating system says of a write that failed: `no space left on device`. */
export function writeFailureText(error: Error): string {
  const { errno, code } = error as NodeJS.ErrnoException
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno)
  return known?.[1] ?? code ?? error.message
}

/**
 * Writes text, or bytes, to an open file as a whole.
 * INVARIANT: a disk that is nearly full takes a part without an error, which Node's own stream over a file drops.
 * @param write as `fs.writeSync`
 * @throws as the file system refuses
 */
export function writeWhole(
  descriptor: number,
  output: string | Uint8Array,
  write: (descriptor: number, bytes: Uint8Array, offset: number) => number = writeSync,
): void {
  const bytes = typeof output === 'string' ? Buffer.from(output) : output
  for (let at = 0; at < bytes.byteLength; ) {
    const written = write(descriptor, bytes, at)
    if (written === 0) throw new Error('nothing was written')
    at += written
  }
}

/**
 * Whether an open file is written at once and by itself: a file, or a device that is no terminal.
 * @param isTerminal as its stream says: asking `node:tty` would load all of Node's network code, for `--version` a tenth of its time
 */
export function isWrittenAtOnce(descriptor: number, isTerminal: boolean): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isFile() || (stats.isCharacterDevice() && !isTerminal)
  } catch {
    return false
  }
}
