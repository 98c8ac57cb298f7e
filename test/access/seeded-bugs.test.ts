import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Mutant {
  readonly name: string
  readonly file: string
  readonly from: string
  readonly to: string
}

const MUTANTS: readonly Mutant[] = JSON.parse(
  readFileSync(new URL('../soak/access-mutants.json', import.meta.url), 'utf8'),
)

test('each bug that a soak puts into the code still has the one place to be put', () => {
  const texts = new Map<string, string>()
  const textOf = (file: string): string => {
    const text = texts.get(file) ?? readFileSync(new URL(`../../src/access/${file}`, import.meta.url), 'utf8')
    texts.set(file, text)
    return text
  }
  expect(MUTANTS.length).toBeGreaterThan(100)
  expect(
    MUTANTS.filter(({ file, from, to }) => textOf(file).split(from).length !== 2 || from === to).map(
      ({ name }) => name,
    ),
  ).toEqual([])
})
