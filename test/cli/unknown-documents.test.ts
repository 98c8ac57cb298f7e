import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Connection } from '../../src/store/sqlite/connection.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", target: { kind: local, database: .iam-sync/a.db } }
scope: {}
`
const READ = '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:Get*", Resource: "*" }] }'
const TRUST =
  '{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111122223333:user/alice" }, Action: "sts:AssumeRole" }] }'
const ACCOUNT = `
users:
  alice: { inlinePolicies: { own: ${READ} } }
  bob: { groups: [staff] }
  carol: {}
  dora: { managedPolicies: [read] }
groups: { staff: { inlinePolicies: { own: ${READ} } } }
roles: { ci: { trustPolicy: ${TRUST}, inlinePolicies: { own: ${READ} } }, other: { trustPolicy: ${TRUST} } }
policies: { read: { document: ${READ} } }
tests: [{ name: carol reads nothing, principal: user/carol, action: "s3:GetObject", resource: "arn:aws:s3:::x/y", expect: deny }]
`
/** What IAM would never have taken: the database holds JSON, so it isn't damaged, and nobody can say what it means. */
const UNREADABLE = '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe","Action":5,"Principal":7}]}'

/** An account none of whose documents anybody can read. @param declared what the manifests say of it now */
async function accountWith(declared: string): Promise<string> {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': ACCOUNT })
  expect(await runHere('apply', '--yes', '--dir', folder)).toMatchObject({ code: 0 })
  const connection = new Connection(join(folder, '.iam-sync/a.db'))
  connection.exec(`UPDATE documents SET text = '${UNREADABLE}'`)
  connection.close()
  const now = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': declared })
  // The database stays where it is; only what is declared differs.
  const database = join(folder, '.iam-sync/a.db')
  writeFileSync(join(now, 'iam-sync.yaml'), PROJECT.replace('.iam-sync/a.db', JSON.stringify(database)))
  return now
}

const NOTHING_DECLARED = 'users: { carol: {} }\n'

describe.each([
  ['declared', ACCOUNT],
  ['declared nowhere', NOTHING_DECLARED],
])('documents that nobody can read, %s', (_, declared) => {
  let folder = ''
  beforeAll(async () => {
    folder = await accountWith(declared)
  })
  const ran = async (...args: readonly string[]) => {
    const { code, out, err } = await runHere(...args, '--dir', folder)
    expect(`${out}${err}`).not.toContain('error[internal]')
    return { code, said: `${out}${err}` }
  }

  it('are said by a plan, which shows everything else', async () => {
    const { code, said } = await ran('plan')
    expect(code).toBe(0)
    expect(said.match(/warning\[plan\.unknown-document]/g)).toHaveLength(6)
  })

  it('pass no gate', async () => {
    for (const gate of [['--not-granted', 's3:GetObject'], ['--no-public-access'], ['--no-outside-access']]) {
      const { code, said } = await ran('access', 'check', '--as-of', 'target', ...gate)
      expect([code, said], gate.join(' ')).toEqual([4, expect.stringContaining('unknown')])
    }
  })

  it('are unknown in whatever is asked of the account', async () => {
    const target = ['--as-of', 'target']
    for (const asked of [
      ['access', 'escalations', ...target],
      ['who-can', 's3:GetObject', 'arn:aws:s3:::x/y', ...target],
      ['who-can', 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/ci', ...target],
      ['who-can', 's3:Get*', 'arn:aws:s3:::x/*', ...target],
      ['evaluate', '--principal', 'user/alice', '--action', 's3:GetObject', '--resource', '*', ...target],
      ['evaluate', '--principal', 'user/bob', '--action', 's3:GetObject', '--resource', '*', ...target],
      ['evaluate', '--principal', 'user/dora', '--action', 's3:GetObject', '--resource', '*', ...target],
    ])
      expect((await ran(...asked)).said, asked.join(' ')).toMatch(/unknown|not known/)
  })

  it('leave what does not hang on them decided', async () => {
    const asked = ['--principal', 'user/carol', '--action', 's3:GetObject', '--resource', '*']
    expect(await ran('evaluate', ...asked, '--as-of', 'target')).toMatchObject({ code: 2 })
    expect(await ran('access', 'diff', 'observed', 'observed', '--exit-code')).toMatchObject({ code: 0 })
    expect(await ran('validate')).toMatchObject({ code: 0 })
    expect(await ran('test')).toMatchObject({ code: 0 })
  })
})

describe('documents that nobody can read', () => {
  it('stop a gate on a change of which nobody can say whose access it changes', async () => {
    const folder = await accountWith(ACCOUNT)
    const there = ['--dir', folder]
    const diff = await runHere('access', 'diff', 'observed', 'desired', '--exit-code', ...there)
    expect([diff.code, diff.out]).toEqual([2, expect.stringContaining('unknown')])
    const escalation = await runHere('access', 'check', '--no-new-escalation', 'observed', ...there)
    expect(escalation.code).toBe(4)
  })

  it('are mended by an apply of what is declared', async () => {
    const there = ['--dir', await accountWith(ACCOUNT)]
    const applied = await runHere('apply', '--yes', '--allow-briefly-wider', ...there)
    expect([applied.code, applied.err]).toEqual([0, expect.stringContaining('plan.unknown-document')])
    const { code, out, err } = await runHere('plan', '--exit-code', ...there)
    expect([code, out, err]).toEqual([0, expect.stringContaining('no changes'), ''])
  })
})
