import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../source/folders.ts'
import { runHere } from './in-process.ts'
import { iamSync, jsonOf } from './run.ts'

const WRITTEN = [
  'iam-sync.yaml',
  'access.yaml',
  '.schema/iam-sync.schema.json',
  '.schema/manifest.schema.json',
]

test('the first line of each file leads an editor to its JSON Schema, which is there', async () => {
  const folder = temporaryFolder()
  await runHere('init', folder)
  for (const file of ['iam-sync.yaml', 'access.yaml']) {
    const [, path = ''] =
      /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(folder, file), 'utf8')) ?? []
    const schema = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { title: string }
    expect(schema.title).toMatch(file === 'access.yaml' ? /manifest/ : /project/)
  }
})

test('writes a project that is valid, whose tests pass, and that git ignores the state of', async () => {
  const folder = join(temporaryFolder(), 'deep', 'iam')
  const init = await runHere('init', folder)
  expect([init.code, init.out]).toEqual([
    0,
    [...WRITTEN, '.gitignore'].map((file) => `wrote ${file}\n`).join(''),
  ])
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('.iam-sync/\n')
  expect((await runHere('validate', folder)).out).toMatch(/^sandbox \(111122223333\): 1 user, .*\nvalid\n$/)
  expect((await runHere('test', folder)).code).toBe(0)
})

test.each(['.gitignore', '.schema', '.schema/manifest.schema.json'])(
  'writes nothing through a link at %s',
  async (path) => {
    const outside = temporaryFolder({ 'victim/x': '', 'victim.txt': 'mine' })
    const folder = temporaryFolder({ '.schema/x': '' })
    if (path === '.schema') rmSync(join(folder, '.schema'), { recursive: true })
    symlinkSync(join(outside, path === '.schema' ? 'victim' : 'victim.txt'), join(folder, path))
    const ran = await runHere('init', folder)
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`\`${path}\` is a link`)])
    expect(readFileSync(join(outside, 'victim.txt'), 'utf8')).toBe('mine')
    expect(readdirSync(join(outside, 'victim'))).toEqual(['x'])
    expect(existsSync(join(folder, 'iam-sync.yaml'))).toBe(false)
  },
)

test('overwrites nothing', async () => {
  const folder = temporaryFolder({ 'access.yaml': 'mine' })
  const ran = await iamSync(['init', '--json'], { cwd: folder })
  expect(ran.code).toBe(1)
  expect(jsonOf(ran)).toMatchObject({
    created: [],
    diagnostics: [{ code: 'init.exists', message: '`access.yaml` is there already' }],
  })
  expect(existsSync(join(folder, 'iam-sync.yaml'))).toBe(false)
  expect(readFileSync(join(folder, 'access.yaml'), 'utf8')).toBe('mine')
})

test('adds to a .gitignore that is there, once', async () => {
  const folder = temporaryFolder({ '.gitignore': 'dist' })
  expect(jsonOf(await runHere('init', folder, '--json')).created).toEqual([...WRITTEN, '.gitignore'])
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toBe('dist\n.iam-sync/\n')
  const has = temporaryFolder({ '.gitignore': '/.iam-sync\n' })
  expect(jsonOf(await runHere('init', has, '--json')).created).toEqual(WRITTEN)
})

test('a folder that is a file, or that can’t be written, is a coded problem', async () => {
  const folder = temporaryFolder({ file: '' })
  expect((await runHere('init', join(folder, 'file'))).err).toContain('error[init.not-writable]')
  if (process.getuid?.() === 0) return // root may write anywhere
  chmodSync(folder, 0o500)
  expect((await runHere('init', join(folder, 'new'))).err).toContain('error[init.not-writable]')
})
