import { closeSync, openSync, rmSync, writeSync } from 'node:fs'

/** For pages of the database's tree that are written anew beside the row itself. */
const SLACK_BYTES = 256 * 1024

/**
 * Room on the disk that is kept for writing down how an apply ended: it is given back before that. Without it a full disk
 * leaves an entry that looks as if the apply had been killed.
 */
export class Reserve {
  readonly #file: string | null

  /** @param database null: in memory, where nothing is reserved */
  constructor(database: string | null) {
    this.#file = database === null ? null : `${database}-reserve`
  }

  /**
   * @param rowBytes how large the row is that will be written again
   * @throws as the file system refuses: `ENOSPC`, `EFBIG`, …
   */
  keep(rowBytes: number): void {
    if (this.#file === null) return
    try {
      const descriptor = openSync(this.#file, 'w', 0o600)
      try {
        // Written out: a file that is only made longer takes no room.
        const bytes = Buffer.alloc(SLACK_BYTES + 2 * rowBytes, 1)
        for (let at = 0; at < bytes.byteLength; ) at += writeSync(descriptor, bytes, at)
      } finally {
        closeSync(descriptor)
      }
    } catch (error) {
      this.giveBack()
      throw error
    }
  }

  /** What can't be removed keeps its room, and is written anew by the next apply: how this one ended is still to be told. */
  giveBack(): void {
    if (this.#file === null) return
    try {
      rmSync(this.#file, { force: true })
    } catch {}
  }
}
