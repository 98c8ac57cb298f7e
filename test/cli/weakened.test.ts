import { describe, expect, test } from 'vitest'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { jsonOf } from './run.ts'

const PROJECT = `version: 1
accounts: { production: { id: "111122223333" }, staging: { id: "444455556666" } }
guard: { maxDeletePercent: 10, protect: [user/alice] }
`
const PEOPLE = 'users: { alice: {}, bob: {} }\n'
const CHECKS = `invariants:
  - name: nobody deletes the log
    action: s3:DeleteObject
    resource: arn:aws:s3:::log/*
    expect: deny
tests:
  - { name: alice reads nothing, principal: user/alice, action: "s3:GetObject", resource: "arn:aws:s3:::a/b", expect: deny }
`

/** What is committed, and what stands in the working tree. */
async function changed(now: Readonly<Record<string, string>>): Promise<string> {
  const folder = temporaryFolder({
    'iam-sync.yaml': PROJECT,
    'people.yaml': PEOPLE,
    'checks.yaml': CHECKS,
  })
  await commitAll(folder, 'before')
  writeFiles(folder, now)
  return folder
}
const review = (folder: string, format = 'markdown') =>
  runHere('plan', folder, '--against', 'git:main', '--format', format)

describe('a change that only takes protection away', () => {
  test.each([
    ['invariants and tests are deleted', { 'checks.yaml': PEOPLE.replace(/.*\n/, '') }, 2, 'no longer there'],
    ['an invariant is narrower', { 'checks.yaml': CHECKS.replace('log/*', 'log/2020/*') }, 1, 'log/2020/*'],
    [
      'a test expects the opposite',
      { 'checks.yaml': CHECKS.replace(/expect: deny }/, 'expect: allow }') },
      1,
      'expect',
    ],
    ['the guard lets more through', { 'iam-sync.yaml': PROJECT.replace('10', '100') }, 1, 'maxDeletePercent'],
    [
      'what is protected is not any more',
      { 'iam-sync.yaml': PROJECT.replace('user/alice', '') },
      1,
      'user/alice',
    ],
    ['more may be deleted', { 'iam-sync.yaml': `${PROJECT}scope: { users: all }\n` }, 1, 'scope.users'],
  ])('is not green: %s', async (_, now, count, says) => {
    const { out } = await review(await changed(now))
    expect(out.split('\n')[0]).toMatch(new RegExp(`^(🟡|🔴) ${count} weakened`, 'u'))
    expect(out.slice(0, 2000)).toContain('What no longer protects')
    expect(out.slice(0, 2000)).toContain(says)
  })

  test('is green where it only looks as if', async () => {
    const { out } = await review(
      await changed({
        'checks.yaml': '',
        'more.yaml': CHECKS.replace('name: nobody', 'name: surely nobody'),
      }),
    )
    expect(out.split('\n')[0]).toBe('🟢 no changes')
  })

  test('every form says it, each once though two accounts have it', async () => {
    const folder = await changed({ 'checks.yaml': '' })
    const document = jsonOf(await review(folder, 'json'))
    expect(document.weakened).toMatchObject([
      {
        kind: 'invariant',
        name: 'nobody deletes the log',
        change: 'removed',
        accounts: [{ name: 'production' }, { name: 'staging' }],
        details: [
          { type: 'value', path: 'action', before: 's3:DeleteObject', after: null },
          { type: 'value', path: 'resource', before: 'arn:aws:s3:::log/*', after: null },
          { type: 'value', path: 'expect', before: 'deny', after: null },
        ],
        before: { file: 'checks.yaml', line: 2 },
        source: null,
      },
      { kind: 'test', name: 'alice reads nothing' },
    ])
    const { out } = await review(folder, 'text')
    expect(out).toMatch(
      /^what no longer protects, as it did in main\n- invariant nobody deletes the log {2}checks.yaml:2 of main\n {4}action: s3:DeleteObject\n/,
    )
    expect((await review(folder, 'html')).out).toContain('nobody deletes the log')
  })

  test('what is compared with a target says nothing of it, but with a commit for a base', async () => {
    const folder = await changed({ 'checks.yaml': '' })
    expect(jsonOf(await runHere('plan', folder, '--json'))).not.toHaveProperty('weakened')
    expect(jsonOf(await runHere('plan', folder, '--base', 'main', '--json')).weakened).toHaveLength(2)
  })

  test('of accounts that are not asked for nothing is said', async () => {
    const folder = await changed({ 'checks.yaml': '', 'iam-sync.yaml': PROJECT.replace('10', '100') })
    const { weakened } = jsonOf(
      await runHere('plan', folder, '--against', 'git:main', '--account', 'staging', '--json'),
    )
    expect(
      weakened.map(({ name, accounts }: { name: string; accounts: object[] }) => [name, accounts.length]),
    ).toEqual([
      ['nobody deletes the log', 1],
      ['alice reads nothing', 1],
      ['guard.maxDeletePercent', 0],
    ])
  })
})

test('somebody outside who gains something in two accounts is one', async () => {
  const trusting =
    'roles: { r: { trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: PRINCIPAL }, Action: sts:AssumeRole }] } } }\n'
  const role = (principal: string) => trusting.replace('PRINCIPAL', `"arn:aws:iam::${principal}:root"`)
  const folder = await changed({ 'people.yaml': PEOPLE + role('777788889999') })
  const { out } = await review(folder)
  expect(out.split('\n')[0]).toMatch(/^🔴 1 gain( |$)/u)
})
