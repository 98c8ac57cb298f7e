// What questions cost that are asked of what others wrote: a plan of Terraform of 1,000 resources, and an export of an account of
// 5,000 users, each as a whole process, beside Node reading the same file with `JSON.parse`. Needs the build.
// Run alone: `node bench/intake.mjs [--quick]`.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { median, ratioOf } from './figures.mjs'
import { exportParts, planParts } from './foreign-files.mjs'
import { memoryOf } from './memory.mjs'
import { runNode, timesOf } from './processes.mjs'

const cli = fileURLToPath(new URL('../dist/bin/iam-sync.js', import.meta.url))
const FULL = { resources: 1000, users: 5000, runs: 3 }
const QUICK = { resources: 200, users: 250, runs: 2 }
/** Reads and parses a file, as any program must that is to say something of it. */
const PARSE = "JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'))"

export function writeParts(file, parts) {
  const open = openSync(file, 'w')
  let text = ''
  for (const part of parts) {
    text += part
    if (text.length < 1 << 20) continue
    writeSync(open, text)
    text = ''
  }
  writeSync(open, text)
  closeSync(open)
}

/** @returns figures of the bench's form, each as it is measured, see `measureTenfold` */
export function* measureIntake({ quick = false } = {}) {
  const { resources, users, runs } = quick ? QUICK : FULL
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-bench-intake-'))
  try {
    const plan = join(folder, 'plan.json')
    writeParts(plan, planParts({ resources }))
    const details = join(folder, 'account.json')
    writeParts(details, exportParts({ users }))
    yield* measureFile(plan, `a plan of ${resources} resources`, runs, [
      ['access diff', ['access', 'diff', `tfplan:${plan}`]],
      [
        'who-can',
        ['who-can', 's3:DeleteObject', 'arn:aws:s3:::acme-orders-0/*', '--as-of', `tfplan:${plan}`],
      ],
    ])
    yield* measureFile(details, `an export of ${users} users`, runs, [
      [
        'who-can',
        ['who-can', 's3:DeleteObject', 'arn:aws:s3:::acme-orders-0/*', '--as-of', `gaad:${details}`],
      ],
      ['access escalations', ['access', 'escalations', '--as-of', `gaad:${details}`]],
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function* measureFile(file, what, runs, questions) {
  const repeat = (args) => timesOf(Array.from({ length: runs }, () => runNode(args, { cwd: tmpdir() })))
  const megabytes = (statSync(file).size / 1e6).toFixed(1)
  const parsed = repeat(['-e', PARSE, file])
  yield { name: `JSON.parse, ${what}, ${megabytes} MB`, unit: 'ms', values: parsed, baseline: null }
  const baseline = {
    name: 'JSON.parse',
    value: median(parsed),
    spent: parsed.spent === undefined ? null : median(parsed.spent),
  }
  for (const [question, args] of questions) {
    yield { name: `${question}, ${what}`, unit: 'ms', values: repeat([cli, ...args]), baseline }
    yield {
      name: `${question}, ${what}: memory`,
      unit: 'MiB',
      values: [memoryOf('off', ...args)],
      baseline: null,
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const { name, unit, values, baseline } of measureIntake({ quick: process.argv.includes('--quick') })) {
    const spent = values.spent === undefined ? '' : ` (processor ${Math.round(median(values.spent))})`
    const ratio = ratioOf({ values, spent: values.spent ?? null }, baseline)
    console.log(
      `${name}: ${Math.round(median(values))} ${unit}${spent}${ratio === null ? '' : `, ${ratio.toPrecision(3)} × ${baseline.name}`}`,
    )
  }
