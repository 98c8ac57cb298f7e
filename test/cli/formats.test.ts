import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/arguments/command-table.ts'
import { FORMAT_NAMES, FORMATS } from '../../src/report/formats/formats.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

describe('--format', () => {
  test.each([
    ['validate'],
    ['plan'],
    ['test'],
    ['history'],
    ['who-can', 's3:GetObject', '*', '--dir'],
    ['who-can', 's3:Get*', 'arn:aws:s3:::x/*', '--dir'],
    ['access', 'check', '--no-public-access', '--dir'],
    ['access', 'escalations', '--dir'],
    ['access', 'diff', 'desired', 'observed', '--dir'],
    ['evaluate', '--principal', 'user/alice', '--action', 's3:GetObject', '--explain'],
    ['completion', 'bash', '--dir'],
    ['completion', '--list', 'accounts', '--dir'],
    ['backup', 'none/there', '--dir'],
  ])('json is what --json is, and text what there is without: %s %s %s', async (...args) => {
    const folder = sandbox()
    const run = (...more: readonly string[]) => runHere(...args, folder, ...more)
    const short = await run('--json')
    expect(await run('--format', 'json')).toEqual(short)
    expect(await run('--format=json', '--json')).toEqual(short)
    expect(jsonOf(short).formatVersion).toBe('1.0')
    expect(await run('--format', 'text')).toEqual(await run())
    expect(() => jsonOf({ code: 0, out: short.out.slice(1), err: '' })).toThrow()
  })

  test('json of what is applied is one document as well', async () => {
    const ran = await runHere('apply', sandbox(), '--yes', '--format', 'json')
    expect(jsonOf(ran).results).toHaveLength(1)
  })

  test('that is none is refused, with those that there are', async () => {
    const ran = await runHere('plan', sandbox(), '--format', 'yaml')
    expect([ran.code, ran.out]).toEqual([1, ''])
    expect(ran.err).toContain('error[cli.invalid-value]')
    for (const name of FORMAT_NAMES) expect(ran.err).toContain(name)
  })

  test('beside --json is a contradiction, unless it is the same; the answer is JSON, as the one says', async () => {
    const ran = await runHere('plan', sandbox(), '--json', '--format', 'text')
    expect(ran.code).toBe(1)
    expect(jsonOf(ran)).toMatchObject({ plans: [], diagnostics: [{ code: 'cli.two-formats' }] })
  })

  test('decides how a mistake of usage is told, too', async () => {
    expect(jsonOf(await runHere('plam', '--format', 'json')).diagnostics[0].code).toBe('cli.unknown-command')
    expect(jsonOf(await runHere('plan', '--format=json', '--what')).diagnostics[0].code).toMatch(/^cli\./)
    expect((await runHere('plan', '--', '--format=json')).out).toBe('')
  })

  test('is a flag of every command, with all values', () => {
    for (const { name, flags } of COMMANDS) {
      const flag = flags.find(({ flags: spelled }) => spelled.startsWith('--format '))
      expect([name, flag?.values]).toEqual([name, Object.keys(FORMATS)])
    }
  })
})
