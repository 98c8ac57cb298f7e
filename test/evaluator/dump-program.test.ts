import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { WIRE_VERSION } from '../../assembly/wire.ts'
import { webAssembly } from '../../src/evaluator/module/web-assembly.ts'
import { temporaryFolder } from '../source/folders.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })

const POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['s3:Get*', 's3:PutObject'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable
      Resource: 'arn:aws:s3:::example/${aws:username}/*',
      Condition: {
        StringLike: { 'aws:RequestedRegion': ['eu-*'] },
        NumericLessThanIfExists: { 's3:max-keys': '10' },
      },
    },
    { Effect: 'Deny', NotAction: 's3:*', Resource: '*' },
  ],
}

describe('scripts/dump-program.mjs', () => {
  test('prints the program and the blocks of a request, as they go over the boundary', async () => {
    const file = join(temporaryFolder({ 'policy.json': JSON.stringify(POLICY) }), 'policy.json')
    const ran = node(
      'scripts/dump-program.mjs',
      file,
      ...['--resource', 'arn:aws:s3:::example/example/é', '--context', 'aws:RequestedRegion=eu-west-1'],
    )
    expect(ran.stderr).toBe('')
    await expect(ran.stdout).toMatchFileSnapshot('golden/dumped-program.txt')
  })

  test('takes a document with a Principal for a resource’s', () => {
    const statement = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:*', Resource: '*' }
    const file = join(temporaryFolder(), 'policy.json')
    writeFileSync(file, JSON.stringify({ Version: '2012-10-17', Statement: statement }))
    const { stdout } = node('scripts/dump-program.mjs', file)
    expect(stdout).toContain('NAMED_ACCOUNT  principal "111122223333"')
    expect(stdout).toContain('LAYER_RESOURCE')
  })

  test('says what is wrong with a document that is none', () => {
    const file = join(temporaryFolder({ 'policy.json': '{"Statement":[{"Effect":"Maybe"}]}' }), 'policy.json')
    const ran = node('scripts/dump-program.mjs', file)
    expect([ran.status, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toMatch(/^policy\./)
  })
})

test('the debug target of asconfig.json compiles to a module that keeps its names', async () => {
  const file = join(temporaryFolder(), 'debug.wasm')
  const ran = node(
    'node_modules/assemblyscript/bin/asc.js',
    ...['assembly/index.ts', '--config', 'asconfig.json', '--target', 'debug', '--outFile', file],
  )
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  const bytes = readFileSync(file)
  expect(bytes.includes('assembly/index/openBlock')).toBe(true)
  const { exports } = await webAssembly.instantiate(await webAssembly.compile(bytes), {})
  expect((exports as unknown as { wireVersion(): number }).wireVersion()).toBe(WIRE_VERSION)
})
