// Damages databases in every way that disks, editors and other programs do, and runs commands on them: whatever is left of a
// database is read, or refused with a code and what to do. Never a defect of ours, never the end of the process.
// node test/soak/damaged-databases.mjs [COUNT] [SEED]
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'libsql'
import { randomSource } from '../../bench/random.mjs'
import { runHere } from './run-here.mjs'

const [, self, count = '2000', seed = '1', role = 'parent'] = process.argv

/** So many at a time in one process, so that one that ends it is found. */
const BATCH = 250

const PROJECT = `version: 1
accounts: { production: { id: "111122223333", target: { kind: local, database: a.db } } }
scope: { users: all, groups: all, roles: all, policies: all }
guard: { maxDeletePercent: 100 }
`
const document = (action) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }`
const MANIFEST = `users:
  alice: { groups: [developers], managedPolicies: [read], permissionsBoundary: read, tags: { team: a } }
  bob: { inlinePolicies: { own: ${document('sqs:SendMessage')} } }
groups: { developers: { managedPolicies: [ReadOnlyAccess] } }
roles:
  deploy:
    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: arn:aws:iam::111122223333:user/alice } }] }
    managedPolicies: [read]
policies: { read: { document: ${document('s3:GetObject')}, tags: { k: v } } }
passwordPolicy: { minimumPasswordLength: 14 }
`

/** Dumps of databases of every schema; every third database that is damaged is one of them. */
const FIXTURES = new URL('../store/fixtures/', import.meta.url)
const EARLIER = readdirSync(FIXTURES)
  .filter((name) => /^schema-\d+\.sql$/.test(name))
  .sort()

const VALUES = [
  null,
  '',
  'x',
  '{',
  '[]',
  '{}',
  'null',
  '%7B%7D',
  '0',
  -1,
  0,
  1,
  2 ** 52,
  'arn:aws:iam::1:x/y',
  '{"Version":"2012-10-17"}',
  '\u0000',
  '\ud800',
]

/** @returns what was done, for the report */
function damage(file, { pick, below, chance }) {
  const kind = pick(['bytes', 'page', 'cut', 'log', 'statement', 'value', 'value', 'value', 'untyped'])
  if (kind === 'bytes' || kind === 'page' || kind === 'cut') {
    const bytes = readFileSync(file)
    if (kind === 'cut') writeFileSync(file, bytes.subarray(0, below(bytes.length)))
    else if (kind === 'page') {
      const at = below(bytes.length / 4096) * 4096
      bytes.fill(pick([0, 0xff, 0x41]), at, at + 4096)
    } else
      for (let times = 1 + below(20); times > 0; times--)
        bytes[below(chance(0.5) ? 4096 : bytes.length)] = below(256)
    if (kind !== 'cut') writeFileSync(file, bytes)
    return kind
  }
  if (kind === 'log') {
    const bytes = Buffer.from(Array.from({ length: 4200 }, () => below(256)))
    if (chance(0.5)) bytes.writeUInt32BE(0x377f0682, 0)
    writeFileSync(`${file}-wal`, bytes)
    return kind
  }
  const database = new Database(file)
  const said = []
  const attempt = (sql, ...values) => {
    said.push(`${sql} ${JSON.stringify(values)}`)
    try {
      database.prepare(sql).run(values)
    } catch {}
  }
  try {
    database.exec('PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF')
    const table = pick(
      database
        .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
        .all()
        .map(({ name }) => name),
    )
    const columns = database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => `"${name}"`)
    if (kind === 'statement')
      attempt(
        pick([
          `DROP TABLE ${table}`,
          `DELETE FROM ${table}`,
          `INSERT INTO ${table} SELECT * FROM ${table}`,
          `ALTER TABLE ${table} RENAME COLUMN ${pick(columns)} TO other`,
          `ALTER TABLE ${table} DROP COLUMN ${pick(columns)}`,
          `DROP INDEX ${table === 'identities' ? 'identities_name' : 'entities_name'}`,
          'PRAGMA user_version = 7',
        ]),
      )
    else {
      if (kind === 'untyped') {
        attempt(`CREATE TABLE copy AS SELECT * FROM ${table}`)
        attempt(`DROP TABLE ${table}`)
        attempt(`ALTER TABLE copy RENAME TO ${table}`)
      }
      for (let times = 1 + below(3); times > 0; times--)
        attempt(
          `UPDATE ${table} SET ${pick(columns)} = ? WHERE rowid IN (SELECT rowid FROM ${table} LIMIT 1 OFFSET ${below(4)}) OR ?`,
          chance(0.2) ? Buffer.from([0xff, 0xfe, 0x00]) : pick(VALUES),
          chance(0.3) ? 1 : 0,
        )
    }
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
  return `${kind}: ${said.join('; ')}`
}

/** Makes a database of a dump, as SQLite leaves it once nobody has it open. */
function loaded(file, dump) {
  const database = new Database(file)
  database.exec(`PRAGMA journal_mode = WAL; ${dump}; PRAGMA wal_checkpoint(TRUNCATE)`)
  database.close()
  return file
}

async function damageAll(from, to) {
  const folder = mkdtempSync(join(tmpdir(), 'iam-sync-damage-'))
  let refused = 0
  let failed = 0
  try {
    writeFileSync(join(folder, 'iam-sync.yaml'), PROJECT)
    writeFileSync(join(folder, 'access.yaml'), MANIFEST)
    const { code } = await runHere('apply', folder, '--yes', '--json')
    if (code !== 0) throw new Error('the project can not be applied')
    const whole = join(folder, 'whole')
    copyFileSync(join(folder, 'a.db'), whole)
    const earlier = EARLIER.map((name) =>
      loaded(join(folder, name), readFileSync(new URL(name, FIXTURES), 'utf8')),
    )
    const file = join(folder, 'a.db')
    for (let number = from; number < to; number++) {
      for (const suffix of ['', '-wal', '-shm', '-reserve']) rmSync(file + suffix, { force: true })
      copyFileSync(number % 3 === 0 ? earlier[(number / 3) % earlier.length] : whole, file)
      process.stdout.write(`at ${number}\n`)
      const done = damage(file, randomSource(number))
      for (const args of [
        ['plan', folder, '--json'],
        ['history', folder, '--json'],
        ['apply', folder, '--yes', '--json'],
        ['plan', folder, '--json'],
      ]) {
        const outcome = await runHere(...args)
        const bad = outcome.diagnostics.find(
          (each) =>
            each.code === 'internal' ||
            (each.severity === 'error' && each.code.startsWith('store.') && !each.help) ||
            /SQLITE|SqliteError|no such (table|column)|undefined/.test(each.message),
        )
        if (outcome.diagnostics.some((each) => each.code.startsWith('store.'))) refused++
        if (bad === undefined) continue
        failed++
        console.error(`FAILED ${number} ${args[0]} (${done}): ${bad.code}: ${bad.message}`)
        break
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.error(`${from} to ${to}: ${refused} refused, ${failed} failed`)
  return failed === 0
}

if (role === 'child') process.exitCode = (await damageAll(Number(seed), Number(count))) ? 0 : 1
else {
  let good = true
  const end = Number(seed) + Number(count)
  for (let from = Number(seed); from < end; from += BATCH) {
    const to = Math.min(end, from + BATCH)
    const { status, signal, stdout } = spawnSync(
      process.execPath,
      [fileURLToPath(new URL(self, 'file:')), String(to), String(from), 'child'],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    )
    if (status === 0) continue
    good = false
    const last = stdout.trimEnd().split('\n').at(-1)
    if (status !== 1) console.error(`FAILED ${last}: the process ended with ${signal ?? status}`)
  }
  console.log(good ? 'fine' : 'FAILED')
  process.exitCode = good ? 0 : 1
}
