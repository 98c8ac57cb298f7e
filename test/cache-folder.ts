import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All tests share a parse cache of their own: the user's is neither filled by them nor of any help to them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-test-cache-'))
  process.env.IAM_SYNC_CACHE = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
