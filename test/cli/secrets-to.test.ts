import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, test } from 'vitest'
import { folderSink } from '../../src/cli/delivering/folder-sink.ts'
import { secretsTo } from '../../src/cli/delivering/secrets-to.ts'
import type { MadeSecret } from '../../src/model/index.ts'
import { formsOf } from '../../src/model/redaction.ts'
import { Secret } from '../../src/model/secret.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PROJECT, sandbox } from './projects.ts'
import { iamSync, jsonOf } from './run.ts'

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)

const OWN = `{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "iam:ChangePassword", Resource: "*" }] }`
const people = (profile = '{ passwordResetRequired: true }', recipients = `[${recipient}]`) =>
  `users:\n  alice:\n    loginProfile: ${profile}\n    recipients: ${recipients}\n    inlinePolicies: { own: ${OWN} }\n`

async function opened(file: string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(readFileSync(file), 'text')
}

const apply = (folder: string, ...args: readonly string[]) => runHere('apply', folder, '--yes', ...args)
const secretsIn = (folder: string) => join(folder, '..', `${folder.split('/').at(-1)}-secrets`)
const codesOf = (document: { diagnostics: { code: string }[] }) =>
  document.diagnostics.map(({ code }) => code)
const filesIn = (folder: string): readonly string[] => readdirSync(folder).sort()

/** A program that writes what it is given into a file, and what it is told about it into another. */
function program(folder: string, script: string): string {
  const file = join(folder, 'take.sh')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

describe('a first password', () => {
  test('is not made where nobody would be told it: the plan warns, apply is refused before it asks', async () => {
    const folder = sandbox(people())
    const plan = jsonOf(await runHere('plan', folder, '--json'))
    expect(plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'secret.no-sink' }])
    const refused = await apply(folder)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(
      'error[secret.no-sink]: the password of `user/alice` would be made, and nobody would ever be told it',
    )
    expect(refused.err.trimEnd().split('\n').at(-1)).toContain('nothing was applied')
    expect(filesIn(folder)).not.toContain('.iam-sync')
  })

  test('goes to a folder, in a file that its user alone can open; a second plan is empty', async () => {
    const folder = sandbox(people())
    const secrets = secretsIn(folder)
    const first = await apply(folder, '--secrets-to', secrets)
    expect([first.code, first.err.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(/^info\[secret\.handed-over\]: the password of `user\/alice` is encrypted in `/),
    ])
    const [file = '', ...others] = filesIn(secrets)
    expect([file, others]).toEqual([
      expect.stringMatching(/^sandbox\.alice\.password\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.age$/),
      [],
    ])
    expect(statSync(join(secrets, file)).mode & 0o777).toBe(0o600)
    expect(await opened(join(secrets, file))).toMatch(/^[\x21-\x7e]{20}$/)
    expect((await apply(folder)).out).toBe('sandbox: no changes; 1 unchanged\n')
    writeFiles(folder, { 'people.yaml': people('null') })
    const removed = await runHere('apply', folder, '--yes')
    expect([removed.code, removed.out]).toEqual([0, expect.stringContaining('loginProfile')])
  })

  test('is for nobody in a folder where nobody is named', async () => {
    const folder = sandbox(people('{}', '[]'))
    const refused = await apply(folder, '--secrets-to', secretsIn(folder), '--json')
    expect([refused.code, codesOf(jsonOf(refused))]).toEqual([1, ['secret.no-recipients']])
    const unwritable = sandbox(people())
    writeFileSync(join(unwritable, 'file'), '')
    const no = await apply(unwritable, '--secrets-to', join(unwritable, 'file'), '--json')
    expect([no.code, codesOf(jsonOf(no))]).toEqual([1, ['secret.folder-unwritable']])
  })

  test('goes to the stdin of a program, which is told what it is, and never to its arguments', async () => {
    const folder = sandbox(people())
    const place = temporaryFolder()
    const take = program(
      place,
      `cat > "${place}/secret"; echo "$IAM_SYNC_SECRET_ACCOUNT $IAM_SYNC_SECRET_OF $IAM_SYNC_SECRET_KIND" > "${place}/told"; echo "$0 $*" > "${place}/arguments"; cat "${place}/secret"`,
    )
    const ran = await apply(folder, '--secrets-to', `exec:${take} --to vault`)
    expect(ran.code).toBe(0)
    const given = readFileSync(join(place, 'secret'), 'utf8')
    expect(given).toMatch(/^[\x21-\x7e]{20}$/)
    expect(readFileSync(join(place, 'told'), 'utf8')).toBe('sandbox user/alice password\n')
    expect(readFileSync(join(place, 'arguments'), 'utf8')).toBe(`${take} --to vault\n`)
    // What the program prints is the secret: nobody sees it.
    expect(ran.out + ran.err).not.toContain(given)
  })

  test.each([
    ['fails', 'cat > /dev/null; exit 3', 'it ended with 3'],
    ['ends by a signal', 'kill -9 $$', 'it was ended by SIGKILL'],
  ])(
    'that a program %s to take is not made: its step fails, and the next apply makes another',
    async (_, script, told) => {
      const folder = sandbox(people())
      const ran = await apply(folder, '--secrets-to', `exec:${program(temporaryFolder(), script)}`)
      expect(ran.code).toBe(1)
      expect(ran.out).toContain(told)
      const plan = jsonOf(await runHere('plan', folder, '--json'))
      expect(plan.plans[0].changes[0].steps).toMatchObject([{ operation: 'CreateLoginProfile' }])
      expect((await apply(folder, '--secrets-to', secretsIn(folder))).code).toBe(0)
    },
  )

  test('a program that is not there is known before anything is written', async () => {
    const folder = sandbox(people())
    const ran = await apply(folder, '--secrets-to', 'exec:no-such-program-anywhere', '--json')
    expect([ran.code, codesOf(jsonOf(ran))]).toEqual([1, ['secret.program-failed']])
    for (const nowhere of ['exec:', 'exec:  '])
      expect((await apply(folder, '--secrets-to', nowhere)).err).toContain('error[cli.secrets-to]')
  })
})

describe('a folder that the project file names', () => {
  const declares = (to: string) => `${PROJECT}secrets: { to: ${to} }\n`

  test('has what is made, with no flag, and what is said names it; a plan warns of nothing', async () => {
    const folder = sandbox(people(), declares('.iam-sync/secrets'))
    expect(jsonOf(await runHere('plan', folder, '--json')).diagnostics).toEqual([])
    const { code, err } = await apply(folder)
    const [file = '', ...others] = filesIn(join(folder, '.iam-sync/secrets'))
    const path = join(folder, '.iam-sync/secrets', file)
    expect([code, others]).toEqual([0, []])
    expect(err).toContain(`is encrypted in \`${relative(process.cwd(), path)}\``)
    expect([await opened(path), statSync(join(path, '..')).mode & 0o777]).toEqual([
      expect.stringMatching(/^[\x21-\x7e]{20}$/),
      0o700,
    ])
  })

  test('is not used where a flag says another place', async () => {
    const folder = sandbox(people(), declares('here'))
    expect((await apply(folder, '--secrets-to', secretsIn(folder))).code).toBe(0)
    expect([filesIn(secretsIn(folder)).length, filesIn(folder)]).toEqual([
      1,
      expect.not.arrayContaining(['here']),
    ])
  })

  test('is for those who name recipients', async () => {
    const folder = sandbox(people('{}', '[]'), declares('here'))
    const refused = await apply(folder, '--json')
    expect([refused.code, codesOf(jsonOf(refused))]).toEqual([1, ['secret.no-recipients']])
  })
})

describe('whatever is written of an apply that makes a password', () => {
  test('has it in no form, but for the file that is encrypted', async () => {
    const folder = sandbox(people())
    const secrets = secretsIn(folder)
    const plan = join(temporaryFolder(), 'plan.json')
    const said: string[] = []
    const run = async (...args: readonly string[]) => {
      const { out, err } = await iamSync(args)
      said.push(out, err)
    }
    await run('plan', folder, '--out', plan, '--json')
    await run('apply', folder, '--plan', plan, '--secrets-to', secrets, '--json')
    await run('history', folder, '--json')
    await run('plan', folder)
    const [file = ''] = filesIn(secrets)
    const password = await opened(join(secrets, file))
    expect(password).toHaveLength(20)
    const database = join(folder, '.iam-sync')
    const kept = [
      ...readdirSync(database).map((name) => readFileSync(join(database, name)).toString('latin1')),
      readFileSync(plan, 'latin1'),
      readFileSync(join(secrets, file), 'latin1'),
      ...said,
    ]
    expect(kept.join('')).toContain('alice')
    for (const form of formsOf(password))
      for (const text of kept) expect(text.includes(form), form).toBe(false)
  })
})

describe('a folder of secrets', () => {
  const made: MadeSecret = { what: 'password', of: 'user/alice', recipients: [recipient] }
  const noted: string[] = []
  const now = new Date('2026-01-02T03:04:05Z')
  const sinkTo = (folder: string) =>
    folderSink(
      folder,
      'sandbox',
      (_, where) => noted.push(where),
      () => now,
    )

  test('writes over nothing, and follows no link', async () => {
    const folder = temporaryFolder()
    const sink = sinkTo(folder)
    const takes = await Promise.all(
      ['one', 'two', 'three'].map((value) => sink.take(made, new Secret(value))),
    )
    const files = filesIn(folder)
    expect(files).toHaveLength(3)
    expect((await Promise.all(files.map((file) => opened(join(folder, file))))).sort()).toEqual([
      'one',
      'three',
      'two',
    ])
    expect(await Promise.all(takes.map(({ withdraw }) => withdraw()))).toEqual([true, true, true])
    expect(filesIn(folder)).toEqual([])
    const elsewhere = join(temporaryFolder(), 'target')
    symlinkSync(elsewhere, join(folder, 'sandbox.alice.password.2026-01-02T03-04-05Z.age'))
    await sink.take(made, new Secret('four'))
    expect(filesIn(join(elsewhere, '..'))).toEqual([])
  })

  test('that can not be written says why, and quotes nothing', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(sinkTo(join(folder, 'file/below')).take(made, new Secret('hunter2!'))).rejects.toThrow(
      'secret.folder-unwritable',
    )
    const bad: MadeSecret = { ...made, recipients: ['age1nobody'] }
    await expect(sinkTo(folder).take(bad, new Secret('hunter2!'))).rejects.toThrow('secret.not-encrypted')
    mkdirSync(join(folder, 'kept'))
    expect(filesIn(folder)).toEqual(['file', 'kept'])
  })

  test('nothing is a sink where none is asked for', () => {
    const nowhere = { folder: temporaryFolder(), project: { secretsTo: null } }
    expect(secretsTo(null, () => {}).sinkFor('sandbox', nowhere)).toBeUndefined()
  })
})
