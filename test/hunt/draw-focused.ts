// Estates of one resource or role, often under control policies that speak of its actions, and everybody asked about it: what
// a rule does to a rare kind of caller is asked in a few estates instead of thousands.
import type { Random } from '../evaluator/random-cases.ts'
import { constantsIn, drawContext } from './contexts.ts'
import { declarable, drawEntity, drawOrganization } from './draw-estates.ts'
import { withNamedSession } from './draw-named-sessions.ts'
import { withOtherKeys } from './draw-other-keys.ts'
import { drawResourceControl, drawResourcePolicy, drawServiceControl, drawTrust } from './draw-statements.ts'
import { withoutIds } from './draw-units.ts'
import { calledLike, objectsIn, withVariables } from './draw-variables.ts'
import type { EstatePair, EstateSpec, OrganizationSpec, Statements } from './estate-spec.ts'
import { actionsFor, type Question } from './questions.ts'
import { requestersOf } from './requesters.ts'
import { HOME, iam, OTHER, resourcesOf } from './world.ts'

const ROLE = iam('aws', HOME, 'role/app')
const { bucket: BUCKET } = resourcesOf('aws')

/** How many are about a bucket of which objects are called like who asks. */
const VARIABLES = 0.2

interface FocusedHunt {
  readonly pair: EstatePair
  readonly asked: readonly Question[]
}

/** Asked of who asks otherwise in each state. */
const OTHER_KEYS = 0.3
/** A role of another account, and a session of it, that are named. */
const SESSIONS = 0.08

/**
 * @param variables draws whether names hold variables, and which
 * @param others draws whether, and how, a statement tells who asks by another key in each state
 * @param sessions draws whether, and how, a session is named beside its role
 */
export function drawFocused(
  random: Random,
  { variables, others, sessions }: Readonly<Record<'variables' | 'others' | 'sessions', Random>>,
  most: number,
): FocusedHunt {
  const drawn = variables.chance(VARIABLES)
    ? withVariables(drawFocusedPair(random, BUCKET), variables)
    : drawFocusedPair(random)
  const placed = random.chance(0.2) ? withoutIds(drawn, random) : drawn
  const told = others.chance(OTHER_KEYS) ? withOtherKeys(placed, others) : placed
  const pair = sessions.chance(SESSIONS) ? withNamedSession(told, sessions) : told
  const arn = aboutWhat(pair)
  const constants = constantsIn(pair)
  const requesters = requestersOf(pair)
  const called = objectsIn(pair)
  const asked: Question[] = []
  for (let index = 0; index < most; index++) {
    const requester = requesters[index % requesters.length]
    if (requester === undefined) break
    const plain = arn.includes(':s3:') && random.chance(0.6) ? `${arn}/x` : arn
    const resource = called.length > 0 && random.chance(0.6) ? random.pick(called) : plain
    const actions = actionsFor(resource, requester).filter((action) => !action.startsWith('iam:'))
    if (actions.length === 0) continue
    const question = { requester, resource, action: random.pick(actions) }
    const context = drawContext(question, constants, pair, random)
    asked.push({ ...question, resource: calledLike(resource, requester, context, random), context })
  }
  return { pair, asked }
}

const aboutWhat = ({ after, before }: EstatePair): string =>
  Object.keys({ ...before.resources, ...after.resources })[0] ?? ROLE

/** @param wanted the resource; null: any, or a role */
function drawFocusedPair(random: Random, wanted: string | null = null): EstatePair {
  const isRole = random.chance(0.35) && wanted === null
  const [arn, account] = random.pick(
    declarable('aws').filter(([each, owner]) =>
      wanted === null ? owner !== OTHER && !each.includes(':ec2:') : each === wanted,
    ),
  )
  const action = isRole ? 'sts:AssumeRole' : (ACTIONS[arn.split(':')[2] ?? ''] ?? '*')
  const draw = () => (isRole ? drawTrust(random, 'aws') : drawResourcePolicy(random, 'aws', arn))
  const users = random.chance(0.3) ? { al: drawEntity(random, 'aws') } : {}
  const roles =
    !isRole && random.chance(0.2)
      ? { app: { ...drawEntity(random, 'aws'), trust: drawTrust(random, 'aws') } }
      : {}
  const organization = random.chance(0.55) ? drawTight(random, action) : null
  const estateWith = (policy: Statements | null, tree: OrganizationSpec | null): EstateSpec => ({
    partition: 'aws',
    accounts: { [HOME]: { users, roles: isRole ? { app: { trust: policy ?? [] } } : roles } },
    organization: tree,
    resources: isRole || policy === null ? {} : { [arn]: { account, policy } },
  })
  const former = random.chance(0.85) || random.chance(0.5) ? organization : drawTight(random, action)
  return {
    before: estateWith(random.chance(0.5) ? draw() : null, former),
    after: estateWith(draw(), organization),
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  s3: 's3:GetObject',
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  kms: 'kms:Decrypt',
  secretsmanager: 'secretsmanager:GetSecretValue',
  lambda: 'lambda:InvokeFunction',
}

/** With control policies that mostly speak of one action. */
function drawTight(random: Random, action: string): OrganizationSpec {
  const about = (statements: Statements): Statements =>
    statements.map((statement) => (random.chance(0.6) ? { ...statement, Action: action } : statement))
  return {
    ...drawOrganization(random, 'aws'),
    ...(random.chance(0.6) ? { scp: about(drawServiceControl(random, 'aws')) } : {}),
    ...(random.chance(0.5) ? { rcp: about(drawResourceControl(random, 'aws')) } : {}),
  }
}
