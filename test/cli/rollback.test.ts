import { describe, expect, test } from 'vitest'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const ID = '111122223333'
const PROJECT = `version: 1\naccounts: { a: { id: "${ID}" } }\nguard: { maxDeletePercent: 100 }\n`
const KEY =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCkpVokErPxbpASYyb9Wd7h0krc22RmtOxz5ZnNZ4rB7hTps9S2e+NVHEolN4cistplbWJa/YAy75G86W6JlgvsBtBM/LRT3jHl1Xo8u5lGDqdWFPuhxnZ6obpTtyjlt12BSbX+y6zNq6ypAVyUtr3TI7Ge3wCJso4DL0NmleSTMlNH51Xqi4xEuYsj6K4V2Y8FFVoXnEz8BF7b/Co72a9owmGmSfjNYzTzcD6Rt2B5U4HJAng85HGZqsHy2DcmX3fsAZKSrxI3Tv4ghInZbMyaLAwK9FC4tJzsCHrXOoP+vLSo8C6laLJyZDJGhmlnL0uiOgwoOI5AKaOhHvKaDEnt'
const TRUST = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole }] }`
const policy = (action: string) =>
  `policies: { p: { document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] } } }\n`

const FIRST = `${policy('s3:Get*')}
users: { ada: { managedPolicies: [p], sshPublicKeys: { laptop: { body: ${KEY} } } } }
roles: { web: { trustPolicy: ${TRUST} } }
instanceProfiles: { web: { role: web } }
oidcProviders: { token.actions.githubusercontent.com: { clientIds: [sts.amazonaws.com] } }
serviceLinkedRoles: { autoscaling.amazonaws.com: {} }
passwordPolicy: { minimumPasswordLength: 14 }
`
const SECOND = `${policy('s3:*')}
users: { ada: { managedPolicies: [] }, ben: {} }
groups: { ops: { managedPolicies: [p] } }
serviceLinkedRoles: { autoscaling.amazonaws.com: {} }
passwordPolicy: { minimumPasswordLength: 20 }
`

/** A repository with two commits, both applied. */
async function twice() {
  const folder = temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': FIRST })
  const first = await commitAll(folder, 'first')
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  writeFiles(folder, { 'a.yaml': SECOND })
  await commitAll(folder, 'second')
  expect((await runHere('apply', folder, '--yes')).code).toBe(0)
  const { entries } = jsonOf(await runHere('history', folder, '--json'))
  return { folder, first, entries: entries as readonly { readonly id: string }[] }
}

const isAt = async (folder: string, ref: string) =>
  (await runHere('plan', folder, '--ref', ref, '--exit-code')).code === 0

describe('rollback', () => {
  test('leads back to a commit with all kinds by a plan like any other, and forward again', async () => {
    const { folder, first } = await twice()
    const asked = await runHere('rollback', folder, '--to', 'HEAD~1')
    expect(asked.code).toBe(1)
    expect(asked.err).toContain('nothing was applied')
    for (const line of ['- user ben', '- group ops', '+ role web', '+ SSH public key ada/laptop'])
      expect(asked.out).toContain(line)
    expect(await isAt(folder, 'HEAD')).toBe(true)
    const done = jsonOf(await runHere('rollback', folder, '--to', 'HEAD~1', '--yes', '--json'))
    expect(done.results).toMatchObject([{ commit: first, verified: true }])
    expect(await isAt(folder, first)).toBe(true)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect(await isAt(folder, 'HEAD')).toBe(true)
  })

  test('leads back to an earlier apply by its id', async () => {
    const { folder, first, entries } = await twice()
    const back = await runHere('rollback', folder, '--to', entries[1]?.id ?? '', '--yes')
    expect(back.code).toBe(0)
    expect(await isAt(folder, first)).toBe(true)
  })

  test('the guard stands against it', async () => {
    const { folder } = await twice()
    writeFiles(folder, {
      'iam-sync.yaml': PROJECT.replace('100 }', '100, protect: [user/ben] }'),
      'a.yaml': FIRST,
    })
    await commitAll(folder, 'third')
    const refused = await runHere('rollback', folder, '--to', 'HEAD', '--yes')
    expect(refused.code).toBe(3)
  })

  test('is refused where nobody knows what was applied', async () => {
    const { folder } = await twice()
    const message = async (...args: readonly string[]) => {
      const ran = await runHere('rollback', folder, ...args, '--yes', '--json')
      expect(ran.code).toBe(1)
      return jsonOf(ran).diagnostics.map(
        ({ code, message: said }: Record<string, string>) => `${code}: ${said}`,
      )
    }
    expect(await message()).toEqual(['rollback.not-possible: nothing says what to roll back to'])
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(await message('--to', nobody)).toEqual([
      `rollback.not-possible: no account has an apply with the id \`${nobody}\``,
    ])
    writeFiles(folder, { 'a.yaml': FIRST })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    const [dirty] = jsonOf(await runHere('history', folder, '--json')).entries
    expect(await message('--to', dirty.id)).toEqual([
      `rollback.not-possible: the apply \`${dirty.id}\` was made from files that no commit has`,
    ])
  })
})
