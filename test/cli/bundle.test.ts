import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import { describe, expect, test } from 'vitest'
import { bundleStamp } from '../../scripts/bundle-stamp.mjs'
import { BIN } from '../built.ts'
import { readFile } from '../house/reading.ts'
import { iamSync } from './run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = dirname(BIN)
const files = readdirSync(folder)
const chunks = files.filter((name) => name.endsWith('.js'))
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')

const PLANT = new URL('plant-error.mjs', import.meta.url).href
const planted = (where: 'hash' | 'width', ...args: readonly string[]) =>
  iamSync(args, {
    env: { PLANTED: where, NODE_OPTIONS: `--import ${PLANT}`, IAM_SYNC_DEBUG: '1', IAM_SYNC_CACHE: 'off' },
  })

/** `src/….ts:LINE`, of the one line of a file that says this. */
function placeOf(file: string, text: string): string {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []))
  expect(found, `${text} in ${file}`).toHaveLength(1)
  return `${file}:${found[0]}`
}

describe('the stack of a defect names the source', () => {
  test('where it is told as one', async () => {
    const { code, err } = await planted('hash', 'plan', join(root, 'examples/quickstart'))
    expect([code, err]).toEqual([1, expect.stringContaining('TypeError: planted\n')])
    const frames = err.split('\n').filter((line) => line.startsWith('    at '))
    expect(frames[1], err).toContain(placeOf('src/plan/digest.ts', "createHash('sha256')"))
    expect(frames.filter((frame) => frame.includes('dist/'))).toEqual([])
    expect(frames.join('\n')).toContain(placeOf('src/cli/program.ts', 'await command.run({'))
  })

  test('where nobody catches it', async () => {
    const { code, err } = await planted('width', '--version')
    expect(code).not.toBe(0)
    expect(err).toContain('TypeError: planted\n')
    expect(err).toContain(placeOf('src/cli/output/streams.ts', 'const outWidth = widthOf('))
    expect(err).toContain(placeOf('src/cli/main.ts', 'await main('))
  })
})

describe('the bundle', () => {
  // What is named here is installed with the package: `dependencies` of package.json.
  test('asks for nothing beside itself but Node, the package with a native library, the large one for SAML, and AWS’s clients, which are optional', () => {
    const asked = chunks.flatMap((name) =>
      readFile(name, textOf(name), 'left out').mentions.map(({ specifier }) => specifier),
    )
    const others = new Set(asked.filter((name) => !name.startsWith('./') && !isBuiltin(name)))
    expect([...others].sort()).toEqual([
      '@aws-sdk/client-iam',
      '@aws-sdk/client-sts',
      '@node-saml/node-saml',
      'libsql',
    ])
    const missing = asked.filter((name) => name.startsWith('./') && !chunks.includes(name.slice(2)))
    expect(missing).toEqual([])
  })

  test('finds no file from where a module stands', () => {
    const asking = chunks.flatMap((name) => {
      const text = textOf(name)
      return parseSync(name, text).module.importMetas.map(({ start }) => text.slice(start - 14, start + 16))
    })
    // The bundler's own way to ask Node for a module of Node's.
    expect(asking).toEqual(['createRequire(import.meta.url)'])
    expect(
      chunks.filter((name) => /^(?!\s*\*|\/\/).*\b__(?:dirname|filename)\b/m.test(textOf(name))),
    ).toEqual([])
  })

  test('knows of no folder that it was made in, and says whose code it has', () => {
    expect(files.filter((name) => textOf(name).includes(root))).toEqual([])
    const licences = textOf('LICENSES')
    for (const name of ['commander', 'isomorphic-git', 'yaml', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })

  test('is another as soon as anything that it is made of is', () => {
    const made = mkdtempSync(join(tmpdir(), 'iam-sync-stamp-'))
    const files = [
      ...['assembly/wire.ts', 'dist/generated/actions.js', 'package.json', 'package-lock.json'],
      ...['scripts/build-bundle.mjs', 'scripts/bundle-stamp.mjs', 'src/a.ts', 'src/deep/er/b.ts'],
    ]
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(made, file)), { recursive: true })
      writeFileSync(join(made, file), text)
    }
    for (const file of files) write(file, file)
    const stamps = new Set([bundleStamp(made)])
    for (const file of files) {
      write(file, 'another')
      stamps.add(bundleStamp(made))
    }
    write('src/new.ts', '')
    stamps.add(bundleStamp(made))
    renameSync(join(made, 'src/new.ts'), join(made, 'src/renamed.ts'))
    stamps.add(bundleStamp(made))
    expect(stamps.size).toBe(files.length + 3)
    expect(bundleStamp(made)).toBe([...stamps].at(-1))
  })

  test('has a map beside each chunk of ours', () => {
    const ours = chunks.filter((name) => /^\/\/ src\//m.test(textOf(name)))
    expect(ours.length).toBeGreaterThan(20)
    expect(ours.filter((name) => !files.includes(`${name}.map`))).toEqual([])
  })
})
