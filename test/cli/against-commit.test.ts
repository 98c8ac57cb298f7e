import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PROJECT, sandbox as projectOf, TWO_ACCOUNTS } from './projects.ts'
import { jsonOf } from './run.ts'

/** Of policies of AWS's own, the analysis of access takes seconds. */
const PEOPLE = 'users:\n  alice: { groups: [developers] }\n  keeper: {}\ngroups: { developers: {} }\n'
const STAFF = PEOPLE.replace('  keeper', '  staff: {}\n  keeper')
const sandbox = (people = PEOPLE, project = PROJECT) => projectOf(people, project)

const against = (folder: string, ...args: string[]) =>
  runHere('plan', folder, '--against', 'git:main', ...args)

const changesOf = (document: {
  plans: { account: { name: string }; changes: { action: string; kind: string; name: string }[] }[]
}) =>
  Object.fromEntries(
    document.plans.map(({ account, changes }) => [
      account.name,
      changes.map(({ action, kind, name }) => `${action} ${kind}/${name}`).sort(),
    ]),
  )

const codesOf = (document: { diagnostics: { code: string }[] }) =>
  document.diagnostics.map(({ code }) => code)

const OWNED = 'version: 1\naccounts: { sandbox: { id: "111122223333" } }\n'

describe('plan --against git:REF', () => {
  test('what the commit declares is what there is, and what it declared and is gone is deleted', async () => {
    const folder = sandbox('users: { alice: {}, bob: {} }\ngroups: { staff: {} }\n', OWNED)
    const commit = await commitAll(folder, 'before')
    writeFiles(folder, {
      'people.yaml': 'users: { alice: { groups: [staff] }, carol: {} }\ngroups: { staff: {} }\n',
    })
    const document = jsonOf(await against(folder, '--json'))
    expect(changesOf(document)).toEqual({
      sandbox: ['create user/carol', 'delete user/bob', 'update user/alice'],
    })
    expect(document.plans[0].against).toEqual({ ref: 'main', commit })
    expect(document.plans[0].summary.unchanged).toBe(1)
    expect(document.diagnostics).toEqual([])
    expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
  })

  test('no target is opened: one that cannot be read is no matter, and the journal says nothing', async () => {
    const folder = sandbox('users: { alice: {} }\n', OWNED)
    await commitAll(folder, 'before')
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, {
      'people.yaml': 'users: { bob: {} }\n',
      '.iam-sync/sandbox.db': 'no database at all',
    })
    expect((await runHere('plan', folder)).code).toBe(1)
    const ran = await against(folder, '--json', '--exit-code')
    expect(ran.code).toBe(2)
    expect(changesOf(jsonOf(ran))).toEqual({ sandbox: ['create user/bob', 'delete user/alice'] })
  })

  test('an attribute that is no longer declared is taken away, one that nobody declared is left', async () => {
    const folder = sandbox(
      'users: { alice: { groups: [staff], tags: { a: b } } }\ngroups: { staff: {} }\n',
      OWNED,
    )
    await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: b } } }\ngroups: { staff: {} }\n' })
    const { plans } = jsonOf(await against(folder, '--json'))
    expect(plans[0].changes).toHaveLength(1)
    expect(plans[0].changes[0].details).toEqual([
      { type: 'list', path: 'groups', added: [], removed: ['staff'] },
    ])
  })

  test('what did not change is an empty plan, with exit 0', async () => {
    const folder = sandbox()
    await commitAll(folder, 'before')
    const ran = await against(folder, '--exit-code')
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('no changes')
  })

  test('its text says what it was compared with', async () => {
    const folder = sandbox()
    const commit = await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: { path: /ops/ }') })
    const { out } = await against(folder)
    expect(out).toContain(`compared with what \`main\` (${commit.slice(0, 12)}) declares; no target was read`)
    expect((await runHere('plan', folder)).out).not.toContain('compared with')
  })

  test('several accounts, of which the commit has one under another name, and one not yet', async () => {
    const folder = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS.replace(/ {2}third.*\n/, '').replace('first:', 'former:'),
      'people.yaml': 'users: { alice: {} }\n',
    })
    await commitAll(folder, 'two')
    writeFiles(folder, { 'iam-sync.yaml': TWO_ACCOUNTS })
    const document = jsonOf(await against(folder, '--json'))
    expect(changesOf(document)).toEqual({ first: [], second: [], third: ['create user/alice'] })
    const one = jsonOf(await against(folder, '--json', '--account', 'third'))
    expect(changesOf(one)).toEqual({ third: ['create user/alice'] })
  })

  test('an account that only the commit has is named: nothing is planned for it', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': TWO_ACCOUNTS, 'people.yaml': 'users: { alice: {} }\n' })
    await commitAll(folder, 'three')
    writeFiles(folder, { 'iam-sync.yaml': TWO_ACCOUNTS.replace(/ {2}third.*\n/, '') })
    const document = jsonOf(await against(folder, '--json'))
    expect(changesOf(document)).toEqual({ first: [], second: [] })
    expect(codesOf(document)).toEqual(['plan.account-gone'])
    expect(document.diagnostics[0].message).toContain('`third` (777788889999)')
  })

  test('a commit without the project file, or without the folder, declares nothing', async () => {
    const root = temporaryFolder({ 'README.md': 'nothing yet\n' })
    const commit = await commitAll(root, 'empty')
    const folder = join(root, 'iam')
    writeFiles(root, { 'iam/iam-sync.yaml': OWNED, 'iam/people.yaml': 'users: { alice: {} }\n' })
    const first = jsonOf(await against(folder, '--json'))
    expect(changesOf(first)).toEqual({ sandbox: ['create user/alice'] })
    expect(first.plans[0].against).toEqual({ ref: 'main', commit })
    rmSync(join(folder, 'iam-sync.yaml'))
    await commitAll(root, 'no project file')
    writeFiles(folder, { 'iam-sync.yaml': OWNED })
    expect(changesOf(jsonOf(await against(folder, '--json')))).toEqual({ sandbox: ['create user/alice'] })
  })

  test('a commit whose project has errors is said to have them', async () => {
    const folder = sandbox('users: { alice: { nonsense: 1 } }\n')
    await commitAll(folder, 'broken')
    writeFiles(folder, { 'people.yaml': 'users: { alice: {} }\n' })
    const ran = await against(folder, '--json')
    expect([ran.code, codesOf(jsonOf(ran))[0]]).toEqual([1, 'cli.invalid-base'])
  })

  test('whose access changes is told, by both texts', async () => {
    const document = (name: string) =>
      `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${name}", Resource: "*" }] }`
    const people = (action: string, more = '') =>
      `${more}users:\n  alice:\n    inlinePolicies: { own: ${document(action)} }\n`
    const folder = sandbox(people('s3:GetObject', '# one\n# two\n# three\n'))
    await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': people('sqs:SendMessage') })
    const { access } = jsonOf(await against(folder, '--json')).plans[0]
    expect(access.verdict).toBe('both')
    expect(access.gained[0].source).toEqual({ file: 'people.yaml', line: 3 })
    expect(access.lost[0].source).toEqual({ file: 'people.yaml', line: 6 })
    expect((await against(folder)).out).toContain('people.yaml:6')
  })

  test('facts are compared with those of the commit', async () => {
    const resources =
      'resources:\n  arn:aws:s3:::data: { policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }] } }\n'
    const folder = sandbox('users: { alice: {} }\n')
    await commitAll(folder, 'before')
    writeFiles(folder, { 'resources.yaml': resources })
    const document = jsonOf(await against(folder, '--json'))
    expect(document.plans[0].facts).toMatchObject([{ kind: 'resourcePolicy', change: 'added' }])
    expect(codesOf(document)).not.toContain('plan.facts-not-compared')
  })

  test('trust between accounts is taken from the commit, whichever account is asked for', async () => {
    const trust = `roles:
  deploy:
    trustPolicy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::444455556666:user/alice" }, Action: "sts:AssumeRole" }] }
`
    const accounts = TWO_ACCOUNTS.replace(/ {2}third.*\n/, '')
      .replace('first: {', 'first: { manifests: [first],')
      .replace('second: {', 'second: { manifests: [second],')
    const folder = temporaryFolder({
      'iam-sync.yaml': accounts,
      'first/roles.yaml': 'roles: {}\n',
      'second/people.yaml': 'users: { alice: {} }\n',
    })
    await commitAll(folder, 'before')
    writeFiles(folder, { 'first/roles.yaml': trust })
    const ran = await against(folder, '--json', '--account', 'first')
    expect([ran.code, changesOf(jsonOf(ran))]).toEqual([0, { first: ['create role/deploy'] }])
    expect(readdirSync(folder).includes('.iam-sync')).toBe(false)
  })

  test('`target` is as without the flag; other words, and a second answer to what was before, are refused', async () => {
    const folder = sandbox()
    await commitAll(folder, 'before')
    const same = await runHere('plan', folder, '--against', 'target', '--json')
    expect(same).toEqual(await runHere('plan', folder, '--json'))
    expect(jsonOf(same).plans[0].against).toBeNull()
    const refused = async (...args: string[]) =>
      codesOf(jsonOf(await runHere('plan', folder, '--json', ...args)))
    expect(await refused('--against', 'main')).toEqual(['cli.invalid-value'])
    expect(await refused('--against', 'git:')).toEqual(['cli.invalid-value'])
    expect(await refused('--against', 'git:main', '--base', 'main')).toEqual(['cli.conflicting-flags'])
    expect(await refused('--against', 'git:nowhere')).toEqual(['git.unknown-ref'])
  })

  test('a copy of the repository somewhere else gives the same bytes', async () => {
    const folder = sandbox()
    await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': PEOPLE.replace('keeper: {}', 'keeper: { path: /ops/ }') })
    const { out } = await against(folder, '--json')
    const elsewhere = temporaryFolder({})
    mkdirSync(join(elsewhere, 'fork'))
    renameSync(folder, join(elsewhere, 'fork', 'iam'))
    expect((await against(join(elsewhere, 'fork', 'iam'), '--json')).out).toBe(out)
  })
})

describe('the digest of a plan that was made without a target', () => {
  test('is another one than that of the plan against the target', async () => {
    const folder = sandbox(PEOPLE, PROJECT)
    await commitAll(folder, 'before')
    writeFiles(folder, { 'people.yaml': STAFF })
    const digest = jsonOf(await against(folder, '--json')).plans[0].digest
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(digest).not.toBe(jsonOf(await runHere('plan', folder, '--json')).plans[0].digest)
  })
})
