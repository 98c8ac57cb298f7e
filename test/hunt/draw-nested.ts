// What lies in a declared resource, declared beside it: for its tags, or with a policy of its own.
import type { Random } from '../evaluator/random-cases.ts'
import { drawResourcePolicy } from './draw-statements.ts'
import type { EstatePair, EstateSpec, ResourceSpec } from './estate-spec.ts'

/** In both states, or in one. */
export function withNested(pair: EstatePair, random: Random): EstatePair {
  const partition = pair.after.partition ?? 'aws'
  const holders = Object.entries({ ...pair.before.resources, ...pair.after.resources }).filter(([arn]) =>
    /:s3:::[^/]*$|:lambda:/.test(arn),
  )
  if (holders.length === 0) return pair
  const [holder, { account }] = random.pick(holders)
  const isBucket = holder.includes(':s3:')
  const arn = isBucket ? `${holder}/${random.pick(['x', 'a/x', 'a'])}` : `${holder}:prod`
  const draw = (): ResourceSpec => ({
    account,
    ...(isBucket || random.chance(0.5) ? {} : { policy: drawResourcePolicy(random, partition, arn) }),
    ...(random.chance(0.8) ? { tags: { env: random.pick(['prod', 'dev']) } } : {}),
  })
  const spec = draw()
  const declaring = (state: EstateSpec, isDeclared: boolean, facts: ResourceSpec): EstateSpec =>
    isDeclared ? { ...state, resources: { ...state.resources, [arn]: facts } } : state
  const isNew = random.chance(0.3)
  return {
    before: declaring(pair.before, !isNew, random.chance(0.7) ? spec : draw()),
    after: declaring(pair.after, isNew || random.chance(0.8), spec),
  }
}
