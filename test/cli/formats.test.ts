import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/arguments/command-table.ts'
import { FORMATS, formatsOf } from '../../src/report/formats/formats.ts'
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
    for (const name of formatsOf(['plan'])) expect(ran.err).toContain(name)
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

  test('is a flag of every command, with the forms that its results have', () => {
    for (const { name, flags, results } of COMMANDS) {
      const flag = flags.find(({ flags: spelled }) => spelled.startsWith('--format '))
      expect([name, flag?.values]).toEqual([name, formatsOf(results)])
      expect(flag?.values).toEqual(expect.arrayContaining(['text', 'json']))
    }
  })
})

describe('a format that only some results have', () => {
  const NAMES = Object.keys(FORMATS) as (keyof typeof FORMATS)[]
  const WORDS: Readonly<Record<string, readonly string[]>> = {
    'who-can': ['s3:GetObject', '*'],
    backup: ['none/there'],
    restore: ['none/there'],
    completion: ['bash'],
    'access diff': ['desired', 'observed'],
  }

  test('is refused of all others, before anything is read, with those that there are', async () => {
    for (const { name, results } of COMMANDS) {
      const own = formatsOf(results)
      for (const format of NAMES.filter((each) => !own.includes(each))) {
        const ran = await runHere(...name.split(' '), ...(WORDS[name] ?? []), '--format', format)
        expect([name, format, ran.code, ran.out]).toEqual([name, format, 1, ''])
        expect(ran.err).toContain(
          `error[cli.no-such-form]: what \`${name}\` comes to has no form \`${format}\``,
        )
        for (const each of own) expect(ran.err).toContain(`\`${each}\``)
      }
    }
  })

  test('of a plan ends with the same exit code, whatever the form', async () => {
    const folder = sandbox()
    for (const format of formatsOf(['plan'])) {
      const ran = await runHere('plan', folder, '--exit-code', '--format', format)
      expect([format, ran.code]).toEqual([format, 2])
      expect(ran.out).not.toBe('')
      expect(ran.err).toMatch(/^exit 2: /m)
    }
  })

  test('is a whole document of a failure as well', async () => {
    for (const { name, results } of COMMANDS.filter(({ name }) => name !== 'completion'))
      for (const format of formatsOf(results).filter((each) => FORMATS[each].kind === 'document')) {
        const words = [...name.split(' '), ...(WORDS[name] ?? []), '--format', format, '--what']
        const ran = await runHere(...words)
        expect([name, format, ran.code]).toEqual([name, format, 1])
        expect(ran.out).toContain('--what')
        expect(ran.err).toMatch(/^exit 1: /)
      }
  })

  test('in bash is offered for commands that have it', async () => {
    const { out } = await runHere('completion', 'bash')
    const lines = out.split('\n').filter((line) => line.includes(' --format"'))
    const offered = (name: string) => lines.find((line) => line.includes(`"${name} --format"`))
    expect(offered('plan')).toContain(`-W "${formatsOf(['plan']).join(' ')}"`)
    expect(offered('validate')).toContain(`-W "${formatsOf(['validate']).join(' ')}"`)
  })
})
