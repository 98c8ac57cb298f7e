import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { expect, test } from 'vitest'
import { formsOf } from '../../src/model/redaction.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

const identity = await generateIdentity()
const recipient = await identityToRecipient(identity)
const declared = `users: { alice: { accessKeys: { ci: {} }, recipients: [${recipient}] } }\n`

test('the secret of an access key is in a file that its user alone can open, and nowhere else', async () => {
  const folder = sandbox(declared)
  const refused = await runHere('apply', folder, '--yes', '--json')
  expect([refused.code, jsonOf(refused).diagnostics]).toMatchObject([1, [{ code: 'secret.no-sink' }]])
  const secrets = join(folder, '..', `${folder.split('/').at(-1)}-secrets`)
  const first = await runHere('apply', folder, '--yes', '--secrets-to', secrets)
  expect(first.code).toBe(0)
  const [file = '', ...others] = readdirSync(secrets)
  expect([file, others]).toEqual([expect.stringMatching(/^sandbox\.alice\..*\.age$/), []])
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const told = JSON.parse(await decrypter.decrypt(readFileSync(join(secrets, file)), 'text'))
  expect(told).toEqual({
    Version: 1,
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
  })
  const again = await runHere('plan', folder, '--json')
  expect(jsonOf(again)).toMatchObject({ diagnostics: [] })
  const state = join(folder, '.iam-sync')
  const kept = readdirSync(state, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : [],
  )
  expect(kept.some((text) => text.includes(told.AccessKeyId))).toBe(true)
  const everything = [first.out, first.err, again.out, again.err, ...kept]
  for (const form of formsOf(told.SecretAccessKey))
    for (const text of everything) expect(text.includes(form)).toBe(false)
})
