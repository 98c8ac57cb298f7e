import { statSync } from 'node:fs'
import { Connection } from '../../store/sqlite/connection.ts'
import { readOnlyUri } from '../../store/sqlite/files/location.ts'
import type { TargetVersion } from '../ports.ts'

/**
 * Tells by SQLite's `data_version`, through a connection of its own, since that speaks of changes by other connections only.
 * @see sqlite.org, "PRAGMA data_version"
 */
export class DatabaseVersion implements TargetVersion {
  readonly #file: string
  #connection: Connection | null = null
  /** Which file the connection is to: an inode is used again, a birth time isn't. */
  #identity: string | null = null

  /** @param file an absolute path */
  constructor(file: string) {
    this.#file = file
  }

  current(): string | null {
    try {
      const stats = statSync(this.#file, { bigint: true, throwIfNoEntry: false })
      if (stats === undefined || stats.size === 0n) {
        this.close()
        return 'missing'
      }
      const identity = `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`
      if (identity !== this.#identity) this.close()
      this.#identity = identity
      this.#connection ??= new Connection(readOnlyUri(this.#file))
      return `${identity}:${String(this.#connection.pragma('data_version'))}`
    } catch {
      this.close()
      return null
    }
  }

  close(): void {
    this.#connection?.close()
    this.#connection = null
    this.#identity = null
  }
}
