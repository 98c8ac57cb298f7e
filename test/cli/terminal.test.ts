import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { BIN } from '../built.ts'
import { temporaryFolder, writeFiles } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { sandbox } from './projects.ts'
import { jsonOf } from './run.ts'

const apply = (folder: string, ...args: string[]) => runHere('apply', folder, ...args)
const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

const policyOf = (resource: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: resource }],
  })

test('piped, text is the same at any width', () => {
  const folder = temporaryFolder({
    'old.json': policyOf('arn:aws:s3:::data/*'),
    'new.json': policyOf('arn:aws:s3:::data/curated/*'),
  })
  const [narrow, wide] = ['40', '240'].map(
    (COLUMNS) =>
      spawnSync(process.execPath, [BIN, 'access', 'diff', 'old.json', 'new.json'], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, COLUMNS },
      }).stdout,
  )
  expect(narrow).toBe(wide)
  expect(narrow).toContain('lost on arn:aws:s3:::data/* except arn:aws:s3:::data/curated/*  from old.json:1')
})

describe.skipIf(!hasScript)('on a terminal (needs `script` for one)', () => {
  const onTerminal = (command: string, input: string, env: Readonly<Record<string, string>> = {}) =>
    spawnSync('script', ['-qec', `"${process.execPath}" "${BIN}" ${command}`, '/dev/null'], {
      input,
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', ...env },
      timeout: 20_000,
    })

  test('asks, and applies on yes only', () => {
    const folder = sandbox()
    const no = onTerminal(`apply ${folder}`, 'n\n')
    expect(no.status).toBe(1)
    expect(no.stdout).toContain('Apply this to sandbox? [y/N]')
    expect(no.stdout).toContain('apply.declined')
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
    const yes = onTerminal(`apply ${folder}`, 'y\n')
    expect(yes.status).toBe(0)
    expect(yes.stdout).toContain('verified: a second plan is empty')
  })

  test('colours the plan, unless NO_COLOR or --no-color says not to', () => {
    const folder = sandbox()
    expect(onTerminal(`plan ${folder}`, '').stdout).toContain('\u001b[32m+ user alice')
    expect(onTerminal(`plan ${folder}`, '', { NO_COLOR: '1' }).stdout).not.toContain('\u001b')
    expect(onTerminal(`plan ${folder} --no-color`, '').stdout).not.toContain('\u001b')
    expect(onTerminal(`plan ${folder}`, '', { TERM: 'dumb' }).stdout).not.toContain('\u001b')
  })

  test('lays text out for its width, and leaves JSON and scripts alone', () => {
    const folder = temporaryFolder({
      'old.json': policyOf('arn:aws:s3:::data/*'),
      'new.json': policyOf('arn:aws:s3:::data/curated/*'),
    })
    const at = (columns: number, command: string) =>
      spawnSync(
        'script',
        ['-qec', `stty cols ${columns}; "${process.execPath}" "${BIN}" ${command}`, '/dev/null'],
        {
          cwd: folder,
          encoding: 'utf8',
          env: { ...process.env, TERM: 'dumb' },
          timeout: 20_000,
        },
      ).stdout.split(/\r?\n/)
    const diff = at(60, 'access diff old.json new.json')
    expect(diff.join('\n')).toMatch(/lost on arn:aws:s3:::data\/\* except\n +arn:aws:s3:::data\/curated\/\*/)
    for (const line of diff) if (line.length > 60) expect(line.trim()).toMatch(/^\S+$/)
    expect(() => JSON.parse(at(60, 'access diff old.json new.json --json').join('\n'))).not.toThrow()
    expect(at(60, 'completion bash')).toEqual(at(200, 'completion bash'))
  })

  test('a plan that is no longer true when the answer comes is not applied: exit 5, with the difference', async () => {
    const folder = sandbox()
    const child = spawn('script', ['-qec', `"${process.execPath}" "${BIN}" apply ${folder}`, '/dev/null'], {
      env: { ...process.env, TERM: 'dumb' },
    })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
    })
    const ended = new Promise((done) => child.on('close', done))
    while (!shown.includes('[y/N]')) await pause(10)
    writeFiles(folder, { 'people.yaml': 'users: { alice: { tags: { a: b } } }\n' })
    expect((await apply(folder, '--yes')).code).toBe(0)
    child.stdin.write('y\n')
    expect(await ended).toBe(5)
    expect(shown).toContain('apply.stale')
    expect(shown.slice(shown.indexOf('[y/N]'))).toContain('~ user alice')
    expect(jsonOf(await runHere('history', folder, '--json')).entries).toHaveLength(1)
  })

  test('Ctrl-C at the question is exit 130, and nothing is written', async () => {
    const folder = sandbox()
    const child = spawn('script', ['-qec', `"${process.execPath}" "${BIN}" apply ${folder}`, '/dev/null'], {
      env: { ...process.env, TERM: 'dumb' },
    })
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      shown += text
    })
    const ended = new Promise((done) => child.on('close', done))
    while (!shown.includes('[y/N]')) await pause(10)
    child.stdin.write('\u0003')
    expect(await ended).toBe(130)
    expect(shown).toContain('nothing was applied: a signal came before the answer')
    // There is no step that would have to end.
    expect(shown).not.toContain('under way')
    expect(existsSync(join(folder, '.iam-sync/sandbox.db'))).toBe(false)
  })
})
