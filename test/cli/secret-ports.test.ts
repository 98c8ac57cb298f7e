import { describe, expect, it } from 'vitest'
import { secretsTo } from '../../src/cli/delivering/secrets-to.ts'
import { missingSecrets, secretPorts } from '../../src/cli/opening/secret-ports.ts'
import { temporaryFolder } from '../source/folders.ts'

const folder = temporaryFolder({
  'iam-sync.yaml': 'version: 1\n',
  'keys/a.pem': 'EXAMPLE\n',
  '.env': 'HIDDEN',
})
const opened = { folder, commit: null }
const span = { file: 'a.yaml', start: 3, end: 9 }
const needed = (...names: readonly string[]) =>
  names.map((name) => ({ source: { env: name }, of: 'user/ada', span, makes: null }))

describe('secrets on the command line', () => {
  it('are variables of the environment, and files of the folder', async () => {
    const ports = secretPorts(opened)
    expect(ports.env('PATH')).toBe(process.env.PATH)
    expect(ports.env('IAM_SYNC_NO_SUCH_VARIABLE')).toBeNull()
    expect(await ports.file('keys/a.pem')).toBe('EXAMPLE')
    await expect(ports.file('.env')).rejects.toThrow('secret.file-hidden')
    expect(ports.randomBytes(9)).toHaveLength(9)
  })

  it('that are missing are told of all plans at once, each with its place', async () => {
    const secrets = [
      ...needed('IAM_SYNC_NO_SUCH_VARIABLE'),
      ...needed('PATH'),
      { source: { file: 'keys/b.pem' }, of: 'user/bob', span: null, makes: null },
      { source: { generate: 'password' }, of: 'user/cy', span: null, makes: null } as const,
    ]
    const missing = await missingSecrets(
      [secrets, [], secrets].map((each) => ({ account: { name: 'sandbox' }, secrets: each })),
      { ...opened, project: { secretsTo: null } },
      secretsTo(null, () => {}),
    )
    const once = [
      ['error', 'secret.env-missing', span],
      ['error', 'secret.file-missing', null],
    ]
    expect(missing.map((each) => [each.severity, each.code, each.span])).toEqual([...once, ...once])
  })
})
