// Random estates: two accounts, perhaps an organization, and resources of theirs and of others, all near each other.
import type { Random } from '../evaluator/random-cases.ts'
import {
  BY_INSTANCE_TAG,
  drawBoundary,
  drawIdentity,
  drawResourceControl,
  drawResourcePolicy,
  drawServiceControl,
  drawTrust,
} from './draw-statements.ts'
import type {
  EntitySpec,
  EstatePair,
  EstateSpec,
  OrganizationSpec,
  ResourceSpec,
  RoleSpec,
} from './estate-spec.ts'
import { HOME, MEMBER, OTHER, PARTNER, type Partition, resourcesOf } from './world.ts'

const READ_ONLY = 'policy/ReadOnlyAccess'
const ADMINISTRATOR = 'policy/AdministratorAccess'

/** What may stand beside each other: the larger ones come seldom, since they take long. */
export function drawEntity(random: Random, partition: Partition): EntitySpec {
  return {
    ...(random.chance(0.85) ? { policy: drawIdentity(random, partition) } : {}),
    ...(random.chance(0.06)
      ? { managed: [`arn:${partition}:iam::aws:${random.pick([READ_ONLY, ADMINISTRATOR])}`] }
      : {}),
    ...(random.chance(0.12) ? { boundary: drawBoundary(random, partition) } : {}),
    ...(random.chance(0.3) ? { tags: { team: random.pick(['red', 'blue']) } } : {}),
  }
}

const drawRole = (random: Random, partition: Partition): RoleSpec => ({
  ...drawEntity(random, partition),
  trust: drawTrust(random, partition),
})

export function drawOrganization(random: Random, partition: Partition): OrganizationSpec {
  const inUnit = random.chance(0.5)
  return {
    accounts: [...(random.chance(0.4) ? [OTHER] : []), MEMBER, ...(inUnit ? [] : [HOME])],
    ...(inUnit ? { unit: [HOME] } : {}),
    ...(random.chance(0.4) ? { scp: drawServiceControl(random, partition) } : {}),
    ...(inUnit && random.chance(0.3) ? { unitScp: drawServiceControl(random, partition) } : {}),
    ...(random.chance(0.35) ? { rcp: drawResourceControl(random, partition) } : {}),
  }
}

/** Resources that may be declared, and whose they are. */
export function declarable(partition: Partition): readonly (readonly [arn: string, account: string])[] {
  const found = resourcesOf(partition)
  return [
    [found.bucket, HOME],
    [found.bucket2, OTHER],
    [found.queue, HOME],
    [found.otherQueue, OTHER],
    [found.partnerQueue, PARTNER],
    [found.topic, HOME],
    [found.key, HOME],
    [found.secret, HOME],
    [found.lambda, HOME],
    [found.instance, HOME],
  ]
}

function drawResource(random: Random, partition: Partition, arn: string, account: string): ResourceSpec {
  const hasPolicy = !arn.includes(':ec2:') && random.chance(arn.includes(':kms:') ? 1 : 0.88)
  return {
    account,
    ...(hasPolicy ? { policy: drawResourcePolicy(random, partition, arn) } : {}),
    ...(random.chance(0.3) || arn.includes(':ec2:') ? { tags: { env: random.pick(['prod', 'dev']) } } : {}),
  }
}

const drawPartition = (random: Random): Partition =>
  random.chance(0.88) ? 'aws' : random.pick(['aws-cn', 'aws-us-gov'])

/** One resource or role, and whoever asks: what is wrong with it nothing else hides. */
function drawSmallEstate(random: Random): EstateSpec {
  const partition = drawPartition(random)
  const about = random.below(10)
  const [arn, account] = random.pick(declarable(partition).filter(([, owner]) => owner !== OTHER))
  const isInstance = arn.includes(':ec2:') && random.chance(0.7)
  const owner = account === PARTNER && random.chance(0.7) ? HOME : account
  return {
    partition,
    accounts: {
      [HOME]: {
        users:
          about >= 7 || random.chance(0.4)
            ? { al: isInstance ? { policy: BY_INSTANCE_TAG } : drawEntity(random, partition) }
            : {},
        roles: about < 4 ? { app: drawRole(random, partition) } : {},
      },
      ...(random.chance(0.1) ? { [OTHER]: { roles: { far: drawRole(random, partition) } } } : {}),
    },
    organization: random.chance(0.2) ? drawOrganization(random, partition) : null,
    resources:
      about >= 4 && about < 8
        ? {
            [owner === account ? arn : `arn:${partition}:s3:::data`]: drawResource(
              random,
              partition,
              owner === account ? arn : `arn:${partition}:s3:::data`,
              owner,
            ),
          }
        : {},
  }
}

const drawEstate = (random: Random): EstateSpec =>
  random.chance(0.6) ? drawSmallEstate(random) : drawLargeEstate(random)

function drawLargeEstate(random: Random): EstateSpec {
  const partition = drawPartition(random)
  const resources: Record<string, ResourceSpec> = {}
  for (const [arn, account] of declarable(partition))
    if (random.chance(arn.includes(':s3:') ? 0.6 : 0.22))
      resources[arn] = drawResource(random, partition, arn, account)
  const home = {
    users: {
      al: drawEntity(random, partition),
      ...(random.chance(0.4) ? { bo: { path: '/team/', ...drawEntity(random, partition) } } : {}),
    },
    roles: {
      app: drawRole(random, partition),
      ...(random.chance(0.3) ? { audit: { path: '/svc/', ...drawRole(random, partition) } } : {}),
    },
  }
  return {
    partition,
    accounts: {
      [HOME]: home,
      ...(random.chance(0.45)
        ? {
            [OTHER]: {
              users: { cy: drawEntity(random, partition) },
              roles: { far: drawRole(random, partition) },
            },
          }
        : {}),
    },
    organization: random.chance(0.35) ? drawOrganization(random, partition) : null,
    resources,
  }
}

type Change = (estate: EstateSpec, random: Random, partition: Partition) => EstateSpec

const inHome = (
  estate: EstateSpec,
  kind: 'users' | 'roles',
  name: string,
  spec: RoleSpec | null,
): EstateSpec => {
  const home = estate.accounts[HOME] ?? {}
  const { [name]: _, ...others } = (home[kind] ?? {}) as Record<string, RoleSpec>
  return {
    ...estate,
    accounts: {
      ...estate.accounts,
      [HOME]: { ...home, [kind]: spec === null ? others : { ...others, [name]: spec } },
    },
  }
}

const withResource = (estate: EstateSpec, arn: string, spec: ResourceSpec | null): EstateSpec => {
  const { [arn]: _, ...others } = estate.resources ?? {}
  return { ...estate, resources: spec === null ? others : { ...others, [arn]: spec } }
}

const changeResource: Change = (estate, random, partition) => {
  const [arn, account] = random.pick(declarable(partition))
  const declared = Object.keys(estate.resources ?? {})
  const chosen = declared.length > 0 && random.chance(0.6) ? random.pick(declared) : arn
  const owner = estate.resources?.[chosen]?.account ?? (chosen === arn ? account : HOME)
  if (estate.resources?.[chosen] !== undefined && random.chance(0.25))
    return withResource(estate, chosen, null)
  return withResource(estate, chosen, drawResource(random, partition, chosen, owner))
}

const changeUser: Change = (estate, random, partition) => {
  const al = estate.accounts[HOME]?.users?.al
  if (al === undefined || random.chance(0.15))
    return inHome(estate, 'users', 'al', al === undefined ? drawEntity(random, partition) : null)
  const roll = random.below(4)
  if (roll === 0) return inHome(estate, 'users', 'al', { ...al, path: '/dep/' })
  if (roll === 1)
    return inHome(estate, 'users', 'al', { ...al, tags: { team: random.pick(['red', 'payments']) } })
  return inHome(estate, 'users', 'al', { ...al, policy: drawIdentity(random, partition) })
}

const changeRole: Change = (estate, random, partition) => {
  const app = estate.accounts[HOME]?.roles?.app
  if (app === undefined) return estate
  const roll = random.below(6)
  if (roll < 3) return inHome(estate, 'roles', 'app', { ...app, trust: drawTrust(random, partition) })
  if (roll === 3) return inHome(estate, 'roles', 'app', { ...app, ...drawEntity(random, partition) })
  if (roll === 4)
    return inHome(estate, 'roles', 'app', { ...app, tags: { team: random.pick(['red', 'payments']) } })
  return inHome(estate, 'roles', 'app', null)
}

const changeOrganization: Change = (estate, random, partition) => ({
  ...estate,
  organization:
    estate.organization == null || random.chance(0.7) ? drawOrganization(random, partition) : null,
})

/** One thing changed. */
function changeEstate(estate: EstateSpec, random: Random): EstateSpec {
  const change = random.pick<Change>([
    changeResource,
    changeResource,
    changeResource,
    changeResource,
    changeUser,
    changeUser,
    changeRole,
    changeRole,
    changeOrganization,
  ])
  return change(estate, random, estate.partition ?? 'aws')
}

export function drawPair(random: Random): EstatePair {
  const before = drawEstate(random)
  return { before, after: changeEstate(before, random) }
}
