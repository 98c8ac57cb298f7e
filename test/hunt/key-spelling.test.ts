// How a policy spells the keys of its conditions tells nothing: no answer changes with the letter case.
import { beforeAll, expect, it } from 'vitest'
import type { AccessEntry, UnknownAccess } from '../../src/access/access-entry.ts'
import { createEvaluator } from '../../src/evaluator/estate/evaluator.ts'
import { Random } from '../evaluator/random-cases.ts'
import { type EstateSpec, estateFrom } from './estate-spec.ts'
import { Gates, isCrash } from './gates.ts'
import { drawHunted, type HuntTools, huntTools } from './hunt.ts'

const ESTATES = 12
const ASKED = 6

let tools: HuntTools
beforeAll(async () => {
  tools = await huntTools()
})

/** Every other key in capitals. */
function respelled<Value>(value: Value, random: Random): Value {
  const spelled = (inner: unknown, depth: number): unknown => {
    if (Array.isArray(inner)) return inner.map((each) => spelled(each, depth))
    if (inner === null || typeof inner !== 'object') return inner
    return Object.fromEntries(
      Object.entries(inner).map(([key, values]) => [
        depth === 2 && random.chance(0.5) ? key.toUpperCase() : key,
        key === 'Condition' ? spelled(values, 1) : spelled(values, depth === 1 ? 2 : 0),
      ]),
    )
  }
  return spelled(value, 0) as Value
}

const told = (entries: readonly (AccessEntry | UnknownAccess)[]) =>
  new Set(
    entries.flatMap((entry) =>
      ('actions' in entry ? entry.actions : [entry.reason]).flatMap((about) =>
        entry.principals.map((principal) => `${principal} ${about}`),
      ),
    ),
  )

it.each(Array.from({ length: ESTATES }, (_, index) => 7160 + index))(
  'answers about estate %i are the same with keys in capitals',
  async (seed) => {
    const { pair, asked } = drawHunted(seed, ASKED)
    const after = respelled(pair.after, new Random(seed))
    const [plain, capital] = [pair.after, after].map(
      (each) => new Gates(tools.analyzer, { ...pair, after: each }),
    )
    if (plain === undefined || capital === undefined) throw new Error('there are two')
    const diffs = [plain, capital].map((gates) => gates.diff())
    for (const diff of diffs) expect(isCrash(diff) ? diff.crash : null).toBeNull()
    const [one, other] = diffs.map((diff) => (isCrash(diff) ? null : diff.value))
    for (const part of ['gained', 'lost', 'unknown'] as const)
      expect(told(other?.[part] ?? []), part).toEqual(told(one?.[part] ?? []))
    const whoCanIn = async (spec: EstateSpec) => {
      const evaluator = await createEvaluator(estateFrom(spec), tools.facts)
      return asked.map(({ action, resource }) =>
        evaluator
          .whoCan({ action, resource, context: new Map() })
          .grants.map(({ principal, decision }) => `${principal} ${decision} ${action} ${resource}`),
      )
    }
    expect(await whoCanIn(after)).toEqual(await whoCanIn(pair.after))
  },
)
