import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const docs = new URL('../../docs/', import.meta.url)
const root = new URL('../../', import.meta.url)
const files = readdirSync(docs)
  .filter((file) => file.endsWith('.md'))
  .concat('../SECURITY.md', '../CONTRIBUTING.md')
  .sort()
const textOf = (file: string): string => readFileSync(new URL(file, docs), 'utf8')

/** A heading's anchor, as git hosts make it. */
const anchorsOf = (markdown: string): ReadonlySet<string> =>
  new Set(
    [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

describe.each(files)('docs/%s', (file) => {
  const text = textOf(file)

  test('its links lead to files and headings that are there', () => {
    const broken = [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(([, path = '', anchor]) => {
      if (path.includes(':')) return false
      const target = path === '' ? file : path
      if (!existsSync(new URL(target, new URL(file, docs)))) return true
      return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor)
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  test('the files of this repository that it names are there', () => {
    const present = text.replaceAll(/^.*\(still to come\).*$/gm, '')
    const named = [...present.matchAll(/`((?:src|test|assembly|examples|schema|scripts|docs)\/[\w./-]+)`/g)]
    expect(named.map(([, path = '']) => path).filter((path) => !existsSync(new URL(path, root)))).toEqual([])
  })
})

test('CONTRIBUTING.md names scripts of package.json, and programs and seeds that there are', () => {
  const page = textOf('../CONTRIBUTING.md')
  const { scripts } = JSON.parse(textOf('../package.json')) as { scripts: Record<string, string> }
  const run = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
  expect(run.filter((name) => scripts[name] === undefined)).toEqual([])
  const programs = [...page.matchAll(/node ((?:test|scripts)\/[\w./-]+)/g)].map(([, path = '']) => path)
  expect(programs.length).toBeGreaterThan(4)
  expect(programs.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
  expect(page).toContain('PROPERTY_SEED')
  expect(textOf('../test/fixed-seed.ts')).toContain('process.env.PROPERTY_SEED')
})
