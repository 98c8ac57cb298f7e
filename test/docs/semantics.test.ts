import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface CorpusCase {
  readonly rule: number | string
  readonly assumed?: true
}

const corpusFolder = new URL('../corpus/', import.meta.url)
const corpus = readdirSync(corpusFolder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(new URL(file, corpusFolder), 'utf8')) as readonly CorpusCase[])

const text = readFileSync(new URL('../../docs/semantics.md', import.meta.url), 'utf8')
const sectionUnder = (heading: string): string => text.split(`\n## ${heading}\n`)[1]?.split(/^## /m)[0] ?? ''

const counted = (entries: Iterable<readonly [string, number]>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const [rule, count] of entries) counts[rule] = (counts[rule] ?? 0) + count
  return counts
}

describe('docs/semantics.md', () => {
  test('lists as many assumed readings for each rule as the corpus has cases', () => {
    const rows = [
      ...sectionUnder('What the documentation leaves open').matchAll(
        /^\| (\d+[ab]?|context) \| .+ \| (\d+) \|$/gm,
      ),
    ]
    const listed = counted(rows.map(([, rule = '', count]) => [rule, Number(count)]))
    const assumed = corpus.filter((each) => each.assumed === true)
    expect(assumed.length).toBeGreaterThan(0)
    expect({ ...listed, context: undefined }).toEqual({
      ...counted(assumed.map(({ rule }) => [String(rule), 1])),
      context: undefined,
    })
  })

  test('says of every rule of the corpus where it is decided', () => {
    const listed = new Set(
      [...sectionUnder('The rules').matchAll(/^\| ([\d, –]+[ab]?|context) \|/gm)].flatMap(([, cell = '']) =>
        cell.split(', ').flatMap((part) => {
          const [from = '', to = from] = part.split('–')
          if (from === 'context' || /[ab]$/.test(from)) return [from]
          return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) =>
            String(Number(from) + index),
          )
        }),
      ),
    )
    expect(corpus.map(({ rule }) => String(rule)).filter((rule) => !listed.has(rule))).toEqual([])
    expect(listed.size).toBe(55)
  })
})
