import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'

/** What a path may be that holds no text of its own. */
export type OddKind = 'a link' | 'a folder' | 'a FIFO' | 'a socket' | 'a device'

/** A path is not a regular file: reading a FIFO waits for somebody to write, and a device need not come to an end. */
export class OddFileError extends Error {
  readonly kind: OddKind
  readonly path: string
  constructor(kind: OddKind, path: string) {
    super(`it is ${kind}`)
    this.kind = kind
    this.path = path
  }
}

/** null: an ordinary file. */
export function oddKindOf(
  stats: Pick<Stats, `is${'File' | 'Directory' | 'FIFO' | 'Socket'}` | 'isSymbolicLink'>,
) {
  if (stats.isFile()) return null
  if (stats.isSymbolicLink()) return 'a link' satisfies OddKind
  if (stats.isDirectory()) return 'a folder' satisfies OddKind
  if (stats.isFIFO()) return 'a FIFO' satisfies OddKind
  return stats.isSocket() ? ('a socket' satisfies OddKind) : ('a device' satisfies OddKind)
}

/**
 * Reads a whole file, and nothing but a file: what else a path may be is refused at once, never opened or waited for.
 * @param links what becomes of a link at the end of the path; on the way there, links are followed
 * @throws OddFileError; what the file system throws
 */
export function readRegularFile(path: string, links: 'followed' | 'refused'): Buffer {
  const descriptor = openRegularFile(path, links)
  try {
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Opens a file to be read, and nothing but a file.
 * @returns its descriptor, which the caller closes
 * @throws OddFileError; what the file system throws
 */
export function openRegularFile(path: string, links: 'followed' | 'refused'): number {
  const before = links === 'followed' ? statSync(path) : lstatSync(path)
  refuseOdd(before, path)
  // Between the two looks another may have put something else there: then opening doesn't wait either.
  const noLink = links === 'followed' ? 0 : (constants.O_NOFOLLOW ?? 0)
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noLink)
  try {
    refuseOdd(fstatSync(descriptor), path)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/**
 * Whether a path is a FIFO with a name, which may be waited for without an end. A pipe that a shell hands over
 * (`<(command)`) is open already, and has no path of its own.
 */
export function isNamedFifo(path: string): boolean {
  if (!statSync(path).isFIFO()) return false
  const real = realpathSync(path)
  return !real.startsWith('/dev/') && lstatSync(real, { throwIfNoEntry: false })?.isFIFO() === true
}

function refuseOdd(stats: Stats, path: string): void {
  const kind = oddKindOf(stats)
  if (kind !== null) throw new OddFileError(kind, path)
}
