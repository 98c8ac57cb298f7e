// `examples/testing/test` has the tests of the application, which run with these.
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sdk from '@aws-sdk/client-iam'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, it } from 'vitest'
import { startIam } from '../../src/testing/index.ts'
import { runHere } from '../cli/in-process.ts'
import { jsonOf } from '../cli/run.ts'
import { blocksOf } from '../docs/console-blocks.ts'
import { temporaryFolder } from '../source/folders.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'examples/testing/iam')

it('examples/testing is valid, without a remark', async () => {
  const ran = await runHere('validate', folder, '--json')
  expect([ran.code, jsonOf(ran).diagnostics]).toEqual([0, []])
})

it('docs/testing.md shows of it what there is', () => {
  const shown = blocksOf(readFileSync(join(root, 'docs/testing.md'), 'utf8')).flatMap(({ info, text }) => {
    const file = /file=(\S+)/.exec(info)?.[1]
    return file === undefined ? [] : [{ file, text }]
  })
  expect(shown).toHaveLength(2)
  for (const { file, text } of shown)
    expect([file, readFileSync(join(root, file), 'utf8').includes(text.trimEnd())]).toEqual([file, true])
})

it('without leave to tag nobody makes a user with tags, as its README says', async () => {
  const copy = temporaryFolder()
  cpSync(folder, copy, { recursive: true })
  const file = join(copy, 'onboarding.yaml')
  const text = readFileSync(file, 'utf8')
  const lacking = text.replace(/ {10}- Sid: TagAndTakeBack\n[\s\S]*?(?= {10}- Sid: IntoTheirTeam)/, '')
  expect(lacking.length).toBeLessThan(text.length)
  writeFileSync(file, lacking)
  const iam = await startIam({ project: copy })
  const { endpoint, region } = iam
  const service = { endpoint, region, credentials: await iam.credentialsOf('onboarding-service') }
  const { Credentials } = await new STSClient(service).send(
    new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/onboarding', RoleSessionName: 'test' }),
  )
  const client = new sdk.IAMClient({
    ...service,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  })
  const made = {
    UserName: 'ada',
    Path: '/engineering/',
    PermissionsBoundary: 'arn:aws:iam::111122223333:policy/colleague',
  }
  const tagged = { ...made, Tags: [{ Key: 'team', Value: 'engineering' }] }
  await expect(client.send(new sdk.CreateUserCommand(tagged))).rejects.toThrow('iam:TagUser')
  await client.send(new sdk.CreateUserCommand(made))
  await iam.stop()
})
