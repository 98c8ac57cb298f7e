import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleStamp, STAMP_FILE } from '../scripts/bundle-stamp.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The built command. It is never run when it is of other sources than those that are tested. */
export const BIN = fileURLToPath(new URL('../dist/bin/iam-sync.js', import.meta.url))

if (bundleStamp(root) !== stampOfBuild())
  throw new Error('`dist/bin` is not built of these sources: run `npm run build`')

function stampOfBuild(): string | null {
  try {
    return readFileSync(new URL(`../${STAMP_FILE}`, import.meta.url), 'utf8')
  } catch {
    return null
  }
}
