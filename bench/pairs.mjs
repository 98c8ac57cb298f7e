// Two builds against each other: whole processes and ticks of a watch, in turns (A B B A), by the processor time that they take, so
// that what else the machine does weighs on both. Says the median ratio and its interval (95 %, by resampling).
//
//   node bench/pairs.mjs OTHER                        OTHER: a checkout of another state, built
//   node bench/pairs.mjs OTHER validate watch-tag     these rows alone
//   node bench/pairs.mjs OTHER --pairs 31             21 unless told
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './figures.mjs'
import { runNode } from './processes.mjs'
import { randomSource } from './random.mjs'
import { openWatch } from './watching.mjs'

const OURS = fileURLToPath(new URL('..', import.meta.url))
const TICKS_IN_A_TURN = 5

/** The command as each build starts it: what its package names, or what older ones had. */
function commandOf(root) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return join(root, bin['iam-sync'])
}

/** A build with an account of its own: `examples/acme` of this checkout. */
class Side {
  constructor(root) {
    this.cli = commandOf(root)
    this.folder = mkdtempSync(join(tmpdir(), 'iam-sync-pairs-'))
    this.account = join(this.folder, 'acme')
    this.cache = join(this.folder, 'cache')
    cpSync(join(OURS, 'examples', 'acme'), this.account, { recursive: true })
    this.empty()
  }

  empty() {
    rmSync(join(this.account, '.iam-sync'), { recursive: true, force: true })
  }

  run(cache, ...args) {
    const env = { CI: '', IAM_SYNC_CACHE: cache }
    const { spent } = runNode([this.cli, ...args], { cwd: this.account, env })
    if (spent === null) throw new Error('the processor time of a process: only where there is Bash')
    return spent
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const fromEmpty = { before: (side) => side.empty() }
const applied = { first: (side) => side.run(side.cache, 'apply', '--yes') }

/** Rows: what is done once, what before each turn, and what is measured. */
const ROWS = {
  version: { turn: (side) => side.run('off', '--version') },
  validate: { turn: (side) => side.run('off', 'validate') },
  'plan-cold': { ...applied, turn: (side) => side.run('off', 'plan') },
  'plan-warm': { ...applied, turn: (side) => side.run(side.cache, 'plan') },
  'plan-empty': { ...fromEmpty, turn: (side) => side.run('off', 'plan') },
  'apply-empty': { ...fromEmpty, turn: (side) => side.run('off', 'apply', '--yes') },
  'apply-json': { ...fromEmpty, turn: (side) => side.run('off', 'apply', '--yes', '--json') },
}
const WATCH_ROWS = { 'watch-tag': 'tag', 'watch-group': 'groupPolicy' }

/** The interval that holds the median ratio in 95 of 100 resamplings. */
function intervalOf(ratios) {
  const random = randomSource(1)
  const medians = Array.from({ length: 2000 }, () =>
    median(ratios.map(() => ratios[random.between(0, ratios.length - 1)])),
  ).sort((one, other) => one - other)
  return [medians[50], medians[1949]]
}

async function inTurns(sides, pairs, turn) {
  const spent = [[], []]
  for (let pair = -1; pair < pairs; pair++)
    for (const index of pair % 2 === 0 ? [0, 1] : [1, 0]) {
      const milliseconds = await turn(sides[index])
      // The first of each warms what the system keeps.
      if (pair >= 0) spent[index].push(milliseconds)
    }
  return spent
}

async function measure(name, [ours, other], pairs) {
  const edit = WATCH_ROWS[name]
  if (edit !== undefined) {
    const watches = [await openWatch(commandOf(ours), edit), await openWatch(commandOf(other), edit)]
    try {
      return await inTurns(watches, pairs, async (watch) => {
        let sum = 0
        for (let tick = 0; tick < TICKS_IN_A_TURN; tick++) {
          const { spent } = await watch.tick()
          if (spent === null) throw new Error('the processor time of a running process: only on Linux')
          sum += spent
        }
        return sum / TICKS_IN_A_TURN
      })
    } finally {
      for (const watch of watches) watch.close()
    }
  }
  const { first, before, turn } = ROWS[name]
  const sides = [new Side(ours), new Side(other)]
  try {
    for (const side of sides) first?.(side)
    return await inTurns(sides, pairs, (side) => {
      before?.(side)
      return turn(side)
    })
  } finally {
    for (const side of sides) side.close()
  }
}

const args = process.argv.slice(2)
const place = args.indexOf('--pairs')
const pairs = place < 0 ? 21 : Number(args.splice(place, 2)[1])
const [otherRoot, ...wanted] = args
const rows = wanted.length > 0 ? wanted : [...Object.keys(ROWS), ...Object.keys(WATCH_ROWS)]
const unknown = rows.filter((name) => ROWS[name] === undefined && WATCH_ROWS[name] === undefined)
if (
  otherRoot === undefined ||
  !existsSync(join(otherRoot, 'package.json')) ||
  unknown.length > 0 ||
  !(pairs > 0)
) {
  console.error(
    `usage: node bench/pairs.mjs OTHER [--pairs N] [${[...Object.keys(ROWS), ...Object.keys(WATCH_ROWS)].join('|')}]...`,
  )
  process.exit(2)
}
console.log(`load ${loadavg()[0].toFixed(1)} before; ${pairs} pairs each; processor time`)
for (const name of rows) {
  const [ours, other] = await measure(name, [OURS, resolve(otherRoot)], pairs)
  const ratios = ours.map((milliseconds, pair) => milliseconds / other[pair])
  const [low, high] = intervalOf(ratios)
  console.log(
    `${name}: ${median(ours).toFixed(1)} ms, the other ${median(other).toFixed(1)} ms, ` +
      `ratio ${median(ratios).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
  )
}
