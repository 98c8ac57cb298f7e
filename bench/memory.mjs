// How much memory whole processes have at most on ten times an account: more than AWS lets an account have, but not more than
// somebody may declare. Part of `npm run bench`; by itself it takes some minutes, most of them for the apply.
//
//   node bench/memory.mjs               ten times an account at AWS's default quotas
//   node bench/memory.mjs --quick       half of such an account
//   node bench/memory.mjs FOLDER        in FOLDER, which is kept: with an account in it already, that one is measured
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { FULL, generateAccount, QUICK, writeAccount } from './generate.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cli = join(root, 'dist/bin/iam-sync.js')

/**
 * @param cache the folder of the parse cache, or `off`
 * @returns the most memory that a whole process had, in MiB
 */
export function memoryOf(cache, ...args) {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', new URL('say-memory.mjs', import.meta.url).href, cli, ...args],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, NO_COLOR: '1', IAM_SYNC_CACHE: cache },
    },
  )
  const kibibytes = /^most memory: (\d+) KiB$/m.exec(stderr)?.[1]
  if (status !== 0 || kibibytes === undefined)
    throw new Error(`\`${args[0]}\` ended with ${status}\n${stderr.slice(-2000)}`)
  return Number(kibibytes) / 1024
}

const QUOTAS = {
  users: 'usersPerAccount',
  groups: 'groupsPerAccount',
  roles: 'rolesPerAccount',
  policies: 'customerManagedPoliciesPerAccount',
}

/** Writes an account of ten times these sizes, with quotas that it keeps to. */
function writeTenfold(folder, sizes) {
  writeAccount(
    folder,
    generateAccount(Object.fromEntries(Object.entries(sizes).map(([kind, count]) => [kind, 10 * count]))),
  )
  const file = join(folder, 'iam-sync.yaml')
  const quotas = Object.entries(QUOTAS)
    .map(([kind, quota]) => `${quota}: ${20 * sizes[kind] + 1000}`)
    .join(', ')
  writeFileSync(file, readFileSync(file, 'utf8').replace('bench.db }', `bench.db, quotas: { ${quotas} } }`))
}

/**
 * @param folder where the account is, or is to be
 * @param sizes of the account of which it is ten times as much
 * @returns figures in MiB, each as it is measured
 */
export function* measureTenfold(folder, sizes) {
  mkdirSync(folder, { recursive: true })
  if (!existsSync(join(folder, 'iam-sync.yaml'))) writeTenfold(folder, sizes)
  const cache = mkdtempSync(join(tmpdir(), 'iam-sync-bench-cache-'))
  const figure = (name, place, args, aim = null) => ({
    name: `${name}, ten times the account: memory`,
    values: [memoryOf(place, args[0], folder, ...args.slice(1))],
    unit: 'MiB',
    aim,
  })
  const AIM = 1024
  try {
    yield figure('validate, no parse cache', 'off', ['validate'], AIM)
    if (!existsSync(join(folder, '.iam-sync')))
      yield figure('apply from empty', 'off', ['apply', '--json', '--yes'])
    yield figure('plan, nothing to change, no parse cache', 'off', ['plan'], AIM)
    yield figure('plan, nothing to change, while it fills the parse cache', cache, ['plan'], AIM)
    yield figure('plan, nothing to change, parse cache', cache, ['plan'], AIM)
    yield figure('plan --json, nothing to change, parse cache', cache, ['plan', '--json'], AIM)
  } finally {
    rmSync(cache, { recursive: true, force: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [named] = process.argv.slice(2).filter((each) => !each.startsWith('--'))
  const folder = named === undefined ? mkdtempSync(join(tmpdir(), 'iam-sync-bench-tenfold-')) : resolve(named)
  if (named === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const { name, values, aim } of measureTenfold(
    folder,
    process.argv.includes('--quick') ? QUICK : FULL,
  )) {
    const verdict = aim === null ? '' : `   aim ${aim} MiB: ${values[0] <= aim ? 'met' : 'missed'}`
    console.log(`${name}: ${Math.round(values[0])} MiB${verdict}`)
  }
}
