import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { blocksOf, commandsOf, Shell } from './docs/console-blocks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')

const blocks = blocksOf(readme)

test('every command that the README shows prints what the README shows', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'iam-sync-readme-'))
  const shell = new Shell()
  try {
    let ran = 0
    for (const { info, text } of blocks) {
      const file = /file=(\S+)/.exec(info)?.[1]
      if (file !== undefined) writeFileSync(path.join(work, file), text)
      if (info !== 'console') continue
      for (const { command, output } of commandsOf(text)) {
        expect(`$ ${command}\n${shell.run(command, work)}`).toBe(`$ ${command}\n${output.trimEnd()}`)
        ran++
      }
    }
    expect(ran).toBeGreaterThanOrEqual(6)
  } finally {
    shell.close()
    rmSync(work, { recursive: true, force: true })
  }
})

test('the two commands of the README are those of the package', () => {
  const shell = blocks.filter(({ info }) => info === 'sh').map(({ text }) => text.trim())
  expect(shell).toEqual(['npm ci && npx iam-sync apply examples/acme --yes', 'npm ci && npm test'])
  const { scripts, bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
    bin: Record<string, string>
  }
  expect(scripts.prepare).toBe('npm run build')
  expect(scripts.test).toBe('vitest run')
  expect(readFileSync(path.join(root, '.ci/run'), 'utf8')).toContain('npm ci')
  expect(existsSync(path.join(root, bin['iam-sync'] ?? ''))).toBe(true)
})

test('every file, folder and command that the README names exists', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(([^)#]+)\)/g))
    expect([target, existsSync(path.join(root, target))]).toEqual([target, true])
  for (const [, target = ''] of readme.matchAll(/`((?:test|examples|bench|docs)\/[^`]*)`/g))
    expect([target, existsSync(path.join(root, target))]).toEqual([target, true])
  const commands = readdirSync(path.join(root, 'src/cli/commands')).map((name) => name.replace('.ts', ''))
  for (const [, name = ''] of readme.matchAll(/^\| `([a-z]+)` \|/gm)) expect(commands).toContain(name)
})
