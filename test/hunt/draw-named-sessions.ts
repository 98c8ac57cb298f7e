// A session of another account's role that a policy names beside its role, with the role's path or without one: drawn at random
// the two meet too seldom.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import { replacing } from './draw-sign-in.ts'
import type { EstatePair, Statements } from './estate-spec.ts'
import { iam, PARTNER, type Partition, sts } from './world.ts'

/** One policy of the later state says in each state something of a role and of its sessions. */
export function withNamedSession(pair: EstatePair, random: Random): EstatePair {
  const { after } = pair
  const policies = [
    ...Object.values(after.resources ?? {}).map(({ policy }) => policy),
    ...Object.values(after.accounts).flatMap(({ roles = {} }) =>
      Object.values(roles).map(({ trust }) => trust),
    ),
  ].filter((policy): policy is Statements => policy !== undefined && policy.length > 0)
  if (policies.length === 0) return pair
  const policy = random.pick(policies)
  const like = random.pick([...policy])
  const drawn = drawWays(random, after.partition ?? 'aws').map((ways) =>
    ways.map(({ Effect: effect, Principal: named, NotPrincipal: spared, Condition: condition }) => ({
      Effect: effect,
      ...(named === undefined ? {} : { Principal: named }),
      ...(spared === undefined ? {} : { NotPrincipal: spared }),
      ...(like.Action === undefined ? { Action: '*' } : { Action: like.Action }),
      ...(like.Resource === undefined ? {} : { Resource: like.Resource }),
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  )
  const [was = [], now = []] = random.chance(0.5) ? drawn : [...drawn].reverse()
  const with_ = (more: Statements) => new Map<unknown, unknown>([[policy, [...policy, ...more]]])
  return { before: replacing(after, with_(was)), after: replacing(after, with_(now)) }
}

type Said = Pick<PolicyStatement, 'Effect' | 'Principal' | 'NotPrincipal' | 'Condition'>

/** Two ways to let in a role's sessions, or some of them. */
function drawWays(random: Random, partition: Partition): readonly (readonly Said[])[] {
  const role = iam(partition, PARTNER, random.pick(['role/r', 'role/deep/r']))
  const [session, other] = ['s1', 's2'].map((name) => sts(partition, PARTNER, `assumed-role/r/${name}`))
  const is = session ?? role
  const condition = random.chance(0.25)
    ? {
        Condition: {
          ArnLike: { 'aws:PrincipalArn': iam(partition, PARTNER, random.pick(['role/deep/*', 'role/r'])) },
        },
      }
    : {}
  const lets = (...names: readonly string[]): Said => ({
    Effect: 'Allow',
    Principal: { AWS: [...names] },
    ...condition,
  })
  const keeps = (name: string): Said => ({ Effect: 'Deny', Principal: { AWS: name } })
  const spares = (...names: readonly string[]): Said => ({
    Effect: 'Deny',
    NotPrincipal: { AWS: [...names] },
  })
  const who = random.pick([role, is, PARTNER])
  switch (random.below(4)) {
    case 0:
      return [[lets(role)], [lets(role), keeps(is)]]
    case 1:
      return [
        [lets(who), keeps(other ?? role)],
        [lets(who), keeps(is)],
      ]
    case 2:
      return [[lets(is)], [lets(is), keeps(role)]]
    default:
      return [
        [lets(who), spares(is, role, PARTNER)],
        [lets(who), spares(role, PARTNER)],
      ]
  }
}
