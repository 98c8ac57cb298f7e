import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const PREFIX = 'iam-sync-tests-'

/**
 * Whatever a test makes for a while stands in one folder, which goes when all are done. There, too, is the parse cache that all
 * share: the user's is neither filled by them nor of any help to them.
 */
export default function setup(): (() => void) | undefined {
  // It is called once for each project of the run.
  if (basename(tmpdir()).startsWith(PREFIX)) return undefined
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  // Some tests have another user look at what they made.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.env.TEMP = folder
  process.env.IAM_SYNC_CACHE = join(folder, 'cache')
  return () => rmSync(folder, { recursive: true, force: true })
}
