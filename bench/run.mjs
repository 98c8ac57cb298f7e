// Measures whole processes on a generated account: what somebody waits for who types a command. Each figure stands
// beside a baseline of the same run, so that figures of different machines can be compared.
//
//   npm run bench                  an account at AWS's default quotas
//   npm run bench -- --quick       a twentieth of it, fewer runs
//   npm run bench -- --json        the figures as one JSON document on stdout, progress on stderr
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FULL, generateAccount, QUICK, writeAccount } from './generate.mjs'
import { measureTenfold, memoryOf } from './memory.mjs'

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

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const text = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value >= 1 ? value.toFixed(1) : value.toPrecision(2)

/** @returns milliseconds and stdout of a whole process; any other exit code than 0 ends the bench */
const timeProcess = (args) => {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1' },
  })
  const milliseconds = performance.now() - start
  if (status !== 0) {
    note(
      `\`${args.slice(1, 3).join(' ')}\` ended with ${status}\n${stderr.slice(-2000)}${stdout.slice(-2000)}`,
    )
    process.exit(1)
  }
  return { milliseconds, stdout }
}

/** Others at work on the machine make every figure worse; it is as well to know. */
const [loadBefore = 0] = loadavg()

const figures = []
/** @param aim in the unit, at full size; null: none is set. So with `aimRatio`, against the baseline */
const record = (name, values, { unit = 'ms', aim = null, aimRatio = null, baseline = null } = {}) => {
  const value = median(values)
  const ratio = baseline === null ? null : value / baseline.value
  const figure = {
    name,
    unit,
    median: value,
    min: Math.min(...values),
    max: Math.max(...values),
    runs: values.length,
    aim: isQuick ? null : aim,
    ratio,
    aimRatio: isQuick ? null : aimRatio,
    baseline: baseline?.name ?? null,
  }
  figures.push(figure)
  note(`${name}: ${text(value)} ${unit}`)
  return { name, value }
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
const repeat = (count, measure) => Array.from({ length: count }, measure)
const timeCli = (...args) => timeProcess([cli, ...args])

note(`${sizes.users} users, ${sizes.groups} groups, ${sizes.roles} roles, ${sizes.policies} policies`)

// Baselines: Node alone, and the `yaml` package alone over the same texts.
record(
  'node, an empty script',
  repeat(runs, () => timeProcess(['-e', '']).milliseconds),
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
  repeat(runs, () => timeProcess(['--input-type=module', '-e', parseAll]).milliseconds),
)

record(
  '--version',
  repeat(runs, () => timeCli('--version').milliseconds),
)
record(
  'validate, no parse cache',
  repeat(runs, () => {
    forgetParsed()
    return timeCli('validate', folder).milliseconds
  }),
  { baseline: yaml },
)
record(
  'apply from empty',
  repeat(isQuick ? 2 : 3, () => {
    rmSync(join(folder, '.iam-sync'), { recursive: true, force: true })
    return timeCli('apply', folder, '--yes', '--json').milliseconds
  }),
  { baseline: yaml, aim: 15_000 },
)
record(
  'plan, nothing to change, no parse cache',
  repeat(runs, () => {
    forgetParsed()
    return timeCli('plan', folder, '--exit-code').milliseconds
  }),
  { baseline: yaml, aim: 4000 },
)
const unchanged = record(
  'plan, nothing to change, parse cache',
  repeat(runs, () => timeCli('plan', folder, '--exit-code').milliseconds),
  { baseline: yaml, aim: 1500 },
)
record('plan, nothing to change, no parse cache: memory', [memoryOf('off', 'plan', folder)], {
  unit: 'MiB',
  aim: 1024,
})
const databaseBytes = statSync(join(folder, '.iam-sync', 'bench.db')).size

/** Actions that no policy of the account names. */
const ADDED = [
  ...[
    'BatchGetTraces',
    'CreateGroup',
    'CreateSamplingRule',
    'DeleteGroup',
    'GetEncryptionConfig',
    'GetGroup',
  ],
  ...[
    'GetGroups',
    'GetInsight',
    'GetSamplingRules',
    'GetSamplingTargets',
    'GetServiceGraph',
    'GetTraceGraph',
  ],
  ...['GetTraceSummaries', 'PutTelemetryRecords', 'PutTraceSegments', 'UpdateGroup'],
]

/** What a watcher is told again and again: another tag of one user, or another action that a group's policy allows. */
const EDITS = {
  tag: {
    folder: 'users/',
    change: (text, tick) => text.replace(/employee: "\d+"/, `employee: "${900_000 + tick}"`),
    isTold: (line) => line.includes('TagUser'),
  },
  groupPolicy: {
    folder: 'groups/',
    change: (text, tick) => text.replace(/Action: \[/, `Action: [xray:${ADDED[tick % ADDED.length]}, `),
    isTold: (line) => line.includes('"verdict":"gained"'),
  },
}

/** @returns milliseconds from each save to the line that tells of it */
const timeWatchTicks = async (count, { folder: within, change, isTold }) => {
  const edited = [...files.keys()].find(
    (path) => path.startsWith(within) && change(files.get(path), 0) !== files.get(path),
  )
  const text = files.get(edited)
  const watch = spawn(process.execPath, [cli, 'watch', folder, '--json'], { cwd: root })
  let complaints = ''
  watch.stderr.setEncoding('utf8').on('data', (chunk) => {
    complaints += chunk
  })
  const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const timer = setTimeout(() => watch.kill('SIGKILL'), 60_000)
    const { value, done } = await lines.next()
    clearTimeout(timer)
    if (done) throw new Error(`watch ended\n${complaints}`)
    return value
  }
  const ticks = []
  try {
    const first = await nextLine()
    if (!first.startsWith('{"formatVersion"')) throw new Error(`watch began with ${first}\n${complaints}`)
    for (let tick = 0; tick < count; tick++) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      const changed = change(text, tick)
      const start = performance.now()
      writeFileSync(join(folder, edited), changed)
      const line = await nextLine()
      ticks.push(performance.now() - start)
      if (!isTold(line)) throw new Error(`a tick without the change: ${line.slice(0, 500)}`)
    }
  } finally {
    watch.kill('SIGINT')
    writeFileSync(join(folder, edited), text)
  }
  return ticks
}
record('watch: from a save to its plan', await timeWatchTicks(isQuick ? 5 : 15, EDITS.tag), {
  baseline: yaml,
  aim: 150,
})

// One group policy changes, which reaches the group's members: whose access changes is part of the plan.
const [grouped = '', groupText = ''] =
  [...files].find(([path, content]) => path.startsWith('groups/') && /Action: \[/.test(content)) ?? []
writeFileSync(join(folder, grouped), EDITS.groupPolicy.change(groupText, 0))
const withAccess = record(
  'plan, a group policy changed: who gains access',
  repeat(runs, () => timeCli('plan', folder).milliseconds),
  { baseline: yaml },
)
record('… what that adds to a plan', [withAccess.value - unchanged.value], { baseline: unchanged, aim: 2000 })
writeFileSync(join(folder, grouped), groupText)
record(
  'watch: from a save of a group policy to whose access changes',
  await timeWatchTicks(isQuick ? 5 : 15, EDITS.groupPolicy),
  { baseline: yaml, aim: 200 },
)

// Ten times as much still loads: more than AWS lets an account have, but not more than somebody may declare.
const tenfold = mkdtempSync(join(tmpdir(), 'iam-sync-bench-tenfold-'))
process.on('exit', () => rmSync(tenfold, { recursive: true, force: true }))
for (const { name, values, ...rest } of measureTenfold(tenfold, sizes)) record(name, values, rest)

// Each part of it in a process of its own.
const { measureAccess } = await import('./access.mjs')
for (const { name, values, ...rest } of measureAccess({ quick: isQuick })) record(name, values, rest)

// Loaded here, since it needs the build.
const { measureDecisions } = await import('./decisions.mjs')
for (const { name, values, ...rest } of await measureDecisions({ quick: isQuick, note }))
  record(name, values, rest)

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
  const rows = figures.map(({ name, unit, median: middle, min, max, ratio, baseline, aim, aimRatio }) => [
    name,
    `${text(middle)} ${unit}`,
    `${text(min)}–${text(max)}`,
    ratio === null ? '' : `${text(ratio)} × ${baseline.split(',')[0]}`,
    [
      ...(aim === null ? [] : [verdict(aim, middle, unit)]),
      ...(aimRatio === null ? [] : [verdict(aimRatio, ratio, '×')]),
    ].join(', '),
  ])
  const header = ['', 'median', 'range', 'against', '']
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
