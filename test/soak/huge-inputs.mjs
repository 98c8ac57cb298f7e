// What others wrote, huge and hostile: a plan of 20,000 resources in 100 MB, an export of as much, and files that are made to take more
// than they weigh. Each is read by a process of its own with a bounded heap; ends with 1 where one crashes, has an error without a code of
// its own, or takes more memory than files of that size may. The plan is compared with itself before it, too, in bounded time.
//
//   node test/soak/huge-inputs.mjs [RESOURCES] [MEGABYTES]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportParts, planParts } from '../../bench/foreign-files.mjs'
import { writeParts } from '../../bench/intake.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cli = join(root, 'dist/bin/iam-sync.js')
const resources = Number(process.argv[2] ?? 20_000)
const bytes = Number(process.argv[3] ?? 100) * 1e6
const HEAP_MIB = 1024
const MOST_MIB = 1400
/** Of a processor, for all that one difference of such a plan takes: alone on a machine it is a fifth. */
const MOST_SECONDS = 90

/** The padding stands four times in a plan, and a resource in seven has it. */
const padding = Math.max(0, Math.floor(((bytes - resources * 1350) * 7) / (4 * resources)))

function* repeated(before, part, count, after) {
  yield before
  for (let at = 0; at < count; at++) yield at === 0 ? part(at) : `,${part(at)}`
  yield after
}
const head = '{"format_version":"1.2","planned_values":{"root_module":{}},"resource_changes":['
const change = (at, rest = {}) =>
  JSON.stringify({
    address: `aws_iam_role.r${at}`,
    mode: 'managed',
    type: 'aws_iam_role',
    name: `r${at}`,
    change: { actions: ['create'], before: null, after: { name: `r${at}` }, after_unknown: {}, ...rest },
  })

/** What others wrote, by the word that it is named with, and what must be the first line on stderr where it is refused. */
const FILES = {
  'a plan': ['tfplan', () => planParts({ resources, padding }), null],
  'an export': ['gaad', () => exportParts({ users: resources }), null],
  'a plan with a million empty modules': [
    'tfplan',
    () =>
      repeated(
        '{"format_version":"1.2","resource_changes":[],"planned_values":{"root_module":{"child_modules":[',
        () => '{}',
        1_000_000,
        ']}}}',
      ),
    null,
  ],
  'a plan with one address many times': [
    'tfplan',
    () => repeated(head, () => change(1), resources, ']}'),
    null,
  ],
  'a plan that is nested a million deep': ['tfplan', () => [head, '['.repeat(1_000_000)], 'intake.too-deep'],
  'a plan with keys of prototypes': [
    'tfplan',
    () =>
      repeated(
        head,
        (at) =>
          change(at).replace('"after":{', '"after":{"__proto__":{"name":"x"},"constructor":{"prototype":1},'),
        resources,
        ']}',
      ),
    null,
  ],
  'a plan with halves of characters': [
    'tfplan',
    () => repeated(head, (at) => change(at).replaceAll('"name":"r', '"name":"\\ud800r'), resources, ']}'),
    null,
  ],
  'an export that is cut': [
    'gaad',
    () => [...exportParts({ users: resources })].slice(0, -20),
    'intake.truncated',
  ],
  'a file of one text': ['tfplan', () => ['"', 'x'.repeat(bytes), '"'], 'intake.not-json'],
  'a template that is nested a million deep': [
    'cfn',
    () => ['{"Resources":', '['.repeat(1_000_000)],
    'manifest.',
  ],
}

const folder = mkdtempSync(join(tmpdir(), 'iam-sync-huge-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const failed = []
const file = join(folder, 'input.json')

/** A question to a process of its own with a bounded heap; `memory` in MiB, `seconds` of a processor. */
function ask(...args) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MIB}`,
      ...['--import', new URL('../../bench/say-memory.mjs', import.meta.url).href],
      cli,
      ...args,
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: '1' } },
  )
  const said = (what) => Number(new RegExp(`^${what}: (\\d+)`, 'm').exec(stderr)?.[1] ?? Number.NaN)
  const error = /^error\[([\w.-]+)\]/m.exec(stderr)?.[1] ?? 'none'
  return { status, stderr, error, memory: said('most memory') / 1024, seconds: said('processor') / 1000 }
}

function tell(name, isFine, { memory, seconds, error, stderr }) {
  const size = (statSync(file).size / 1e6).toFixed(0)
  console.log(
    `${isFine ? 'fine  ' : 'FAILED'} ${name}: ${size} MB, ${Math.round(memory)} MiB, ${seconds.toFixed(1)} s, ${error}`,
  )
  if (isFine) return
  failed.push(name)
  console.log(stderr.slice(0, 1000))
}

for (const [name, [word, parts, code]] of Object.entries(FILES)) {
  writeParts(file, parts())
  const answer = ask(
    ...['evaluate', '--principal', 'role/service/nobody', '--action', 's3:GetObject', '--resource', '*'],
    ...['--as-of', `${word}:${file}`],
  )
  // Nobody is called so: what could be read ends with that.
  const isExpected = answer.error.startsWith(code ?? 'evaluate.')
  tell(name, answer.status === 1 && isExpected && answer.memory < MOST_MIB, answer)
}

writeParts(file, planParts({ resources, padding }))
const difference = ask('access', 'diff', `tfplan:${file}`)
const isInTime = difference.seconds < MOST_SECONDS && difference.memory < MOST_MIB
tell('the difference that a plan makes', difference.status === 0 && isInTime, difference)
process.exitCode = failed.length === 0 ? 0 : 1
