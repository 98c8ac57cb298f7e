import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder, which is removed when all tests are done. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'iam-sync-'))
