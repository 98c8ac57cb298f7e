import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Bytes for each character of the files, above what the texts themselves take. On Node 20 13.4 where
 * files are parsed, 13.4 from the cache; it is 18 and 19 where each list has room to grow and each text is a string of its own. */
const MOST_PER_CHARACTER = 16

test('a loaded project keeps few bytes for each character of its files, parsed or from the cache', () => {
  const script = fileURLToPath(new URL('kept-by-loads.mjs', import.meta.url))
  const out = execFileSync(process.execPath, ['--expose-gc', script], { encoding: 'utf8' })
  const kept: { readonly parsed: number; readonly cached: number } = JSON.parse(out)
  expect(Math.min(kept.parsed, kept.cached)).toBeGreaterThan(1)
  expect(kept.parsed).toBeLessThan(MOST_PER_CHARACTER)
  expect(kept.cached).toBeLessThan(MOST_PER_CHARACTER)
})
