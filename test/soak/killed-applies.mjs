// Kills an apply right before and right after each of its commits, then looks: history knows of it, the lock is free, the
// next apply ends in the state that is declared, and a backup of what the kill left can be restored.
// node test/soak/killed-applies.mjs [STRIDE]      every how manyth commit; 1: all of them
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Connection } from '../../dist/src/store/sqlite/connection.js'
import { runHere } from './run-here.mjs'

const [, self, stride = '1', role = 'parent', folder = '', commit = '', when = ''] = process.argv

const PROJECT = `version: 1
accounts: { production: { id: "111122223333", target: { kind: local, database: state/a.db } } }
scope: { users: all, groups: all, roles: all, policies: all }
guard: { maxDeletePercent: 100 }
`
const document = (action) =>
  `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }`
const BEFORE = `users:
  alice: { groups: [developers], managedPolicies: [read], tags: { team: a } }
  bob: { inlinePolicies: { own: ${document('sqs:SendMessage')} } }
groups: { developers: { managedPolicies: [read] } }
policies: { read: { document: ${document('s3:GetObject')} } }
`
const AFTER = `users:
  alice: { groups: [operators], managedPolicies: [read, write], tags: { team: b } }
  carol: { path: /new/, permissionsBoundary: read }
groups: { operators: { managedPolicies: [write] } }
roles:
  deploy:
    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: arn:aws:iam::111122223333:user/new/carol } }] }
policies: { read: { document: ${document('s3:Get*')} }, write: { document: ${document('s3:PutObject')} } }
passwordPolicy: { minimumPasswordLength: 14 }
`

/** Ends this process at a commit, as a power switch does, but for what the system still has to write. */
function killAt(number, moment) {
  let commits = 0
  const { exec } = Connection.prototype
  Connection.prototype.exec = function (sql) {
    if (sql !== 'COMMIT') return exec.call(this, sql)
    commits++
    if (commits === number && moment === 'before') process.kill(process.pid, 'SIGKILL')
    const result = exec.call(this, sql)
    if (commits === number && moment === 'after') process.kill(process.pid, 'SIGKILL')
    return result
  }
}

/** @returns what is wrong, or null */
async function lookAt(project, backup) {
  const wrong = (what, outcome) => `${what}: exit ${outcome.code}, ${JSON.stringify(outcome.diagnostics[0])}`
  const history = await runHere('history', project, '--json')
  if (history.code !== 0) return wrong('history', history)
  const outcomes = history.entries.map(({ outcome }) => outcome)
  if (outcomes.slice(1).some((outcome) => outcome !== 'complete')) return `history: ${outcomes.join(', ')}`
  const saved = await runHere('backup', backup, '--dir', project, '--json')
  if (saved.code !== 0) return wrong('backup', saved)
  const applied = await runHere('apply', project, '--yes', '--json')
  if (applied.code !== 0 || applied.results.some(({ verified }) => !verified)) return wrong('apply', applied)
  const planned = await runHere('plan', project, '--json', '--exit-code')
  if (planned.code !== 0) return wrong('plan', planned)
  const restored = await runHere(
    'restore',
    backup,
    '--account',
    'production',
    '--dir',
    project,
    '--yes',
    '--json',
  )
  if (restored.code !== 0) return wrong('restore', restored)
  const again = await runHere('apply', project, '--yes', '--json')
  return again.code === 0 && again.results.every(({ verified }) => verified)
    ? null
    : wrong('apply of the backup', again)
}

if (role === 'child') {
  killAt(Number(commit), when)
  process.exitCode = (await runHere('apply', folder, '--yes', '--json')).code
} else {
  const place = mkdtempSync(join(tmpdir(), 'iam-sync-kills-'))
  let failed = 0
  let kills = 0
  try {
    const original = join(place, 'original')
    mkdirSync(original)
    writeFileSync(join(original, 'iam-sync.yaml'), PROJECT)
    writeFileSync(join(original, 'access.yaml'), BEFORE)
    if ((await runHere('apply', original, '--yes', '--json')).code !== 0)
      throw new Error('it can not be applied')
    writeFileSync(join(original, 'access.yaml'), AFTER)
    let isOver = false
    for (let number = 1; !isOver; number += Number(stride))
      for (const moment of ['before', 'after']) {
        const project = join(place, `${number}-${moment}`)
        cpSync(original, project, { recursive: true })
        const child = spawnSync(
          process.execPath,
          [fileURLToPath(new URL(self, 'file:')), stride, 'child', project, String(number), moment],
          { encoding: 'utf8' },
        )
        if (child.signal === 'SIGKILL') kills++
        else {
          isOver = true
          if (child.status !== 0) {
            failed++
            console.error(
              `FAILED ${number} ${moment}: ended with ${child.signal ?? child.status}\n${child.stderr}`,
            )
          }
        }
        const wrong = await lookAt(project, join(place, `${number}-${moment}.backup`))
        if (wrong !== null) {
          failed++
          console.error(`FAILED ${number} ${moment}: ${wrong}`)
        }
        rmSync(project, { recursive: true, force: true })
      }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
  console.log(`${kills} kills, ${failed} failed`)
  process.exitCode = failed === 0 && kills > 0 ? 0 : 1
}
