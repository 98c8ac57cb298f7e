import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS, COMMANDS_TO_COME } from '../../src/cli/arguments/command-table.ts'
import { EXIT } from '../../src/cli/exit-code.ts'
import { BIN } from '../built.ts'

const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

const sectionUnder = (heading: string): string => text.split(`\n## ${heading}\n`)[1]?.split(/^## /m)[0] ?? ''
const flagsIn = (section: string): readonly string[] =>
  [...section.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag = '']) => flag)

/** The commands that a cell names: a list, or all but a list. */
function commandsIn(cell: string): readonly string[] {
  const named = [...cell.matchAll(/`([\w -]+)`/g)].map(([, name = '']) => name)
  const all = COMMANDS.map(({ name }) => name)
  return cell.startsWith('all') ? all.filter((name) => !named.includes(name)) : named
}

/** An example of JSON as the paths of its keys; elements of lists share one path. */
function shapeOf(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => shapeOf(item, `${at}[]`)))]
  if (typeof value !== 'object' || value === null || at.endsWith('.input')) return []
  return Object.entries(value).flatMap(([key, member]) => [
    `${at}.${key}`,
    ...shapeOf(member, `${at}.${key}`),
  ])
}

const exampleOf = (command: string): unknown =>
  JSON.parse(/^```json\n([\s\S]*?)^```$/m.exec(sectionUnder(command))?.[1] ?? 'null')

describe('docs/cli.md', () => {
  test.each(COMMANDS)('has the flags of `$name` and no others', ({ name, flags }) => {
    const shared = [
      ...sectionUnder('Flags of several commands').matchAll(/^\| `(--[a-z-]+).*?` \| (.+?) \|/gm),
    ]
      .filter(([, , cell = '']) => commandsIn(cell).includes(name))
      .map(([, flag = '']) => flag)
    const own = flagsIn(sectionUnder(name))
    expect([...shared, ...own].sort()).toEqual(
      flags.map(({ flags: spelled }) => spelled.split(' ')[0] ?? '').sort(),
    )
  })

  test('has every exit code and no other', () => {
    const listed = [...sectionUnder('Exit codes').matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, cell = '']) =>
      cell.split(', ').map(Number),
    )
    expect(listed).toEqual([...new Set(Object.values(EXIT))].sort((a, b) => a - b))
  })

  test('names the commands that are still to come', () => {
    const listed = [...sectionUnder('Commands of later versions').matchAll(/`([a-z-]+)`/g)].map(
      ([, name]) => name,
    )
    expect(listed).toEqual([...COMMANDS_TO_COME])
  })

  test('the JSON of its examples has the keys that the commands print', () => {
    const folder = mkdtempSync(join(tmpdir(), 'iam-sync-docs-'))
    const run = (...args: readonly string[]): unknown =>
      JSON.parse(
        spawnSync(process.execPath, [BIN, ...args, '--json'], { cwd: folder, encoding: 'utf8' }).stdout,
      )
    const keysOf = (command: string, ...args: readonly string[]) => {
      const printed = shapeOf(run(command, ...args))
      const shown = shapeOf(exampleOf(command))
      // The detail of an example is of one type, and it may list what this account has none of.
      const of = (keys: readonly string[]) =>
        [...new Set(keys)].filter((key) => !/(details|unmanaged|facts)\[\]/.test(key)).sort()
      return { printed: of(printed), shown: of(shown) }
    }
    try {
      const compared: { readonly printed: readonly string[]; readonly shown: readonly string[] }[] = []
      compared.push(keysOf('init'))
      writeFileSync(
        join(folder, 'more.yaml'),
        'tests:\n  - { name: fails, principal: user/alice, action: s3:GetObject, expect: allow }\n',
      )
      compared.push(keysOf('validate'), keysOf('plan'), keysOf('test'))
      writeFileSync(join(folder, 'more.yaml'), 'groups: { none: }\n')
      compared.push(keysOf('apply', '--yes'), keysOf('history'))
      const request = ['--principal', 'user/alice', '--action', 's3:GetObject']
      compared.push(keysOf('evaluate', ...request, '--resource', 'arn:aws:s3:::example-data/x'))
      for (const { printed, shown } of compared)
        expect(printed.filter((key) => !key.startsWith('.diagnostics['))).toEqual(shown)
      const [diagnostic] = (run('plan', '--account', 'x') as { diagnostics: readonly object[] }).diagnostics
      expect(Object.keys(diagnostic ?? {})).toEqual(Object.keys(exampleOf('Diagnostics') ?? {}))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
