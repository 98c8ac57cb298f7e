import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { digestOn } from '../../src/plan/digest.ts'
import { commitAll, temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PROJECT, sandbox as projectOf, TWO_ACCOUNTS } from './projects.ts'
import { jsonOf } from './run.ts'

const run = async (command: string, folder: string, ...args: string[]) => {
  const ran = await runHere(command, folder, '--json', ...args)
  const document = jsonOf(ran)
  return { code: ran.code, document, codes: document.diagnostics.map(({ code }: { code: string }) => code) }
}

/** Of policies of AWS's own, the analysis of access takes seconds. */
const PEOPLE = 'users:\n  alice: { groups: [developers] }\n  keeper: {}\ngroups: { developers: {} }\n'
const STAFF = PEOPLE.replace('  keeper', '  staff: {}\n  keeper')
const sandbox = (people = PEOPLE, project = PROJECT) => projectOf(people, project)

const planFile = () => join(temporaryFolder({}), 'plan.json')
const save = async (folder: string, ...args: string[]) => {
  const file = planFile()
  const { code, codes } = await run('plan', folder, '--out', file, ...args)
  expect([code, codes.includes('saved-plan.saved')]).toEqual([0, true])
  return file
}

const isEmpty = async (folder: string, ...args: string[]) =>
  (await run('plan', folder, ...args)).document.plans.every(
    ({ changes }: { changes: unknown[] }) => changes.length === 0,
  )
const stepsOf = (document: { results: { steps: { operation: string; status: string }[] }[] }) =>
  document.results.flatMap(({ steps }) => steps.map(({ operation, status }) => `${operation} ${status}`))

const TWO = 'users: { alice: {}, bob: {} }\n'

describe('plan --out, apply --plan', () => {
  test('applies what was saved, without asking; a second plan is empty, and the digest is in the history', async () => {
    const folder = sandbox()
    const file = await save(folder)
    const applied = await run('apply', folder, '--plan', file)
    expect([applied.code, applied.document.results[0].verified]).toEqual([0, true])
    expect(await isEmpty(folder)).toBe(true)
    const { digest } = applied.document.results[0]
    expect((await run('history', folder)).document.entries[0].digest).toBe(digest)
    expect(JSON.parse(readFileSync(file, 'utf8')).plans[0].digest).toBe(digest)
  })

  test('the file is only for its owner, replaces an earlier one as a whole, and leaves nothing beside it', async () => {
    const folder = sandbox()
    const file = await save(folder)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const before = statSync(file).ino
    expect((await run('plan', folder, '--out', file)).code).toBe(0)
    expect(statSync(file).ino).not.toBe(before)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(file, '..'))).toEqual(['plan.json'])
  })

  test('what is no saved plan is not written over', async () => {
    const folder = sandbox()
    const place = temporaryFolder({ 'notes.txt': 'mine' })
    mkdirSync(join(place, 'folder'))
    symlinkSync(join(place, 'notes.txt'), join(place, 'link'))
    for (const name of ['notes.txt', 'folder', 'link', 'missing/plan.json']) {
      const { code, codes } = await run('plan', folder, '--out', join(place, name))
      expect([name, code, codes]).toEqual([name, 1, ['saved-plan.not-written']])
    }
    const { err } = await runHere('plan', folder, '--out', join(place, 'missing/plan.json'))
    expect(err).toContain('missing/plan.json`: there is no such folder')
    expect(readFileSync(join(place, 'notes.txt'), 'utf8')).toBe('mine')
    expect(readdirSync(place).sort()).toEqual(['folder', 'link', 'notes.txt'])
  })

  test('other drift is left, and said', async () => {
    const folder = sandbox(TWO)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: b } }, bob: {} }\n' })
    const file = await save(folder)
    // Somebody changes what the plan doesn't touch, in the account and in the YAML.
    writeFiles(folder, {
      'people.yaml': 'users: { alice: { tags: { a: b } }, bob: { tags: { c: d } }, carol: {} }\n',
    })
    const applied = await run('apply', folder, '--plan', file)
    expect([applied.code, applied.codes, stepsOf(applied.document)]).toEqual([
      0,
      ['apply.left-out'],
      ['TagUser done'],
    ])
    expect(applied.document.results[0].verified).toBe(true)
    expect(
      (await run('plan', folder)).document.plans[0].changes.map(({ name }: { name: string }) => name),
    ).toEqual(['carol', 'bob'])
  })

  test('nobody owns what was left: it is not deleted when it is no longer declared', async () => {
    const owned = 'version: 1\naccounts: { sandbox: { id: "111122223333" } }\n'
    const folder = sandbox('users: { alice: {} }\n', owned)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: b } } }\n' })
    const file = await save(folder)
    writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: b } }, carol: {} }\n' })
    expect((await run('apply', folder, '--plan', file)).code).toBe(0)
    // Alice is still owned, and carol is not.
    writeFiles(folder, { 'people.yaml': 'users: {}\n' })
    const { changes } = (await run('plan', folder)).document.plans[0]
    expect(changes.map(({ action, name }: { action: string; name: string }) => `${action} ${name}`)).toEqual([
      'delete alice',
    ])
  })

  test('if what it touches has changed in the account, nothing is written, and the difference is shown', async () => {
    const folder = sandbox(TWO)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    const tagged = (value: string) => `users: { alice: { tags: { a: ${value} } }, bob: { path: /ops/ } }\n`
    writeFiles(folder, { 'people.yaml': tagged('one') })
    const file = await save(folder)
    writeFiles(folder, { 'people.yaml': tagged('two').replace('path: /ops/', '') })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { 'people.yaml': tagged('one') })
    const stale = await run('apply', folder, '--plan', file)
    expect([stale.code, stale.codes]).toEqual([5, ['apply.stale']])
    expect(stale.document.diagnostics[0].message).toContain('`user/alice`')
    expect(stale.document.diagnostics[0].message).not.toContain('bob')
    expect(stepsOf(stale.document).every((step) => step.endsWith(' skipped'))).toBe(true)
    const { out, err, code } = await runHere('apply', folder, '--plan', file)
    expect([code, out]).toMatchObject([
      5,
      expect.stringMatching(/now:\n {2}~ user alice[\s\S]*"?two"? → "?one/),
    ])
    expect(err).toMatch(/error\[apply\.stale\]/)
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^exit 5: /)
    expect((await run('history', folder)).document.entries).toHaveLength(2)
  })

  test('if the YAML of what it touches has changed, it is not what was reviewed either', async () => {
    const folder = sandbox('users: { alice: {} }\n')
    const file = await save(folder)
    writeFiles(folder, { 'people.yaml': 'users: { alice: { path: /ops/ } }\n' })
    expect(await run('apply', folder, '--plan', file)).toMatchObject({ code: 5, codes: ['apply.stale'] })
    writeFiles(folder, { 'people.yaml': 'users: {}\n' })
    const gone = await runHere('apply', folder, '--plan', file)
    expect([gone.code, gone.out]).toMatchObject([5, expect.stringContaining('no longer:\n  + user alice')])
    expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
  })

  test('a policy that a touched entity holds is touched, too', async () => {
    const policy = (action: string) =>
      `policies:\n  reading:\n    document: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "${action}", Resource: "*" }] }\n`
    const people = (groups: string) =>
      `users: { alice: { groups: [${groups}] } }\ngroups: { staff: { managedPolicies: [reading] } }\n`
    const folder = sandbox(people('') + policy('s3:GetObject'))
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { 'people.yaml': people('staff') + policy('s3:GetObject') })
    const file = await save(folder)
    writeFiles(folder, { 'people.yaml': people('') + policy('iam:*') })
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, { 'people.yaml': people('staff') + policy('iam:*') })
    expect((await run('apply', folder, '--plan', file)).code).toBe(5)
  })

  test('applied again, there is nothing left to do', async () => {
    const folder = sandbox()
    const file = await save(folder)
    expect((await run('apply', folder, '--plan', file)).code).toBe(0)
    writeFiles(folder, { 'people.yaml': STAFF })
    const again = await run('apply', folder, '--plan', file)
    expect([again.code, again.codes, again.document.results[0]]).toMatchObject([
      0,
      ['apply.done-by-another'],
      { steps: [], verified: true },
    ])
  })

  test('what can not be applied is not saved', async () => {
    const folder = sandbox(TWO)
    const file = planFile()
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    writeFiles(folder, {
      'iam-sync.yaml': PROJECT.replace('user/keeper', 'user/bob'),
      'people.yaml': 'users: { alice: {} }\n',
    })
    const refused = await run('plan', folder, '--out', file)
    expect([refused.code, refused.codes.includes('saved-plan.not-saved'), existsSync(file)]).toEqual([
      3,
      true,
      false,
    ])
    await commitAll(folder, 'one')
    const without = await run('plan', folder, '--out', file, '--against', 'git:main')
    expect([without.code, without.codes, existsSync(file)]).toEqual([1, ['cli.conflicting-flags'], false])
  })

  test('the guard and the tests of now stand against a saved plan as against any other', async () => {
    const folder = sandbox('users: { alice: {} }\n')
    const file = await save(folder)
    writeFiles(folder, {
      'people.yaml':
        'users: { alice: {} }\ntests: [{ name: all, principal: user/alice, action: "s3:GetObject", resource: "arn:aws:s3:::a/b", expect: allow }]\n',
    })
    const { code, document } = await run('apply', folder, '--plan', file)
    expect([code, stepsOf(document)]).toEqual([4, ['CreateUser skipped']])
  })

  describe('files with errors that it does not touch', () => {
    const OTHERS = 'users: { bob: {} }\n'
    const BROKEN = 'users: { bob: { pth: /ops/ } }\n'
    const policy = (file: string) => `policies: { reading: { document: { file: ${file} } } }\n`
    const READING =
      '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }] }'

    /** All is applied but a tag of alice's, which is saved of a commit. */
    async function savedBeside(files: Readonly<Record<string, string>> = {}, alice = '{ tags: { a: b } }') {
      // What is committed is the folder without its database.
      const elsewhere = join(temporaryFolder({}), 'sandbox.db')
      const folder = sandbox('users: { alice: {} }\n', PROJECT.replace('.iam-sync/sandbox.db', elsewhere))
      writeFiles(folder, { 'others.yaml': OTHERS, ...files })
      expect((await runHere('apply', folder, '--yes')).code).toBe(0)
      writeFiles(folder, { 'people.yaml': `users: { alice: ${alice} }\n` })
      await commitAll(folder, 'reviewed')
      return { folder, file: await save(folder) }
    }

    test.each([
      ['an unknown key', { 'others.yaml': BROKEN }],
      ['no YAML', { 'others.yaml': 'users: {' }],
      ['a new file', { 'new.yaml': BROKEN.replace('bob', 'carol') }],
      ['two of them, one hidden behind the other', { 'others.yaml': BROKEN, 'more.yaml': 'groups: {' }],
      ['a document', { 'policies/reading.json': '{' }],
    ])('count as they were in the commit that it was saved of: %s', async (_, broken) => {
      const documents = { 'policies.yaml': policy('policies/reading.json'), 'policies/reading.json': READING }
      const { folder, file } = await savedBeside('policies/reading.json' in broken ? documents : {})
      writeFiles(folder, broken)
      const applied = await run('apply', folder, '--plan', file)
      expect([applied.code, applied.codes, stepsOf(applied.document)]).toEqual([
        0,
        ['apply.files-as-saved'],
        ['TagUser done'],
      ])
      const [said] = applied.document.diagnostics
      for (const name of Object.keys(broken)) expect(said.message).toContain(`\`${name}\``)
      expect(applied.document.results[0].verified).toBe(true)
      // Nobody of them is given up: who was declared in them still is.
      writeFiles(folder, {
        'others.yaml': OTHERS,
        'new.yaml': '',
        'more.yaml': '',
        'policies/reading.json': READING,
      })
      expect(await isEmpty(folder)).toBe(true)
    })

    test('their tests count as well, and what has no error counts as it is now', async () => {
      const asked =
        'tests: [{ name: bob, principal: user/bob, action: "s3:GetObject", resource: "arn:aws:s3:::a/b", expect: deny }]\n'
      const { folder, file } = await savedBeside({ 'others.yaml': OTHERS + asked })
      writeFiles(folder, {
        'others.yaml': BROKEN,
        'more.yaml': asked.replace('expect: deny', 'expect: allow').replace('name: bob', 'name: other'),
      })
      const { code, document } = await run('apply', folder, '--plan', file)
      expect([code, stepsOf(document)]).toEqual([4, ['TagUser skipped']])
    })

    test.each([
      ['it is declared there', {}, { 'people.yaml': 'users: { alice: { tgs: {} } }\n' }, undefined],
      [
        'what its steps name is declared there',
        { 'others.yaml': `${OTHERS}groups: { staff: {} }\n` },
        { 'others.yaml': `${BROKEN}groups: { staff: {} }\n` },
        '{ groups: [staff] }',
      ],
      [
        'a document of its own is',
        { 'policies/own.json': READING },
        { 'policies/own.json': '{' },
        '{ inlinePolicies: { own: { file: policies/own.json } } }',
      ],
      ['the project file has one', {}, { 'iam-sync.yaml': 'gard: {}\n' }, undefined],
    ])('refuse it where %s', async (_, files, broken, alice) => {
      const { folder, file } = await savedBeside(files, alice)
      writeFiles(folder, broken)
      const { code, codes, document } = await run('apply', folder, '--plan', file)
      expect([code, document.results]).toEqual([1, []])
      expect(codes.some((each: string) => /^(manifest|policy)\./.test(each))).toBe(true)
    })

    test('refuse one of a setting that is declared there', async () => {
      const { folder } = await savedBeside()
      const setting = 'passwordPolicy: { minimumPasswordLength: 14 }\n'
      writeFiles(folder, { 'others.yaml': OTHERS + setting })
      await commitAll(folder, 'longer passwords')
      const file = await save(folder)
      writeFiles(folder, { 'others.yaml': BROKEN + setting })
      const { code, codes } = await run('apply', folder, '--plan', file)
      expect([code, codes[0]]).toEqual([1, 'apply.files-not-known'])
    })

    test('refuse one that deletes: whether they declare that is not known', async () => {
      const { folder } = await savedBeside({ 'others.yaml': `${OTHERS}groups: { staff: {} }\n` })
      writeFiles(folder, { 'others.yaml': OTHERS })
      await commitAll(folder, 'staff goes')
      const file = await save(folder)
      writeFiles(folder, { 'new.yaml': 'groups: { staff: { pth: /x/ } }\n' })
      const { code, codes, document } = await run('apply', folder, '--plan', file)
      expect([code, codes, document.results]).toEqual([
        1,
        ['apply.files-not-known', 'manifest.unknown-key'],
        [],
      ])
      expect(document.diagnostics[0].message).toContain('`group/staff`')
    })

    test('refuse one that was saved of files that no commit has, or that is bound to a commit that is not here', async () => {
      const { folder } = await savedBeside()
      writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: c } } }\n' })
      const file = await save(folder)
      writeFiles(folder, { 'others.yaml': BROKEN })
      expect(await run('apply', folder, '--plan', file)).toMatchObject({ code: 1, document: { results: [] } })
      const { folder: other, file: foreign } = await savedBeside()
      rmSync(join(other, '.git'), { recursive: true })
      writeFiles(other, { 'others.yaml': BROKEN })
      expect(await run('apply', other, '--plan', foreign)).toMatchObject({
        code: 1,
        document: { results: [] },
      })
    })

    test('what is stale is stale all the same', async () => {
      const { folder, file } = await savedBeside()
      writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: c } } }\n', 'others.yaml': BROKEN })
      expect(await run('apply', folder, '--plan', file)).toMatchObject({ code: 5 })
    })
  })

  test('several accounts: all of them are looked at before the first is written', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': TWO_ACCOUNTS, 'people.yaml': 'users: { alice: {} }\n' })
    const file = await save(folder, '--account', 'first', '--account', 'third')
    const saved = JSON.parse(readFileSync(file, 'utf8'))
    expect(saved.plans.map(({ account }: { account: { name: string } }) => account.name)).toEqual([
      'first',
      'third',
    ])
    // The third gets another alice.
    const other = temporaryFolder({
      'iam-sync.yaml': TWO_ACCOUNTS.replaceAll('.iam-sync/', join(folder, '.iam-sync/')),
      'people.yaml': 'users: { alice: { path: /x/ } }\n',
    })
    expect((await runHere('apply', other, '--yes', '--account', 'third')).code).toBe(0)
    const stale = await run('apply', folder, '--plan', file)
    expect([
      stale.code,
      stale.document.results.map(({ account }: { account: { name: string } }) => account.name),
    ]).toEqual([5, ['first', 'third']])
    expect(existsSync(join(folder, '.iam-sync/first.db'))).toBe(false)
    expect((await run('apply', folder, '--plan', await save(folder, '--account', 'first'))).code).toBe(0)
    expect(existsSync(join(folder, '.iam-sync/second.db'))).toBe(false)
  })

  test('is made again from the commits that it was made of', async () => {
    const owned = 'version: 1\naccounts: { sandbox: { id: "111122223333" } }\n'
    const folder = sandbox('users: { alice: {} }\n', owned)
    await commitAll(folder, 'first')
    const file = await save(folder, '--ref', 'main', '--base', 'main')
    writeFiles(folder, { 'people.yaml': 'users: { bob: {} }\n' })
    await commitAll(folder, 'second')
    const { code, document } = await run('apply', folder, '--plan', file)
    expect([code, stepsOf(document)]).toEqual([0, ['CreateUser done']])
    expect(document.results[0].commit).toBe(JSON.parse(readFileSync(file, 'utf8')).made.ref)
  })

  test('says by itself how it was made: flags that say so are refused', async () => {
    const folder = sandbox()
    const file = await save(folder)
    for (const flag of [
      ['--ref', 'main'],
      ['--base', 'main'],
      ['--account', 'sandbox'],
      ['--assume', 'strict'],
      ['--allow-briefly-wider'],
    ]) {
      const { code, codes } = await run('apply', folder, '--plan', file, ...flag)
      expect([flag[0], code, codes]).toEqual([flag[0], 1, ['cli.conflicting-flags']])
    }
  })
})

describe('a file that is not what was saved', () => {
  const tampered = async (change: (text: string) => string, project = sandbox()) => {
    const file = await save(project)
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, change(before))
    const { code, codes, document } = await run('apply', project, '--plan', file)
    expect(existsSync(join(project, '.iam-sync'))).toBe(false)
    expect(document.results).toEqual([])
    return [code, ...codes]
  }

  test('cut, at any place', async () => {
    const folder = sandbox()
    const text = readFileSync(await save(folder), 'utf8')
    const file = planFile()
    for (const length of [0, 1, 20, 60, Math.floor(text.length / 2), text.length - 2]) {
      writeFileSync(file, text.slice(0, length))
      const { code, codes } = await run('apply', folder, '--plan', file)
      expect([length, code, codes[0]]).toEqual([
        length,
        1,
        length < 30 ? 'saved-plan.unknown' : 'saved-plan.cut',
      ])
    }
  })

  test('changed, added to, of another version, or something else', async () => {
    expect(await tampered((text) => text.replace('"keeper"', '"kepeer"'))).toEqual([1, 'saved-plan.seal'])
    expect(await tampered((text) => text.replace('{"type"', '{"extra":1,"type"'))).toEqual([
      1,
      'saved-plan.seal',
    ])
    expect(await tampered((text) => text.replace('"made":{', '"made":{"more":1,'))).toEqual([
      1,
      'saved-plan.seal',
    ])
    expect(await tampered((text) => text.replace('"formatVersion":"1.0"', '"formatVersion":"2.0"'))).toEqual([
      1,
      'saved-plan.version',
    ])
    expect(await tampered(() => '{"plans":[]}')).toEqual([1, 'saved-plan.unknown'])
    expect(await tampered(() => '\u0000\u0001')).toEqual([1, 'saved-plan.unknown'])
    const folder = sandbox()
    expect(await run('apply', folder, '--plan', join(folder, 'nothing'))).toMatchObject({
      code: 1,
      codes: ['saved-plan.unreadable'],
    })
    expect(await run('apply', folder, '--plan', folder)).toMatchObject({
      code: 1,
      codes: ['saved-plan.unreadable'],
    })
  })

  interface ForgedPlan {
    basis: string
    digest: string
    account: { id: string; name: string; partition: string }
    changes: object[]
    steps: object[]
  }
  const resealed = (
    text: string,
    change: (body: { plans: ForgedPlan[] }) => void,
    digests: 'kept' | 'made to fit',
  ) => {
    const { type, formatVersion, seal: _, ...body } = JSON.parse(text)
    change(body)
    if (digests === 'made to fit')
      for (const plan of body.plans) plan.digest = digestOn(plan.basis, plan as never)
    const seal = createHash('sha256')
      .update(JSON.stringify([type, formatVersion, body]))
      .digest('hex')
    return JSON.stringify({ type, formatVersion, seal: `sha256:${seal}`, ...body })
  }

  test('with a seal of its own it still does nothing but what the project says', async () => {
    const folder = sandbox('users: { alice: {} }\n')
    const file = await save(folder)
    const text = readFileSync(file, 'utf8')
    const attempt = async (
      change: Parameters<typeof resealed>[1],
      digests: Parameters<typeof resealed>[2] = 'made to fit',
    ) => {
      writeFileSync(file, resealed(text, change, digests))
      const { code, codes } = await run('apply', folder, '--plan', file)
      return [code, ...codes]
    }
    const mallory = { operation: 'CreateUser', input: { UserName: 'mallory' }, needs: [] }
    const added = { action: 'create', kind: 'user', name: 'mallory', arn: null, details: [], steps: [1] }
    const odd = { ...added, name: 'odd', details: [7, { type: 'policy' }, { type: 'value' }] }
    const forgeries: readonly Parameters<typeof resealed>[1][] = [
      ({ plans: [plan] }) => {
        plan?.changes.push(added)
        plan?.steps.push(mallory)
      },
      ({ plans: [plan] }) => plan?.changes.splice(0),
      // What is shown would be one thing, and what is done another.
      ({ plans: [plan] }) => plan?.steps.splice(0, 1, mallory),
      ({ plans: [plan] }) => Object.assign(plan?.steps[0] ?? {}, { needs: [0] }),
      ({ plans: [plan] }) => Object.assign(plan?.changes[0] ?? {}, { action: 'update' }),
      ({ plans: [plan] }) => Object.assign(plan?.changes[0] ?? {}, { details: [{ type: 'value' }] }),
      ({ plans: [plan] }) => Object.assign(plan ?? {}, { basis: 'sha256:00' }),
      ({ plans: [plan] }) => plan?.changes.push(odd),
    ]
    for (const [number, forgery] of forgeries.entries()) {
      expect([number, ...(await attempt(forgery, 'kept'))]).toEqual([number, 1, 'saved-plan.digest'])
      expect([number, ...(await attempt(forgery))]).toEqual([number, 5, 'apply.stale'])
    }
    const { out } = await runHere('apply', folder, '--plan', file)
    expect(out).toContain('no longer:\n  + user odd')
    expect(
      await attempt(({ plans: [plan] }) => plan?.changes.push({ ...added, kind: 'constructor' })),
    ).toEqual([1, 'saved-plan.seal'])
    expect(await attempt(() => {})).toEqual([0])
    expect((await run('plan', folder)).document.plans[0].unmanaged).toEqual([])
  })

  test('of another project, or of an account under another name', async () => {
    const file = await save(sandbox())
    const other = sandbox(PEOPLE, PROJECT.replace('111122223333', '444455556666'))
    expect(await run('apply', other, '--plan', file)).toMatchObject({
      code: 1,
      codes: ['saved-plan.other-account'],
    })
    const renamed = sandbox(PEOPLE, PROJECT.replace('sandbox:', 'production:'))
    expect(await run('apply', renamed, '--plan', file)).toMatchObject({
      code: 1,
      codes: ['saved-plan.other-account'],
    })
  })
})

describe('apply --expect-digest', () => {
  const digestOf = async (folder: string, ...args: string[]) =>
    (await run('plan', folder, ...args)).document.plans.map(({ digest }: { digest: string }) => digest)

  test('applies the plan that was reviewed, without asking', async () => {
    const folder = sandbox()
    const [digest] = await digestOf(folder)
    expect(await run('apply', folder, '--expect-digest', digest)).toMatchObject({ code: 0 })
    expect(await isEmpty(folder)).toBe(true)
    // The same once more: it is done.
    expect(await run('apply', folder, '--expect-digest', digest)).toMatchObject({
      code: 0,
      codes: ['apply.done-by-another'],
    })
  })

  test('any other plan is stale, whatever else is agreed to', async () => {
    const folder = sandbox()
    const [digest] = await digestOf(folder)
    writeFiles(folder, { 'people.yaml': STAFF })
    const stale = await run('apply', folder, '--expect-digest', digest, '--yes')
    expect([stale.code, stale.codes]).toEqual([5, ['apply.stale']])
    expect(existsSync(join(folder, '.iam-sync'))).toBe(false)
    expect((await runHere('apply', folder, '--yes')).code).toBe(0)
    expect((await run('apply', folder, '--expect-digest', digest)).code).toBe(5)
  })

  test('of a plan that was made without a target it is refused', async () => {
    const folder = sandbox()
    await commitAll(folder, 'before')
    const [digest] = await digestOf(folder, '--against', 'git:main')
    const refused = await run('apply', folder, '--expect-digest', digest, '--yes')
    expect([refused.code, refused.codes]).toEqual([1, ['apply.digest-without-target']])
    expect(refused.document.diagnostics[0].message).toContain('made without a target')
    expect(await run('apply', folder, '--expect-digest', 'sha256:12')).toMatchObject({
      code: 1,
      codes: ['cli.invalid-value'],
    })
  })

  test('several accounts take one each; what has nothing to do needs none', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': TWO_ACCOUNTS, 'people.yaml': 'users: { alice: {} }\n' })
    expect((await runHere('apply', folder, '--yes', '--account', 'second')).code).toBe(0)
    const [first, , third] = await digestOf(folder)
    expect((await run('apply', folder, '--expect-digest', first)).code).toBe(5)
    expect(existsSync(join(folder, '.iam-sync/first.db'))).toBe(false)
    expect((await run('apply', folder, '--expect-digest', first, '--expect-digest', third)).code).toBe(0)
    expect(await isEmpty(folder)).toBe(true)
  })

  test('beside a saved plan it says which one was reviewed', async () => {
    const folder = sandbox()
    const file = await save(folder)
    const [digest] = await digestOf(folder)
    const other = `sha256:${'0'.repeat(64)}`
    expect(await run('apply', folder, '--plan', file, '--expect-digest', other)).toMatchObject({
      code: 5,
      codes: ['apply.stale'],
    })
    expect(
      (await run('apply', folder, '--plan', file, '--expect-digest', digest, '--expect-digest', other)).code,
    ).toBe(5)
    expect((await run('apply', folder, '--plan', file, '--expect-digest', digest)).code).toBe(0)
  })
})
