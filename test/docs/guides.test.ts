import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/arguments/command-table.ts'
import { parseArguments } from '../../src/cli/arguments/parse-arguments.ts'
import { blocksOf, commandsOf, Shell } from './console-blocks.ts'

/** Pages that are followed from top to bottom, in one folder. */
const GUIDES = ['ci.md', 'editor.md', 'terraform.md', 'cloudformation.md', 'states.md']

describe.each(GUIDES)('docs/%s', (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')

  test('what its commands print is what it shows', () => {
    const work = mkdtempSync(join(tmpdir(), 'iam-sync-guide-'))
    const shell = new Shell()
    try {
      writeFileSync(
        join(work, 'iam-sync.yaml'),
        'version: 1\naccounts: { production: { id: "111122223333" } }\n',
      )
      let ran = 0
      for (const block of blocksOf(text)) {
        const { info } = block
        const file = /file=(\S+)/.exec(info)?.[1]
        if (file !== undefined) writeFileSync(join(work, file), block.text)
        if (info !== 'console') continue
        for (const { command, output } of commandsOf(block.text)) {
          expect(`$ ${command}\n${shell.run(command, work)}`).toBe(`$ ${command}\n${output.trimEnd()}`)
          ran++
        }
      }
      expect(ran).toBeGreaterThan(0)
    } finally {
      shell.close()
      rmSync(work, { recursive: true, force: true })
    }
  })

  test('the commands that it names have the flags that it gives them', () => {
    const named = [...text.matchAll(/iam-sync ([a-z][^`\n|>]*)/g)].map(([, words = '']) =>
      words.trim().split(/\s+/),
    )
    let read = 0
    for (const words of named) {
      const spec = COMMANDS.find(({ name }) => words.join(' ').startsWith(name))
      expect([words.join(' '), spec?.name]).toEqual([words.join(' '), expect.any(String)])
      // A command that is only spoken of has no words of its own.
      if (spec === undefined || words.length === spec.name.split(' ').length) continue
      const args = words.slice(spec.name.split(' ').length).map((word) => word.replace(/^["']|["']$/g, ''))
      expect(parseArguments(spec, args).kind).toBe('run')
      read++
    }
    if (page === 'ci.md') expect(read).toBeGreaterThan(10)
  })
})
