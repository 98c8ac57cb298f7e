import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs'

/** Milliseconds without a change before files are read: not noticed, and longer than a program takes between two writes. */
export const QUIET = 15

/** How many times as long a file that looks unfinished is waited for. */
const UNFINISHED = 3

/**
 * Waits until files that change are written. A program that writes a file anew empties it first, and writes a large one in
 * parts: so one that is empty, or doesn't end with the end of a line, is given longer, once. If it is meant to be like that,
 * nothing is lost but that time.
 */
export class Quiet {
  readonly #onQuiet: () => void
  readonly #quiet: number
  /** What each changed file was like when its last change was told. */
  readonly #changed = new Map<string, string>()
  #timer: NodeJS.Timeout | null = null

  constructor(onQuiet: () => void, quiet: number = QUIET) {
    this.#onQuiet = onQuiet
    this.#quiet = quiet
  }

  changed(path: string): void {
    this.#changed.set(path, stateOf(path))
    this.#wait(this.#quiet, () => this.#look())
  }

  /** Whether something has changed that `onQuiet` has not been called for. */
  get isWaiting(): boolean {
    return this.#changed.size > 0
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #wait(milliseconds: number, then: () => void): void {
    this.close()
    this.#timer = setTimeout(then, milliseconds)
  }

  #look(): void {
    if (!this.#isStill()) this.#wait(this.#quiet, () => this.#look())
    else if ([...this.#changed.keys()].some(isUnfinished))
      this.#wait(this.#quiet * (UNFINISHED - 1), () => (this.#isStill() ? this.#end() : this.#look()))
    else this.#end()
  }

  /** A change may not have been told yet, where this process had no time to listen. */
  #isStill(): boolean {
    const moved = [...this.#changed].filter(([path, state]) => stateOf(path) !== state)
    for (const [path] of moved) this.#changed.set(path, stateOf(path))
    return moved.length === 0
  }

  #end(): void {
    this.#changed.clear()
    this.#onQuiet()
  }
}

function stateOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = lstatSync(path, { bigint: true })
    return `${ino} ${size} ${mtimeNs}`
  } catch {
    return 'none'
  }
}

const LINE_FEED = 0x0a

/** What can't be looked at is no file that is being written. */
function isUnfinished(path: string): boolean {
  try {
    if (!lstatSync(path).isFile()) return false
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const last = Buffer.alloc(1)
      return size === 0 || readSync(file, last, 0, 1, size - 1) !== 1 || last[0] !== LINE_FEED
    } finally {
      closeSync(file)
    }
  } catch {
    return false
  }
}
