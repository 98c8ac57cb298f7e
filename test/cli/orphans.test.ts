import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTargetForWriting, using } from '../../src/cli/opening/account-target.ts'
import { openProject } from '../../src/cli/opening/project.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const A = 'arn:aws:iam::111122223333'
const PROJECT = `version: 1
accounts:
  a: { id: "111122223333", manifests: [a.yaml] }
  b: { id: "444455556666", manifests: [b.yaml] }
`
const target = (principal: string) => `
roles:
  target: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "${principal}" }, Action: sts:AssumeRole }] } }
`
const USERS = (...names: readonly string[]) => `users: { ${names.map((name) => `${name}: {}`).join(', ')} }\n`

const projectOf = (a: string, b: string) =>
  temporaryFolder({ 'iam-sync.yaml': PROJECT, 'a.yaml': a, 'b.yaml': b })
const apply = async (folder: string, ...args: readonly string[]) =>
  expect((await runHere('apply', folder, '--yes', ...args)).code).toBe(0)

async function deleteByHand(folder: string, UserName: string): Promise<void> {
  const opened = await openProject({ folder, accounts: ['a'], ref: null, unstorable: 'plan' })
  const [account] = opened.accounts
  if (account === undefined) throw new Error('no account')
  await using(openTargetForWriting(account, opened), ({ iam }) => iam.write('DeleteUser', { UserName }))
}

const orphansOf = async (folder: string, name: string) => {
  const { plans } = jsonOf(await runHere('plan', folder, '--json'))
  return plans.find(({ account }: { account: { name: string } }) => account.name === name)?.orphans
}
const ID = expect.stringMatching(/^AIDA[A-Z0-9]+$/)

describe('whom a trust policy names by the id of somebody who is gone', () => {
  test('is shown by the name that an apply took note of', async () => {
    const folder = projectOf(`${USERS('ada')}${target(`${A}:user/ada`)}`, '{}\n')
    await apply(folder)
    expect(await orphansOf(folder, 'a')).toBeUndefined()
    writeFileSync(join(folder, 'a.yaml'), `${USERS('ada', 'ben')}${target(`${A}:user/ada`)}`)
    await apply(folder)
    await deleteByHand(folder, 'ada')
    const known = [{ id: ID, formerly: `${A}:user/ada`, namedBy: 'role/target' }]
    expect(await orphansOf(folder, 'a')).toEqual(known)
    const said = /role\/target names AIDA[A-Z0-9]+, which was arn:aws:iam::111122223333:user\/ada/
    expect((await runHere('plan', folder)).out).toMatch(said)
    expect((await runHere('plan', folder, '--format', 'markdown')).out).toMatch(
      /names `?AIDA[A-Z0-9]+`?, which was `?arn:aws:iam::111122223333:user\/ada/,
    )
    // Applies in between don't lose it.
    writeFileSync(join(folder, 'a.yaml'), `${USERS('ben')}${target(`${A}:user/ben`)}`)
    await apply(folder)
    expect(await orphansOf(folder, 'a')).toBeUndefined()
  })

  test('is said not to be known where no apply saw them', async () => {
    const folder = projectOf(`${USERS('ada')}${target(`${A}:user/ada`)}`, '{}\n')
    await apply(folder)
    await deleteByHand(folder, 'ada')
    expect(await orphansOf(folder, 'a')).toEqual([{ id: ID, formerly: null, namedBy: 'role/target' }])
    expect((await runHere('plan', folder)).out).toContain('whom no apply took note of')
  })

  test('is known in other accounts of the project, and after further applies', async () => {
    const folder = projectOf(USERS('ada'), target(`${A}:user/ada`))
    await apply(folder)
    writeFileSync(join(folder, 'a.yaml'), USERS('ben'))
    await apply(folder)
    const known = [{ id: ID, formerly: `${A}:user/ada`, namedBy: 'role/target' }]
    expect(await orphansOf(folder, 'b')).toEqual(known)
    writeFileSync(join(folder, 'a.yaml'), USERS('ben', 'cyd'))
    await apply(folder, '--account', 'a')
    expect(await orphansOf(folder, 'b')).toEqual(known)
  })

  test('by a policy of a resource as well, unless somebody has the id', async () => {
    const id = 'AROAEXAMPLEEXAMPLE99'
    const folder = projectOf(
      `${USERS('ada')}resources:
  arn:aws:s3:::data:
    account: "111122223333"
    policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: ${id} }, Action: s3:GetObject, Resource: "arn:aws:s3:::data/*" }] }
`,
      '{}\n',
    )
    expect(await orphansOf(folder, 'a')).toEqual([{ id, formerly: null, namedBy: 'arn:aws:s3:::data' }])
  })
})
