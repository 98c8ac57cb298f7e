import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

/** The account that trusts stands first: it has to wait for the other. */
const PROJECT = `version: 1
accounts:
  b: { id: "444455556666", manifests: [b.yaml] }
  a: { id: "111122223333", manifests: [a.yaml] }
`
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer'
const TARGET = 'arn:aws:iam::444455556666:role/target'
const A = `roles:
  deployer:
    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }
    inlinePolicies: { x: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: sts:AssumeRole, Resource: "*" }] } }
`
const trusting = (principal: string) => `roles:
  target: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "${principal}" }, Action: sts:AssumeRole }] } }
`

const projectOf = (a: string, b = trusting(DEPLOYER)) =>
  temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': a, 'b.yaml': b })

const apply = async (folder: string) => jsonOf(await runHere('apply', folder, '--yes', '--json'))
const stepsOf = ({ results }: { results: { account: { name: string }; steps: object[] }[] }) =>
  results.map(({ account, steps }) => [account.name, steps.length])

const mayAssume = async (folder: string) => {
  const args = ['--principal', DEPLOYER, '--action', 'sts:AssumeRole', '--resource', TARGET]
  return jsonOf(await runHere('evaluate', folder, '--as-of', 'target', ...args, '--json')).decision
}

describe('a role of one account that another account of the project trusts', () => {
  test('comes before the trust; made anew, it is somebody else until a plan has stored the trust again', async () => {
    const folder = projectOf(A)
    const write = (a: string) => writeFileSync(join(folder, 'a.yaml'), a)
    expect(stepsOf(await apply(folder))).toEqual([
      ['a', 2],
      ['b', 1],
    ])
    expect(await mayAssume(folder)).toBe('allow')

    write('{}')
    const deletion = await runHere('plan', folder)
    expect(deletion.code).toBe(0)
    expect(deletion.out).toContain(`trustedBy: - ${TARGET}`)
    expect(stepsOf(await apply(folder))).toEqual([
      ['b', 0],
      ['a', 2],
    ])
    // What is stored stays; what would be stored now, AWS would refuse.
    const orphaned = await runHere('plan', folder, '--json')
    expect(orphaned.code).toBe(1)
    expect(jsonOf(orphaned).diagnostics).toMatchObject([{ code: 'plan.dangling-reference' }])

    write(A)
    const again = await apply(folder)
    expect(stepsOf(again)).toEqual([
      ['b', 0],
      ['a', 2],
    ])
    expect(again.diagnostics).toMatchObject([{ code: 'plan.trust-of-the-deleted', severity: 'warning' }])
    expect(await mayAssume(folder)).toBe('implicit_deny')

    const plan = jsonOf(await runHere('plan', folder, '--account', 'b', '--json')).plans[0]
    expect(plan.changes).toMatchObject([{ action: 'update', name: 'target' }])
    expect(JSON.stringify(plan.changes[0].details)).toMatch(/AROA/)
    expect(plan.access.gained).toMatchObject([{ kind: 'assume', principals: [DEPLOYER] }])

    expect(stepsOf(await apply(folder))).toEqual([
      ['b', 1],
      ['a', 0],
    ])
    expect(await mayAssume(folder)).toBe('allow')
    expect(
      jsonOf(await runHere('plan', folder, '--json')).plans.map(({ changes }: never) => changes),
    ).toEqual([[], []])
  })

  test('must be there or be declared, else nothing is written', async () => {
    const folder = projectOf('users: { alice: {} }\n')
    const plan = await runHere('plan', folder)
    expect(plan.code).toBe(1)
    expect(plan.err).toContain('error[plan.dangling-reference]')
    expect(plan.err).toContain('  --> b.yaml:2:')
    const applied = await runHere('apply', folder, '--yes')
    expect(applied.code).toBe(1)
    expect(applied.out).toContain('nothing was applied')
    const made = readdirSync(folder, { recursive: true })
    expect(made.filter((file) => String(file).endsWith('.db'))).toEqual([])
  })

  test('is looked up in its own account when that is not planned', async () => {
    const folder = projectOf(A, 'users: { bob: {} }\n')
    await apply(folder)
    writeFileSync(join(folder, 'b.yaml'), trusting('arn:aws:iam::111122223333:role/other'))
    const plan = await runHere('plan', folder, '--account', 'b')
    expect(plan.err).toContain('neither declared nor there in account `a`')
    writeFileSync(join(folder, 'b.yaml'), trusting(DEPLOYER))
    expect((await runHere('plan', folder, '--account', 'b')).code).toBe(0)
  })

  test('two accounts whose new roles trust each other are made as they stand, the first completed last', async () => {
    const folder = projectOf(A.replace('Service: ec2.amazonaws.com', `AWS: "${TARGET}"`))
    expect(stepsOf(await apply(folder))).toEqual([
      ['b', 2],
      ['a', 2],
    ])
    expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
  })

  test('a user who gets another path stays who it is', async () => {
    const user = (path: string) => `users: { ann: { path: ${path} } }\n`
    const arn = (path: string) => `arn:aws:iam::111122223333:user${path}ann`
    const folder = projectOf(user('/'), trusting(arn('/')))
    await apply(folder)
    writeFileSync(join(folder, 'a.yaml'), user('/x/'))
    writeFileSync(join(folder, 'b.yaml'), trusting(arn('/x/')))
    expect(stepsOf(await apply(folder))).toEqual([
      ['b', 0],
      ['a', 1],
    ])
    expect((await runHere('plan', folder, '--exit-code')).code).toBe(0)
  })
})
