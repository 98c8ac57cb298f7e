// What reviewers wait for, and are given to read: a plan that changes every user of the account, as each format for them.
// Needs the build. Run alone: `node bench/reviews.mjs [--quick]`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { median } from './figures.mjs'
import { FULL, generateAccount, QUICK, writeAccount } from './generate.mjs'
import { runNode, timesOf } from './processes.mjs'

const cli = fileURLToPath(new URL('../dist/bin/iam-sync.js', import.meta.url))
const FORMATS = ['text', 'markdown', 'html']

/**
 * @param folder an account that was applied as it is
 * @param files its files, which are put back at the end
 * @returns figures of the bench's form, each as it is measured, see `measureTenfold`
 */
export function* measureReviews(folder, files, { users, runs }) {
  const changed = [...files].filter(([path]) => path.startsWith('users/'))
  try {
    // A tag that no policy speaks of, another value for each: no two changes are alike, and nobody's access changes.
    for (const [path, text] of changed)
      writeFileSync(join(folder, path), text.replaceAll('employee: "1', 'employee: "2'))
    for (const format of FORMATS) {
      const plans = Array.from({ length: runs }, () => runNode([cli, 'plan', folder, '--format', format], {}))
      const name = `plan, ${users.toLocaleString('en')} changes, as ${format}`
      yield { name, values: timesOf(plans) }
      yield {
        name: '… its size',
        values: plans.map(({ stdout }) => Buffer.byteLength(stdout) / 1024),
        unit: 'KiB',
      }
    }
  } finally {
    for (const [path, text] of changed) writeFileSync(join(folder, path), text)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const isQuick = process.argv.includes('--quick')
  const sizes = isQuick ? QUICK : FULL
  const told = (values) => Math.round(median(values)).toLocaleString('en')
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-bench-reviews-'))
  try {
    const files = generateAccount(sizes)
    writeAccount(folder, files)
    runNode([cli, 'apply', folder, '--yes', '--json'], {})
    for (const { name, values, unit = 'ms' } of measureReviews(folder, files, { ...sizes, runs: 3 }))
      console.log(
        `${name}: ${told(values)} ${unit}${values.spent === undefined ? '' : `, processor ${told(values.spent)}`}`,
      )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
