import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SSH_KEYS } from '../kinds/ssh-keys.ts'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'

const PROJECT = 'version: 1\naccounts: { prod: { id: "111122223333" } }\nguard: { maxDeletePercent: 100 }\n'

describe('credentials of users on the command line', () => {
  it('are applied, shown and taken back; what is said of a plan is said once', async () => {
    const declaring = (alice: object) => JSON.stringify({ users: { alice } })
    const keys = (status: string) => ({ sshPublicKeys: { laptop: { body: SSH_KEYS[0], status } } })
    const folder = temporaryFolder({
      'iam-sync.yaml': PROJECT,
      'main.yaml': declaring({ mfa: 'required', ...keys('active') }),
    })
    const run = (...args: readonly string[]) => runHere(...args, folder)
    const save = (alice: object) => writeFileSync(join(folder, 'main.yaml'), declaring(alice))
    const first = await run('apply', '--yes')
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('+ SSH public key alice/laptop') })
    expect(first.err.match(/plan\.required-missing/g)).toHaveLength(1)
    save(keys('inactive'))
    const { out } = await run('plan', '--json')
    expect(JSON.parse(out).plans[0].changes).toMatchObject([
      {
        action: 'update',
        kind: 'sshPublicKey',
        name: 'alice/laptop',
        arn: null,
        parent: 'arn:aws:iam::111122223333:user/alice',
        steps: [{ operation: 'UpdateSSHPublicKey' }],
      },
    ])
    expect((await run('plan', '--format', 'markdown')).out).toContain('1 credentials')
    save({})
    expect(await run('apply', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/- SSH public key alice\/APKA\w{17}[\s\S]*verified/),
    })
  })
})
