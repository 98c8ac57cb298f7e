// A new kind is in all suites by being listed: none of them knows one by name.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FACTS } from '../../src/kinds/kind.ts'
import { type AnyDesiredEntity, entitiesIn, keysOf } from '../../src/model/index.ts'
import fc from '../fixed-seed.ts'
import { declared, intentOf, LISTED, LISTED_SETTINGS } from './listed.ts'
import { kindsNamedIn } from './naming.ts'
import { DECLARED_CHILDREN, SAMPLES, SETTING_SAMPLES } from './samples.ts'
import { TOKEN_VERSION } from './tokenVersion/kind.ts'
import { TOY } from './toy/kind.ts'

const FOLDER = join(import.meta.dirname, 'suites')
const SUITES = readdirSync(FOLDER).toSorted()
const SPELLINGS = Object.entries({ ...FACTS, toy: TOY, tokenVersion: TOKEN_VERSION }).map(
  ([kind, { section }]) => ({ kind, section }),
)

describe('suites over all kinds that are listed', () => {
  it('are these', () => {
    const names = [
      'contract',
      'faults',
      'fixed-point',
      'in-between',
      'kill',
      'ownership',
      'purity',
      'quotas',
      'settings',
    ]
    expect(SUITES).toEqual(names.map((name) => `${name}.test.ts`))
  })

  it.each(SUITES)('%s names no kind, and asks for the list', (file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8')
    expect([...kindsNamedIn(text, SPELLINGS)]).toEqual([])
    expect(text).toContain("from '../listed.ts'")
  })

  it('have every kind of entity, and one that only they know; of each there is a sample', () => {
    const known = Object.entries(FACTS).filter(([, { family }]) => family === 'entity')
    expect(LISTED.toSorted()).toEqual([...known.map(([kind]) => kind), 'toy'].toSorted())
    expect(keysOf(SAMPLES).toSorted()).toEqual(LISTED.toSorted())
  })

  it('random projects have some of every kind that is named under an entity', () => {
    const drawn = fc.sample(declared('all'), 10).map((sections) => intentOf(sections).desired)
    for (const kind of DECLARED_CHILDREN) {
      const parents = drawn.flatMap(({ entities }) => entitiesIn<AnyDesiredEntity>(entities))
      expect(
        Math.max(...parents.map(({ children }) => children?.get(kind)?.size ?? 0)),
        kind,
      ).toBeGreaterThan(1)
    }
  })

  it('have every setting, and one that only they know; of each there are samples', () => {
    const known = Object.entries(FACTS).filter(([, { family }]) => family === 'setting')
    expect(LISTED_SETTINGS.toSorted()).toEqual([...known.map(([kind]) => kind), 'tokenVersion'].toSorted())
    expect(keysOf(SETTING_SAMPLES).toSorted()).toEqual(LISTED_SETTINGS.toSorted())
  })
})
