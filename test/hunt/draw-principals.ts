// Principal elements of every kind that a policy may name.
import type { PrincipalBlock } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import {
  CANONICAL,
  HOME,
  iam,
  OTHER,
  PARTNER,
  PARTNER_2,
  type Partition,
  providersOf,
  SERVICES,
  sts,
  UNIQUE_ROLE,
} from './world.ts'

/** Of an ordinary partition's neighbour: its principals are nobody here. */
const neighbourOf = (partition: Partition): Partition => (partition === 'aws' ? 'aws-cn' : 'aws')

/** ARNs of users and roles of the project; paths are those that entities may have. */
const ownArns = (partition: Partition) => [
  iam(partition, HOME, 'user/al'),
  iam(partition, HOME, 'user/team/bo'),
  iam(partition, HOME, 'role/app'),
  iam(partition, HOME, 'role/svc/audit'),
  iam(partition, OTHER, 'user/cy'),
  iam(partition, OTHER, 'role/far'),
]

const foreignArns = (partition: Partition) => [
  iam(partition, PARTNER, 'role/r'),
  iam(partition, PARTNER, 'role/deep/q'),
  iam(partition, PARTNER, 'user/u'),
  iam(partition, PARTNER, 'user/deep/v'),
  iam(partition, PARTNER_2, 'role/r'),
  iam(partition, PARTNER_2, 'user/u'),
]

/** Of AWS principals, one. */
function drawAws(random: Random, partition: Partition): string {
  switch (random.below(14)) {
    case 0:
    case 1:
      return '*'
    case 2:
      return random.pick([HOME, OTHER])
    case 3:
    case 4:
      return random.pick([PARTNER, PARTNER_2])
    case 5:
      return iam(partition, random.pick([HOME, OTHER, PARTNER]), 'root')
    case 6:
    case 7:
      return random.pick(ownArns(partition))
    case 8:
    case 9:
      return random.pick(foreignArns(partition))
    case 10:
      return sts(
        partition,
        random.pick([HOME, PARTNER]),
        random.pick(['assumed-role/app/s1', 'assumed-role/r/s1']),
      )
    case 11:
      return sts(partition, random.pick([HOME, PARTNER]), 'federated-user/fred')
    case 12:
      return random.chance(0.3)
        ? UNIQUE_ROLE
        : iam(neighbourOf(partition), PARTNER, random.pick(['root', 'role/r']))
    default:
      return random.pick([PARTNER, PARTNER_2])
  }
}

const several = (random: Random, make: () => string) => {
  const first = make()
  if (!random.chance(0.3)) return first
  const second = make()
  return second === first ? first : [first, second]
}

/** Of a resource policy. */
export function drawPrincipal(random: Random, partition: Partition): PrincipalBlock {
  const roll = random.below(20)
  if (roll < 5) return '*'
  if (roll < 7) return { AWS: [PARTNER, PARTNER_2] }
  if (roll < 14) return { AWS: several(random, () => drawAws(random, partition)) }
  if (roll < 16) return { Service: several(random, () => random.pick(SERVICES)) }
  if (roll < 18) return { Federated: random.pick(Object.values(providersOf(partition))) }
  if (roll < 19) return { CanonicalUser: CANONICAL }
  return { AWS: drawAws(random, partition), Service: random.pick(SERVICES) }
}

/** Of a trust policy: who can assume. */
export function drawTrusted(random: Random, partition: Partition): PrincipalBlock {
  const roll = random.below(12)
  if (roll < 3) return random.chance(0.5) ? '*' : { AWS: '*' }
  if (roll < 4) return { AWS: [PARTNER, PARTNER_2] }
  if (roll < 9) return { AWS: several(random, () => drawAws(random, partition)) }
  if (roll < 10) return { Service: 'ec2.amazonaws.com' }
  return { Federated: random.pick(Object.values(providersOf(partition))) }
}

/** What `NotPrincipal` spares. */
export const drawSpared = (random: Random, partition: Partition): PrincipalBlock => {
  const roll = random.below(4)
  if (roll === 0) return { AWS: random.pick([HOME, PARTNER]) }
  if (roll === 1) return { Service: random.pick(SERVICES) }
  const arn = random.pick([...ownArns(partition), ...foreignArns(partition)])
  const account = arn.split(':')[4] ?? HOME
  return { AWS: [arn, iam(partition, account, 'root')] }
}
