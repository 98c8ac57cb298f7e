// Measures whole processes on a generated account: what somebody waits for who types a command. Each figure stands
// beside a baseline of the same run, so that figures of different machines can be compared.
//
//   npm run bench                  an account at AWS's default quotas
//   npm run bench -- --quick       a twentieth of it, fewer runs
//   npm run bench -- --json        the figures as one JSON document on stdout, progress on stderr
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, ratioOf } from './figures.mjs'
import { FULL, generateAccount, QUICK, writeAccount } from './generate.mjs'
import { measureIntake } from './intake.mjs'
import { measureTenfold, memoryOf } from './memory.mjs'
import { runNode, timesOf } from './processes.mjs'
import { measureReviews } from './reviews.mjs'
import { editOf, openWatch } from './watching.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/bin/iam-sync.js')
const isQuick = process.argv.includes('--quick')
const asJson = process.argv.includes('--json')
const sizes = isQuick ? QUICK : FULL
const runs = isQuick ? 3 : 5
const note = (text) => console.error(`bench: ${text}`)

if (!existsSync(cli)) {
  note('`dist/` is not built; run `npm run build` first')
  process.exit(1)
}

const text = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value >= 1 ? value.toFixed(1) : value.toPrecision(2)

/** Any other exit code than 0 ends the bench. */
const timeProcess = (args) => {
  try {
    return runNode(args, { cwd: root })
  } catch (error) {
    note(error.message)
    process.exit(1)
  }
}

/** Others at work on the machine make every figure worse; it is as well to know. */
const [loadBefore = 0] = loadavg()

const figures = []
/**
 * @param values a value for each run; what they took of the processor is in their `spent`, where it was measured
 * @param aim in the unit, at full size; null: none is set. So with `aimRatio`, against the baseline
 */
const record = (name, values, { unit = 'ms', aim = null, aimRatio = null, baseline = null } = {}) => {
  const value = median(values)
  const spent = values.spent === undefined ? null : median(values.spent)
  const figure = {
    name,
    unit,
    median: value,
    min: Math.min(...values),
    max: Math.max(...values),
    spent,
    runs: values.length,
    aim: isQuick ? null : aim,
    ratio: ratioOf({ values, spent: values.spent ?? null }, baseline),
    aimRatio: isQuick ? null : aimRatio,
    baseline: baseline?.name ?? null,
  }
  figures.push(figure)
  note(`${name}: ${text(value)} ${unit}${spent === null ? '' : `, processor ${text(spent)}`}`)
  return { name, value, spent }
}

const folder = mkdtempSync(join(tmpdir(), 'iam-sync-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const files = generateAccount(sizes)
writeAccount(folder, files)
const yamlBytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
/** Of this run alone: what is measured must not hang on what the user's own cache holds. */
const cache = mkdtempSync(join(tmpdir(), 'iam-sync-bench-cache-'))
process.on('exit', () => rmSync(cache, { recursive: true, force: true }))
process.env.IAM_SYNC_CACHE = cache
const forgetParsed = () => {
  for (const name of readdirSync(cache)) rmSync(join(cache, name), { recursive: true, force: true })
}
/** @returns milliseconds of each, and in `spent` of processor time */
const repeat = (count, measure) => timesOf(Array.from({ length: count }, measure))
const timeCli = (...args) => timeProcess([cli, ...args])

note(`${sizes.users} users, ${sizes.groups} groups, ${sizes.roles} roles, ${sizes.policies} policies`)

// Baselines: Node alone, and the `yaml` package alone over the same texts.
record(
  'node, an empty script',
  repeat(runs, () => timeProcess(['-e', ''])),
)
const parseAll = `
  import { readFileSync, readdirSync } from 'node:fs'
  import { parseAllDocuments } from ${JSON.stringify(import.meta.resolve('yaml'))}
  const folder = ${JSON.stringify(folder)}
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.yaml')) parseAllDocuments(readFileSync(folder + '/' + path, 'utf8'))
`
const yaml = record(
  'yaml alone, the same files',
  repeat(runs, () => timeProcess(['--input-type=module', '-e', parseAll])),
)

record(
  '--version',
  repeat(runs, () => timeCli('--version')),
)
record(
  'validate, no parse cache',
  repeat(runs, () => {
    forgetParsed()
    return timeCli('validate', folder)
  }),
  { baseline: yaml },
)
record(
  'apply from empty',
  repeat(isQuick ? 2 : 3, () => {
    rmSync(join(folder, '.iam-sync'), { recursive: true, force: true })
    return timeCli('apply', folder, '--yes', '--json')
  }),
  { baseline: yaml, aim: 15_000 },
)
record(
  'plan, nothing to change, no parse cache',
  repeat(runs, () => {
    forgetParsed()
    return timeCli('plan', folder, '--exit-code')
  }),
  { baseline: yaml, aim: 4000 },
)
const unchanged = record(
  'plan, nothing to change, parse cache',
  repeat(runs, () => timeCli('plan', folder, '--exit-code')),
  { baseline: yaml, aim: 1500 },
)
record('plan, nothing to change, no parse cache: memory', [memoryOf('off', 'plan', folder)], {
  unit: 'MiB',
  aim: 1024,
})
const databaseBytes = statSync(join(folder, '.iam-sync', 'bench.db')).size

/** @returns milliseconds from each save to the line that tells of it */
const timeWatchTicks = async (count, edit) => {
  const watch = await openWatch(cli, edit, files)
  try {
    const ticks = []
    for (let tick = 0; tick < count; tick++) ticks.push(await watch.tick())
    return timesOf(ticks)
  } finally {
    watch.close()
  }
}
record('watch: from a save to its plan', await timeWatchTicks(isQuick ? 5 : 15, 'tag'), {
  baseline: yaml,
  aim: 150,
})

// One group policy changes, which reaches the group's members: whose access changes is part of the plan.
const group = editOf(files, 'groupPolicy')
writeFileSync(join(folder, group.path), group.textAt(0))
const withAccess = record(
  'plan, a group policy changed: who gains access',
  repeat(runs, () => timeCli('plan', folder)),
  { baseline: yaml },
)
record('… what that adds to a plan', [withAccess.value - unchanged.value], { baseline: unchanged, aim: 2000 })
writeFileSync(join(folder, group.path), files.get(group.path))
record(
  'watch: from a save of a group policy to whose access changes',
  await timeWatchTicks(isQuick ? 5 : 15, 'groupPolicy'),
  { baseline: yaml, aim: 200 },
)

// Every user changes, and somebody is to review it.
for (const { name, values, ...rest } of measureReviews(folder, files, { ...sizes, runs }))
  record(name, values, rest)

// Ten times as much still loads: more than AWS lets an account have, but not more than somebody may declare.
const tenfold = mkdtempSync(join(tmpdir(), 'iam-sync-bench-tenfold-'))
process.on('exit', () => rmSync(tenfold, { recursive: true, force: true }))
for (const { name, values, ...rest } of measureTenfold(tenfold, sizes)) record(name, values, rest)

// Each part of it in a process of its own.
const { measureAccess } = await import('./access.mjs')
for (const { name, values, ...rest } of measureAccess({ quick: isQuick })) record(name, values, rest)

for (const { name, values, ...rest } of measureIntake({ quick: isQuick })) record(name, values, rest)

// Loaded here, since it needs the build.
const { measureCredentials } = await import('./credentials.mjs')
for (const { name, values, ...rest } of await measureCredentials({ quick: isQuick }))
  record(name, values, rest)
const { measureDecisions } = await import('./decisions.mjs')
for (const { name, values, ...rest } of await measureDecisions({ quick: isQuick, note }))
  record(name, values, rest)
const { measureLines } = await import('./lines.mjs')
for (const { name, values, ...rest } of await measureLines({ quick: isQuick })) record(name, values, rest)

const versionOf = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
const report = {
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${process.arch}`,
    loadBefore,
  },
  versions: {
    node: process.version,
    'iam-sync': timeCli('--version').stdout.trim(),
    ...Object.fromEntries(['yaml', 'libsql', 'zod', 'chokidar'].map((name) => [name, versionOf(name)])),
  },
  sizes: { ...sizes, files: files.size, yamlMB: yamlBytes / 1e6, databaseMB: databaseBytes / 1e6 },
  figures,
}

if (asJson) console.log(JSON.stringify(report, null, 2))
else {
  const { machine, versions } = report
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, load ${loadBefore.toFixed(1)} before`,
  )
  console.log(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')
      .replace('iam-sync iam-sync', 'iam-sync'),
  )
  console.log(
    `${sizes.users} users, ${sizes.groups} groups, ${sizes.roles} roles, ${sizes.policies} policies: ` +
      `${files.size} files, ${report.sizes.yamlMB.toFixed(2)} MB of YAML, a database of ${report.sizes.databaseMB.toFixed(1)} MB`,
  )
  console.log()
  const verdict = (limit, value, unit) => `aim ${text(limit)} ${unit}: ${value <= limit ? 'met' : 'missed'}`
  const rows = figures.map(
    ({ name, unit, median: middle, min, max, spent, ratio, baseline, aim, aimRatio }) => [
      name,
      `${text(middle)} ${unit}`,
      `${text(min)}–${text(max)}`,
      spent === null ? '' : `${text(spent)} ${unit}`,
      ratio === null ? '' : `${text(ratio)} × ${baseline.split(',')[0]}`,
      [
        ...(aim === null ? [] : [verdict(aim, middle, unit)]),
        ...(aimRatio === null ? [] : [verdict(aimRatio, ratio, '×')]),
      ].join(', '),
    ],
  )
  const header = ['', 'median', 'range', 'processor', 'against', '']
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column].length)))
  for (const row of [header, ...rows]) {
    console.log(
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
  }
}
