// Secrets of every kind that an apply takes or makes, looked for in all that is written, kept, printed or listed while it runs.
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formsOf } from '../../src/model/redaction.ts'
import { madeCertificate } from '../kinds/made-certificates.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { sandbox } from './projects.ts'
import { iamSync } from './run.ts'

const ISSUER = madeCertificate({ subject: 'issuer.example' })
const [BY_ENV, BY_FILE] = [
  madeCertificate({ subject: 'env.example', issuer: ISSUER }),
  madeCertificate({ subject: 'file.example', issuer: ISSUER }),
]

const manifest = (more: string) => `users:
  alice: { loginProfile: {} }
  bob: { loginProfile: { passwordResetRequired: false } }
  carol:
    accessKeys: { ci: {} }
    serviceSpecificCredentials:
      git: { serviceName: codecommit }
      model: { serviceName: bedrock, credentialAgeDays: 30 }
passwordPolicy: { allowUsersToChangePassword: true }
serverCertificates:
  by-env:
    certificateBody: ${JSON.stringify(BY_ENV.pem)}
    privateKey: { env: CANARY_KEY }
  by-file:
    certificateBody: ${JSON.stringify(BY_FILE.pem)}
    privateKey: { file: keys/file.pem }
${more}`

/** Keeps what it is given, what every process shows of itself meanwhile, and who it is; ends as it is told. */
const sinkScript = (place: string, ending: string) => `#!/bin/sh
cat >> "${place}/given"
echo >> "${place}/given"
for process in /proc/[0-9]*; do
  tr '\\0' ' ' < "$process/cmdline" >> "${place}/commands" 2>/dev/null
  echo >> "${place}/commands"
done
tr '\\0' '\\n' < /proc/$PPID/cmdline >> "${place}/parent"
tr '\\0' '\\n' < /proc/$$/environ >> "${place}/environment"
grep core /proc/$$/limits >> "${place}/core"
${ending}
`

/** What all files below a folder hold, by their paths. */
const filesBelow = (folder: string): readonly (readonly [path: string, text: string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => [path, readFileSync(path, 'latin1')])

/** Each way in which a value may stand somewhere: whole, and of a key each of its lines. */
const tracesOf = (value: string): readonly string[] =>
  [value, ...value.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'))].flatMap(formsOf)

describe('a canary in each secret of an apply', () => {
  test.skipIf(!existsSync('/proc/self/cmdline')).each([
    ['takes what it is given', 'exit 0', 0],
    ['breaks down after it has read it', 'kill -ABRT $$', 1],
  ])('is nowhere but with a program that %s', async (_, ending, code) => {
    const place = temporaryFolder()
    const sink = join(place, 'sink.sh')
    writeFileSync(sink, sinkScript(place, ending))
    chmodSync(sink, 0o755)
    const folder = sandbox(manifest(''))
    writeFiles(folder, { 'keys/file.pem': BY_FILE.key })
    const [cache, state, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()]
    const out = join(temporaryFolder(), 'plan.json')
    const env = {
      CANARY_KEY: BY_ENV.key,
      XDG_CACHE_HOME: cache,
      XDG_STATE_HOME: state,
      TMPDIR: temporary,
      NODE_DISABLE_COMPILE_CACHE: '1',
    }
    const said: string[] = []
    const run = async (...args: readonly string[]) => {
      const ran = await iamSync(args, { env, cwd: folder })
      said.push(ran.out, ran.err)
      return ran.code
    }
    await run('plan', folder, '--json', '--out', out)
    await run('plan', folder, '--format', 'aws-cli')
    expect(
      await run('apply', folder, '--plan', out, '--json', '--secrets-to', `exec:${sink} --to vault`),
    ).toBe(code)
    await run('plan', folder)
    await run('history', folder, '--json')

    const given = readFileSync(join(place, 'given'), 'utf8').trim().split('\n')
    const passwords = given.filter((each) => !each.startsWith('{'))
    expect(passwords).toHaveLength(2)
    for (const password of passwords) expect(password).toMatch(/^[\x21-\x7e]{20}$/)
    const credentials = given
      .filter((each) => each.startsWith('{'))
      .map((each) => Object.entries<unknown>(JSON.parse(each)))
    const made = credentials
      .flat()
      .filter(([field]) => ['SecretAccessKey', 'ServicePassword', 'ServiceCredentialSecret'].includes(field))
      .map(([, secret]) => String(secret))
    expect(made).toHaveLength(3)
    for (const secret of made) expect(secret.length).toBeGreaterThanOrEqual(40)
    const own = (path: string) => path === join(folder, 'keys/file.pem')
    const kept = [
      ...[folder, cache, state, temporary].flatMap(filesBelow).filter(([path]) => !own(path)),
      ['the saved plan', readFileSync(out, 'latin1')] as const,
      ...said.map((text, at) => [`output ${at}`, text] as const),
      ...['commands', 'parent', 'environment'].map(
        (name) => [name, readFileSync(join(place, name), 'latin1')] as const,
      ),
    ]
    // Nobody keeps what is in its memory when it breaks down.
    const core = readFileSync(join(place, 'core'), 'utf8').trim().split('\n')
    expect(core.map((line) => line.replace(/ +/g, ' ').trim())).toEqual(
      given.map(() => 'Max core file size 0 0 bytes'),
    )
    // What is looked through is what it should be.
    const texts = new Map(kept)
    expect(texts.get('commands')).toContain(`apply ${folder}`)
    expect(texts.get('parent')).toContain('--secrets-to')
    expect(texts.get('environment')).toContain('IAM_SYNC_SECRET_OF=user/alice')
    expect(said.join('')).toContain('UploadServerCertificate')
    expect(kept.some(([path]) => path.endsWith('sandbox.db'))).toBe(true)
    // What the caller of the apply has put into the environment is there for every program that it starts.
    const inherited = (where: string, value: string) => where === 'environment' && value === BY_ENV.key
    for (const value of [...passwords, ...made, BY_ENV.key, BY_FILE.key])
      for (const trace of tracesOf(value))
        for (const [where, text] of kept)
          if (!inherited(where, value) && text.includes(trace))
            throw new Error(`${where} has it: ${trace.slice(0, 4)}…`)
  })
})
