// Who holds policies, and how, in ways that are rare: by a group, in an older version of the language, with a boundary beside a Deny
// that spares whom it names, as a role of a service, in the organization's management account.
import type { Random } from '../evaluator/random-cases.ts'
import { drawBoundary, drawIdentity } from './draw-statements.ts'
import type { EntitySpec, EstatePair, EstateSpec, RoleSpec, Statements } from './estate-spec.ts'
import { HOME, iam, type Partition } from './world.ts'

type Change = (state: EstateSpec) => EstateSpec

/** In both states, or in one. */
export function withHolders(pair: EstatePair, random: Random): EstatePair {
  const partition = pair.after.partition ?? 'aws'
  const draw = random.pick([drawGroup, drawOldVersion, drawSpared, drawOfService, drawManagement])
  const now = draw(random, partition, pair.after)
  const was = random.chance(0.6) ? now : random.chance(0.5) ? draw(random, partition, pair.after) : null
  return { before: was === null ? pair.before : was(pair.before), after: now(pair.after) }
}

const inHome =
  (change: (home: EstateSpec['accounts'][string]) => EstateSpec['accounts'][string]): Change =>
  (state) => {
    const home = state.accounts[HOME]
    return home === undefined ? state : { ...state, accounts: { ...state.accounts, [HOME]: change(home) } }
  }

const withAl = (change: (al: EntitySpec) => EntitySpec): Change =>
  inHome((home) => ({ ...home, users: { ...home.users, al: change(home.users?.al ?? {}) } }))

function drawGroup(random: Random, partition: Partition): Change {
  const ofGroup = drawIdentity(random, partition)
  return withAl((al) => ({ ...al, ofGroup }))
}

function drawOldVersion(random: Random, partition: Partition, { resources = {} }: EstateSpec): Change {
  const [arn] = Object.keys(resources).filter((each) => resources[each]?.policy !== undefined)
  if (arn !== undefined && random.chance(0.5))
    return (state) => {
      const facts = state.resources?.[arn]
      return facts === undefined
        ? state
        : { ...state, resources: { ...state.resources, [arn]: { ...facts, hasOldVersion: true } } }
    }
  const policy: Statements = [
    ...drawIdentity(random, partition),
    {
      Effect: random.pick(['Allow', 'Deny']),
      Action: 's3:GetObject',
      Resource: random.pick([
        `arn:${partition}:s3:::data/\${aws:username}/*`,
        `arn:${partition}:s3:::data/*`,
      ]),
    },
  ]
  return withAl((al) => ({ ...al, policy, hasOldVersion: true }))
}

/** What is denied to all but who is named is denied to whoever is limited by a boundary, named or not. */
function drawSpared(random: Random, partition: Partition, { resources = {} }: EstateSpec): Change {
  const [arn = `arn:${partition}:s3:::data`] = Object.keys(resources)
  const boundary = drawBoundary(random, partition)
  const al = iam(partition, HOME, 'user/al')
  const app = iam(partition, HOME, 'role/app')
  const deny = {
    Effect: 'Deny',
    NotPrincipal: { AWS: random.pick([[al, app, HOME], [app, HOME], [al, HOME], [HOME]]) },
    Action: '*',
    Resource: '*',
  } as const
  const allow = { Effect: 'Allow', Principal: { AWS: [al, app] }, Action: '*', Resource: '*' } as const
  const limited = withAl((user) => (random.chance(0.7) ? { ...user, boundary } : user))
  return (state) => {
    const facts = state.resources?.[arn] ?? { account: HOME }
    const policy = [...(facts.policy ?? []), ...(random.chance(0.7) ? [allow] : []), deny]
    return limited({ ...state, resources: { ...state.resources, [arn]: { ...facts, policy } } })
  }
}

/** Control policies don't bind it. */
function drawOfService(random: Random, partition: Partition): Change {
  const role: RoleSpec = {
    path: `/aws-service-role/${random.pick(['autoscaling', 'ecs'])}.amazonaws.com/`,
    policy: drawIdentity(random, partition),
    trust: [{ Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  }
  const name = random.pick(['AWSServiceRoleForECS', 'app'])
  return inHome((home) => ({ ...home, roles: { ...home.roles, [name]: role } }))
}

/** Control policies don't bind its principals, nor its resources. */
const drawManagement = (): Change => (state) =>
  state.organization == null
    ? state
    : {
        ...state,
        organization: {
          ...state.organization,
          accounts: [...new Set([...(state.organization.accounts ?? []), HOME])],
          unit: [],
          managedBy: HOME,
        },
      }
