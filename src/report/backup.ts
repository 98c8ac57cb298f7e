import { printable } from './layout/paint.ts'

export interface Backup {
  readonly account: { readonly id: string; readonly name: string }
  readonly file: string
  readonly bytes: number
  /** When the newest apply in it began, ISO 8601 UTC; null: it has none. */
  readonly newest: string | null
}

export interface Restore {
  readonly account: { readonly id: string; readonly name: string }
  readonly file: string
  /** As the project file calls the database, and what goes after it; null: there was none before. */
  readonly kept: string | null
  readonly newest: string | null
}

export const backupText = ({ account, file, bytes, newest }: Backup): string =>
  `${printable(account.name)}: backed up to ${printable(file)} (${sizeText(bytes)}, ${newestText(newest)})`

export const restoreText = ({ account, file, kept, newest }: Restore): string =>
  [
    `${printable(account.name)}: restored from ${printable(file)} (${newestText(newest)})`,
    kept === null ? 'there was no database before' : `the database from before is kept as ${printable(kept)}`,
    '`iam-sync plan` shows what differs from the YAML now',
  ].join('\n')

export const newestText = (newest: string | null): string =>
  newest === null ? 'no apply' : `last apply ${printable(newest)}`

const sizeText = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
