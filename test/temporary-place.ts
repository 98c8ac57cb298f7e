import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Whatever a test makes for a while stands in one folder, which goes when all are done. There, too, is the parse cache that all
 * share: the user's is neither filled by them nor of any help to them.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-tests-'))
  // Some tests have another user look at what they made.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.env.TEMP = folder
  process.env.IAM_SYNC_CACHE = join(folder, 'cache')
  return () => rmSync(folder, { recursive: true, force: true })
}
