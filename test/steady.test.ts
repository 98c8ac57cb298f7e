import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readFile } from './house/reading.ts'

const folder = new URL('./', import.meta.url)

/** Draws properties, and begins where it is told to. */
const FIXED_SEED = 'fixed-seed.ts'
/** What real servers and clients are given, which hold it against their own clocks. */
const REAL_CLOCK = 'real-clock.ts'
const UNSTEADY =
  /^(?:Date\.now|Date\(\)|new Date\(\)|Math\.random|performance\..*|crypto\..*|random(?:Bytes|UUID|Int))$/

/**
 * What would make a test differ from run to run, or be red on a busy machine.
 * @param path from `test/`
 */
function unsteadyIn(path: string, text: string): readonly string[] {
  if (path === REAL_CLOCK) return []
  const { mentions, uses } = readFile(path, text, 'left out')
  const named = mentions.flatMap(({ names, line }) => names.map((what) => ({ what, line })))
  const drawn = mentions.filter(({ specifier, typeOnly }) => specifier === 'fast-check' && !typeOnly)
  return [
    ...[...uses, ...named].filter(({ what }) => UNSTEADY.test(what)),
    ...(path === FIXED_SEED ? [] : drawn.map(({ line }) => ({ what: 'fast-check without a seed', line }))),
  ].map(({ what, line }) => `${path}:${line}: ${what}`)
}

it('no test reads the clock or draws what the next run would not: work is counted, seeds are fixed', () => {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.startsWith('soak/'))
  expect(paths.length).toBeGreaterThan(200)
  expect(paths.flatMap((path) => unsteadyIn(path, readFileSync(new URL(path, folder), 'utf8')))).toEqual([])
})

it.each([
  'const began = performance.now()',
  'expect(Date.now() - began).toBe(1)',
  'open({ clock: Date.now })',
  'const now = new Date()',
  'const seed = Math.random()',
  "import { randomBytes } from 'node:crypto'",
  'crypto.randomUUID()',
  "import fc from 'fast-check'",
])('sees `%s`', (text) => {
  expect(unsteadyIn('x.test.ts', text)).toHaveLength(1)
})

it('a type of fast-check draws nothing, and a time that is given is none of the clock', () => {
  expect(unsteadyIn('x.test.ts', "import type fc from 'fast-check'\nnew Date(1)\nDate.UTC(2026)")).toEqual([])
})
