// A long hunt for wrong answers about whole estates: `node test/soak/access-hunt.mjs [questions] [seed] [processes]`, two
// hundred thousand at least unless told, in two processes. Every gate is held against the evaluator. Prints the figures, and of each
// family of faults a small example; ends with 1 when there is a fault of a family that isn't known to be open.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of each estate, at most. */
const QUESTIONS = 90

const root = fileURLToPath(new URL('../..', import.meta.url))
const [wanted = '200000', seed = String(Date.now() % 1_000_000_000), processes = '2'] = process.argv.slice(2)
const shards = Number(processes)
const folder = mkdtempSync(join(tmpdir(), 'access-hunt-'))
const start = performance.now()
const reports = await Promise.all(Array.from({ length: shards }, (_, shard) => huntShard(shard)))
rmSync(folder, { recursive: true })
const seconds = (performance.now() - start) / 1000

const all = { estates: 0, questions: 0, lookedUp: 0, unknown: 0, listed: 0 }
const families = new Map()
for (const { estates, counts, kinds, examples } of reports) {
  for (const [key, count] of Object.entries({ estates, ...counts })) all[key] += count
  for (const { kind, family, count, way } of kinds) {
    const known = families.get(family) ?? { count: 0, kinds: new Set(), ways: {}, example: examples[family] }
    known.count += count
    known.kinds.add(kind)
    known.ways[way] = (known.ways[way] ?? 0) + count
    families.set(family, known)
  }
}
const ofWay = (...ways) =>
  [...families.values()].reduce(
    (sum, { ways: counted }) => sum + ways.reduce((of, way) => of + (counted[way] ?? 0), 0),
    0,
  )

console.log(
  `seed ${seed}: ${all.estates} estates, ${all.questions} questions, ${all.lookedUp} looked up in answers, ${all.listed} entries held against the evaluator`,
)
console.log(
  `missed ${ofWay('held', 'missed')} (of those ${ofWay('held')} by a gate that holds), wrong ${ofWay('wrong', 'unreal', 'inconsistent')}, crashes ${ofWay('crash')}, unknown ${((100 * all.unknown) / Math.max(1, all.lookedUp)).toFixed(2)} %`,
)
console.log(`${seconds.toFixed(1)} s, ${Math.round(all.questions / seconds)} questions/s`)
const open = new Set(
  readFileSync(join(root, 'test/hunt/open-families.ts'), 'utf8').match(/(?<=^ {2}['"]).*(?=['"],$)/gm),
)
let isNew = false
for (const [family, { count, kinds, example }] of [...families].sort(([, a], [, b]) => b.count - a.count)) {
  isNew ||= !open.has(family)
  console.log(`\n${open.has(family) ? 'open' : 'NEW '} ${family}: ${count} faults of ${kinds.size} kinds`)
  for (const kind of [...kinds].slice(0, 3)) console.log(`  ${kind}`)
  console.log(`  ${example}`)
}
process.exitCode = isNew ? 1 : 0

function huntShard(shard) {
  const report = join(folder, `${shard}.json`)
  const share = Math.ceil(Number(wanted) / shards)
  const asked = { seed: Number(seed), wanted: share, questions: QUESTIONS, shard, shards, report }
  return new Promise((resolve, reject) => {
    spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', 'test/access/hunt.test.ts', '--silent'],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, ACCESS_HUNT: JSON.stringify(asked) },
      },
    ).on('exit', (status) => {
      if (status === 0) resolve(JSON.parse(readFileSync(report, 'utf8')))
      else reject(new Error(`the hunt ended with ${status}`))
    })
  })
}
