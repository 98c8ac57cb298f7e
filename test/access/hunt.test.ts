// The answers of every gate about random estates, held against the evaluator, one request after the other. A longer run:
// `node test/soak/access-hunt.mjs`.

import { writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { FAMILIES } from '../hunt/families.ts'
import { printed } from '../hunt/faults.ts'
import { type FoundKind, hunt, huntTools, seedsOf } from '../hunt/hunt.ts'
import { OPEN_FAMILIES, RARE_OPEN_FAMILIES, SAMPLE_SEEDS } from '../hunt/open-families.ts'
import { shrink } from '../hunt/shrink.ts'
import { sampleOf } from '../sample-size.ts'

/** Of each estate of the sample. */
const QUESTIONS = 60
/** Set by the soak: what to hunt, and where its figures go. */
const { ACCESS_HUNT = '' } = process.env

if (ACCESS_HUNT === '')
  describe('in a fixed sample of estates no gate is wrong', () => {
    let found = new Map<string, FoundKind>()
    beforeAll(async () => {
      const { kinds } = await hunt(
        SAMPLE_SEEDS.slice(0, sampleOf(SAMPLE_SEEDS.length, 1 / 5)),
        QUESTIONS,
        await huntTools(),
      )
      found = new Map(kinds.map((each) => [each.family, each]).reverse() as [string, FoundKind][])
    }, 600_000)

    it('names families that there are', () => {
      const names = FAMILIES.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining([...OPEN_FAMILIES, ...RARE_OPEN_FAMILIES]))
    })

    for (const { name } of FAMILIES) {
      const finds = OPEN_FAMILIES.includes(name) ? it.fails : it
      finds(`no fault of the family "${name}"`, () => {
        const fault = found.get(name)
        expect(fault === undefined ? null : `${fault.count} × ${fault.kind}: ${printed(fault.first)}`).toBe(
          null,
        )
      })
    }
  })
else
  it('hunts', async () => {
    const { seed, wanted, questions, shard, shards, report } = JSON.parse(ACCESS_HUNT) as Hunted
    const tools = await huntTools()
    const { estates, counts, kinds } = await hunt(seedsOf(seed, shard, shards), questions, tools, wanted)
    // One of each family is enough to begin with.
    const examples = new Map<string, string>()
    for (const { family, first, seed: estate } of kinds) {
      if (examples.has(family)) continue
      const { about, detail, pair } = await shrink(first, tools.analyzer, tools.facts)
      examples.set(family, printed({ seed: estate, about, detail, ...pair }))
    }
    writeFileSync(
      report,
      JSON.stringify({
        estates,
        counts,
        kinds: kinds.map(({ kind, family, count, first: { way } }) => ({ kind, family, count, way })),
        examples: Object.fromEntries(examples),
      }),
    )
  }, 3_600_000)

interface Hunted {
  readonly seed: number
  /** Questions of this shard, at least. */
  readonly wanted: number
  /** Questions of each estate, at most. */
  readonly questions: number
  readonly shard: number
  readonly shards: number
  readonly report: string
}
