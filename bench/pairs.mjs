// Two builds against each other: whole processes and ticks of a watch, in turns (A B B A), by the processor time that they take, so
// that what else the machine does weighs on both. Says the median ratio and its interval (95 %, by resampling).
//
//   node bench/pairs.mjs OTHER                        OTHER: a checkout of another state, built
//   node bench/pairs.mjs OTHER validate watch-tag     these rows alone
//   node bench/pairs.mjs OTHER --pairs 31             21 unless told
//   node bench/pairs.mjs OTHER --account full         a generated account (quick, full) in place of `examples/acme`, which an older
//                                                     build may not be able to read
//   node bench/pairs.mjs --kinds --account full       this build against itself: an account with all kinds, and the same without the new ones
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { everyKind, NOTHING_MORE } from './every-kind.mjs'
import { median } from './figures.mjs'
import { FULL, generateAccount, QUICK, SEED, writeAccount } from './generate.mjs'
import { runNode } from './processes.mjs'
import { randomSource } from './random.mjs'
import { editOf, openWatch } from './watching.mjs'

const OURS = fileURLToPath(new URL('..', import.meta.url))
const TICKS_IN_A_TURN = 5

/** The command as each build starts it: what its package names, or what older ones had. */
function commandOf(root) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return join(root, bin['iam-sync'])
}

/** A build with an account of its own: `examples/acme` of this checkout (`files` is null), or a generated one. */
class Side {
  constructor({ root, files }) {
    this.cli = commandOf(root)
    this.folder = mkdtempSync(join(tmpdir(), 'iam-sync-pairs-'))
    this.account = join(this.folder, 'acme')
    this.cache = join(this.folder, 'cache')
    if (files === null) cpSync(join(OURS, 'examples', 'acme'), this.account, { recursive: true })
    else writeAccount(this.account, files)
    this.files = files
    this.empty()
  }

  empty() {
    rmSync(join(this.account, '.iam-sync'), { recursive: true, force: true })
  }

  /** Another action that a group's policy allows. */
  changeGroup() {
    if (this.files === null) throw new Error('plan-group: of a generated account alone')
    const { path, textAt } = editOf(this.files, 'groupPolicy')
    writeFileSync(join(this.account, path), textAt(0))
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
const applied = { first: (side) => side.run(side.cache, 'apply', '--yes', '--json') }

/** Rows: what is done once, what before each turn, and what is measured. */
const ROWS = {
  version: { turn: (side) => side.run('off', '--version') },
  validate: { turn: (side) => side.run('off', 'validate') },
  'plan-cold': { ...applied, turn: (side) => side.run('off', 'plan') },
  'plan-warm': { ...applied, turn: (side) => side.run(side.cache, 'plan') },
  'plan-group': {
    first(side) {
      side.run(side.cache, 'apply', '--yes', '--json')
      side.changeGroup()
    },
    turn: (side) => side.run(side.cache, 'plan'),
  },
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
    const openedBy = ({ root, files }) => openWatch(commandOf(root), edit, files ?? generateAccount())
    const watches = [await openedBy(ours), await openedBy(other)]
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
const sizesAt = args.indexOf('--account')
const sizes = { acme: null, quick: QUICK, full: FULL }[sizesAt < 0 ? 'acme' : args.splice(sizesAt, 2)[1]]
const isOfKinds = args.includes('--kinds')
const [otherRoot, ...wanted] = isOfKinds ? [OURS, ...args.filter((each) => each !== '--kinds')] : args
const all = [...Object.keys(ROWS), ...Object.keys(WATCH_ROWS)]
const rows = wanted.length > 0 ? wanted : all.filter((name) => name !== 'plan-group' || sizes !== null)
const unknown = rows.filter((name) => ROWS[name] === undefined && WATCH_ROWS[name] === undefined)
if (
  otherRoot === undefined ||
  !existsSync(join(otherRoot, 'package.json')) ||
  unknown.length > 0 ||
  sizes === undefined ||
  (isOfKinds && sizes === null) ||
  !(pairs > 0)
) {
  console.error(
    `usage: node bench/pairs.mjs OTHER|--kinds [--pairs N] [--account acme|quick|full] [${all.join('|')}]...`,
  )
  process.exit(2)
}
console.log(`load ${loadavg()[0].toFixed(1)} before; ${pairs} pairs each; processor time`)
const withKinds = (more) => (sizes === null ? null : generateAccount(sizes, SEED, more))
const sides = [
  { root: OURS, files: withKinds(isOfKinds ? everyKind(sizes) : NOTHING_MORE) },
  { root: resolve(otherRoot), files: withKinds(NOTHING_MORE) },
]
for (const name of rows) {
  const [ours, other] = await measure(name, sides, pairs)
  const ratios = ours.map((milliseconds, pair) => milliseconds / other[pair])
  const [low, high] = intervalOf(ratios)
  console.log(
    `${name}: ${median(ours).toFixed(1)} ms, the other ${median(other).toFixed(1)} ms, ` +
      `ratio ${median(ratios).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
  )
}
