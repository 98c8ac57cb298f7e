import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const PROJECT = `version: 1
accounts:
  a: { id: "111122223333" }
`
const ANN = `users:
  ann: { inlinePolicies: { p: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:*Object", Resource: "*" }] } } }
`
const FACTS = `organization:
  id: o-exampleorgid
  managementAccount: "999988887777"
  serviceControlPolicies:
    guard: { Version: "2012-10-17", Statement: [{ Sid: No, Effect: Deny, Action: "s3:DeleteObject", Resource: "*" }] }
  roots:
    Root:
      serviceControlPolicies: [FullAWSAccess, guard]
      accounts: { "999988887777": {}, "111122223333": {} }
resources:
  arn:aws:s3:::data:
    account: "111122223333"
    policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "444455556666" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }] }
`
const project = () => temporaryFolder({ 'iam-sync.yaml': PROJECT, 'ann.yaml': ANN, 'facts.yaml': FACTS })

function edit(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  writeFileSync(path, text.replace(from, to))
}

const planned = async (folder: string, ...flags: readonly string[]) => {
  const ran = await runHere('plan', folder, '--json', ...flags)
  expect(ran.code).toBe(0)
  const { plans, diagnostics } = jsonOf(ran)
  return { ...plans[0], codes: diagnostics.map(({ code }: { code: string }) => code) }
}
type Entry = {
  readonly actions: readonly string[]
  readonly principals: readonly string[]
  readonly by?: string
}
const told = (entries: readonly Entry[]) =>
  entries.map(({ actions, principals, by }) => [principals.join(), actions.join(), by ?? null])

const ARN = 'arn:aws:iam::111122223333:user/ann'

describe('facts that apply doesn’t write', () => {
  test('are compared with those of the last apply, in the digest and in whose access changes', async () => {
    const folder = project()
    const first = await planned(folder)
    expect(first.facts).toEqual([])
    expect(first.codes).toEqual(['plan.facts-not-compared'])
    await runHere('apply', folder, '--yes')
    const still = await planned(folder)
    expect(still).toMatchObject({ facts: [], changes: [], access: { verdict: 'none' }, codes: [] })

    edit(folder, 'facts.yaml', 's3:DeleteObject', 's3:PutObject')
    edit(folder, 'facts.yaml', '444455556666', '777788889999')
    const plan = await planned(folder)
    expect(plan.changes).toEqual([])
    expect(plan.digest).not.toBe(still.digest)
    expect(plan.facts).toMatchObject([
      { kind: 'scp', target: 'Root', change: 'changed', source: { file: 'facts.yaml', line: 5 } },
      { kind: 'resourcePolicy', target: 'arn:aws:s3:::data', change: 'changed', source: { line: 11 } },
    ])
    expect(told(plan.access.gained)).toEqual([
      ['account:777788889999', 's3:GetObject', 'facts'],
      [ARN, 's3:DeleteObject', 'facts'],
    ])
    expect(told(plan.access.lost)).toEqual([
      ['account:444455556666', 's3:GetObject', 'facts'],
      [ARN, 's3:PutObject', 'facts'],
    ])
    const { out } = await runHere('plan', folder)
    expect(out).toContain("facts that apply doesn't write\n~ service control policy at Root  facts.yaml:5")
    expect(out).toContain("by facts that apply doesn't write")

    expect(jsonOf(await runHere('apply', folder, '--yes', '--json')).results[0].steps).toEqual([])
    expect(await planned(folder)).toMatchObject({ facts: [], access: { verdict: 'none' } })
  })

  test('are told apart from what the plan itself changes', async () => {
    const folder = project()
    await runHere('apply', folder, '--yes')
    edit(folder, 'facts.yaml', 's3:DeleteObject', 's3:PutObject')
    edit(folder, 'ann.yaml', '[{', '[{ Effect: Allow, Action: "sqs:SendMessage", Resource: "*" }, {')
    const { access } = await planned(folder)
    const typed = access.gained.filter(({ tier }: { tier: string }) => tier === 'typed')
    expect(told(typed)).toEqual([
      [ARN, 's3:DeleteObject', 'facts'],
      [ARN, 'sqs:SendMessage', null],
    ])
    expect(told(access.lost)).toEqual([[ARN, 's3:PutObject', 'facts']])
  })

  test('are compared with those of --base where no apply has recorded them', async () => {
    const folder = project()
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'facts')
    edit(folder, 'facts.yaml', '444455556666', '777788889999')
    const plan = await planned(folder, '--base', 'HEAD')
    expect(plan.codes).toEqual([])
    expect(plan.facts).toMatchObject([{ kind: 'resourcePolicy', change: 'changed' }])
    expect(told(plan.access.lost)).toEqual([['account:444455556666', 's3:GetObject', 'facts']])
  })

  test('stay as they were recorded while an apply is not complete', async () => {
    const folder = project()
    await runHere('apply', folder, '--yes')
    edit(folder, 'facts.yaml', 's3:DeleteObject', 's3:PutObject')
    edit(folder, 'iam-sync.yaml', 'accounts:', 'guard: { protect: [user/ann] }\naccounts:')
    writeFileSync(join(folder, 'ann.yaml'), '{}\n')
    expect((await runHere('apply', folder, '--yes')).code).toBe(3)
    const ran = jsonOf(await runHere('plan', folder, '--json'))
    expect(ran.plans[0].facts).toHaveLength(1)
  })
})
