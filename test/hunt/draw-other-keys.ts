// Of whom a statement speaks, told by one key in one state and by another in the other; and, beside it, a Deny for somebody of
// whom policies know little. Drawn at random these meet too seldom.
import type { ConditionBlock, PolicyStatement, PrincipalBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { drawOfPrincipal } from './draw-conditions.ts'
import { OF_ACCOUNTS } from './draw-sending.ts'
import { replacing } from './draw-sign-in.ts'
import type { EstatePair, Statements } from './estate-spec.ts'
import { CANONICAL, type Partition, providersOf, SERVICES, UNIQUE_ROLE } from './world.ts'

/** One policy of a resource or role, and of anybody in it. */
interface Place {
  readonly policy: Statements
  readonly statement: PolicyStatement
  readonly isTrust: boolean
}

export function withOtherKeys(pair: EstatePair, random: Random): EstatePair {
  const { after } = pair
  const partition = after.partition ?? 'aws'
  const places = [...placesIn(pair)]
  if (places.length === 0) return pair
  const { policy, statement, isTrust } = random.pick(places)
  const now = { ...statement, Condition: drawWho(random, partition) }
  const was = { ...statement, Condition: drawWho(random, partition) }
  const beside = !isTrust && random.chance(0.5) ? [drawDeny(random, partition, statement)] : []
  const with_ = (each: PolicyStatement, more: Statements) =>
    new Map<unknown, unknown>([
      [policy, [...policy.map((known) => (known === statement ? each : known)), ...more]],
    ])
  return {
    before: replacing(random.chance(0.7) ? after : pair.before, with_(was, random.chance(0.5) ? beside : [])),
    after: replacing(after, with_(now, beside)),
  }
}

function* placesIn({ after }: EstatePair): Iterable<Place> {
  const isOfAnybody = ({ Principal: named, NotPrincipal: spared }: PolicyStatement) =>
    spared !== undefined || JSON.stringify(named)?.includes('"*"') === true
  const policies = [
    ...Object.values(after.resources ?? {}).map(({ policy }) => [policy, false] as const),
    ...Object.values(after.accounts).flatMap(({ roles = {} }) =>
      Object.values(roles).map(({ trust }) => [trust, true] as const),
    ),
  ]
  for (const [policy, isTrust] of policies)
    for (const statement of policy ?? [])
      if (policy !== undefined && isOfAnybody(statement)) yield { policy, statement, isTrust }
}

function drawWho(random: Random, partition: Partition): ConditionBlock {
  const one = () => (random.chance(0.3) ? random.pick(OF_ACCOUNTS) : drawOfPrincipal(random, partition))
  return random.chance(0.25) ? { ...one(), ...one() } : one()
}

function drawDeny(
  random: Random,
  partition: Partition,
  { Action: action = '*' }: PolicyStatement,
): PolicyStatement {
  const { github, google, theirSaml } = providersOf(partition)
  const who = random.pick<PrincipalBlock>([
    { CanonicalUser: CANONICAL },
    { CanonicalUser: CANONICAL },
    { AWS: UNIQUE_ROLE },
    { Federated: random.pick([github, google, theirSaml]) },
    { Service: random.pick(SERVICES) },
  ])
  return {
    Effect: 'Deny',
    Principal: who,
    Action: action,
    Resource: '*',
    Condition: drawWho(random, partition),
  }
}
