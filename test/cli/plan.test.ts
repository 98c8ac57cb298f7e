import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BIN } from '../built.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { PEOPLE, sandbox, TWO_ACCOUNTS, usersYaml } from './projects.ts'
import { jsonOf } from './run.ts'

const plan = (folder: string, ...args: string[]) => runHere('plan', folder, ...args)
const apply = (folder: string, ...args: string[]) => runHere('apply', folder, ...args)
const codesOf = (document: { diagnostics: { code: string }[] }) =>
  document.diagnostics.map(({ code }) => code)

describe('plan', () => {
  test('writes nothing into the IAM folder', async () => {
    const folder = sandbox()
    expect((await plan(folder)).code).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['iam-sync.yaml', 'people.yaml'])
  })

  test('exits 2 on changes with --exit-code only, and 0 when there are none', async () => {
    const folder = sandbox()
    expect((await plan(folder, '--exit-code')).code).toBe(2)
    expect((await apply(folder, '--yes')).code).toBe(0)
    const empty = await plan(folder, '--exit-code')
    expect([empty.code, empty.out]).toEqual([0, 'sandbox (111122223333)\n\nno changes; 3 unchanged\n'])
  })

  test('is the same bytes each time, cached or not, in text and in JSON', async () => {
    const folder = sandbox()
    for (const args of [[], ['--json']]) {
      const first = await plan(folder, ...args)
      expect(await plan(folder, ...args)).toEqual(first)
      expect(first.out).not.toContain('\u001b')
    }
  })

  test('JSON has one element for each account, and the documented keys', async () => {
    const folder = temporaryFolder({ 'iam-sync.yaml': TWO_ACCOUNTS, 'people.yaml': PEOPLE })
    const document = jsonOf(await plan(folder, '--json', '--account', 'third', '--account', 'first'))
    expect(Object.keys(document)).toEqual(['formatVersion', 'plans', 'diagnostics'])
    // In file order, whatever the order of the flags.
    expect(document.plans.map(({ account }: { account: object }) => account)).toEqual([
      { id: '111122223333', name: 'first' },
      { id: '777788889999', name: 'third' },
    ])
    expect(document.plans[0].summary).toEqual({ create: 3, update: 0, delete: 0, replace: 0, unchanged: 0 })
    expect(document.plans[0].digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(document.plans[0].changes[0]).toMatchObject({ action: 'create', source: { file: 'people.yaml' } })
  })

  test('the guard’s refusal is rendered in full, exit 3; apply then writes nothing', async () => {
    const folder = sandbox()
    await apply(folder, '--yes')
    writeFiles(folder, { 'people.yaml': 'users: { alice: {} }\n' })
    const refused = await plan(folder)
    expect(refused.code).toBe(3)
    expect(refused.out).toContain('- user keeper')
    expect(refused.out).toContain('refused by the guard (protect)')
    const applied = await apply(folder, '--yes')
    expect(applied.code).toBe(3)
    expect(applied.out).toMatch(/nothing was applied\n$/)
    const json = await apply(folder, '--yes', '--json')
    expect(json.code).toBe(3)
    expect(codesOf(jsonOf(json))).toEqual(['guard.protected'])
    expect(
      jsonOf(json).results[0].steps.every(({ status }: { status: string }) => status === 'skipped'),
    ).toBe(true)
    writeFiles(folder, { 'people.yaml': PEOPLE })
    expect((await plan(folder, '--exit-code')).code).toBe(0)
  })

  test('a failing test is exit 4 for plan and apply, which writes nothing', async () => {
    const folder = sandbox(
      `${PEOPLE}tests:\n  - { name: reads nothing, principal: user/alice, action: s3:GetObject, resource: "*", expect: deny }\n`,
    )
    const planned = await plan(folder)
    expect(planned.code).toBe(4)
    expect(planned.out).toContain('FAIL     reads nothing  people.yaml:7')
    const applied = await apply(folder, '--yes', '--json')
    expect(applied.code).toBe(4)
    expect(codesOf(jsonOf(applied))).toEqual(['test.failed'])
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
  })

  test('a reader that goes away early ends the output quietly', () => {
    const folder = sandbox(usersYaml(3000))
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" plan "$2" | head -n 1', process.execPath, BIN, folder],
      {
        encoding: 'utf8',
      },
    )
    expect([stdout, stderr]).toEqual(['sandbox (111122223333): 3000 to create\n', ''])
  })
})
