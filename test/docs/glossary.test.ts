import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docs/glossary.md', root), 'utf8')
const TERMS = [...text.matchAll(/^\| ([a-z][a-z ]*) \| (.+?) \| `([^`]+)` \|$/gm)].map(
  ([, term = '', meaning = '', file = '']) => ({ term, meaning, file }),
)

describe('docs/glossary.md', () => {
  test('every row of its tables is read', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| term |'))
    expect(rows.length).toBeGreaterThan(30)
    expect(TERMS.length).toBe(rows.length)
  })

  test('the file that defines a term is there, and has the word', () => {
    expect(
      TERMS.filter(({ term, file }) => {
        if (!existsSync(new URL(file, root))) return true
        const source = readFileSync(new URL(file, root), 'utf8').toLowerCase()
        return !source.includes(term.replaceAll(' ', '')) && !source.includes(term)
      }),
    ).toEqual([])
  })

  test('a term stands there once, in the order of the alphabet within its table', () => {
    expect(new Set(TERMS.map(({ term }) => term)).size).toBe(TERMS.length)
    for (const section of text.split(/^## /m).slice(1)) {
      const terms = TERMS.map(({ term }) => term).filter((term) => section.includes(`\n| ${term} |`))
      expect(terms).toEqual([...terms].sort())
    }
  })

  test('whoever makes a request has one name in the code', () => {
    const other = /\b(?:is)?[Rr]equesters?(?:Of|Arn\w*)?\b|\b[Aa]skers?\b/
    const src = new URL('src/', root)
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    )
    expect(files.filter((path) => other.test(readFileSync(new URL(path, src), 'utf8')))).toEqual([])
    expect(other.test('const sender = requesterOf(principal)')).toBe(true)
    expect(other.test('throw new UnevaluableRequestError(problem)')).toBe(false)
  })
})
