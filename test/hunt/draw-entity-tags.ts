// Tags of users and roles, by which policies say what may be done with those: other tags in each state are other access.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { EntitySpec, EstatePair, EstateSpec } from './estate-spec.ts'
import { HOME } from './world.ts'

const VALUES = ['prod', 'dev']
const ACTIONS = ['iam:PassRole', 'iam:CreateAccessKey', 'iam:*', '*'] as const

/** Al and app carry tags, and somebody may do what hangs on them: in both states, or in one. */
export function withEntityTags(pair: EstatePair, random: Random): EstatePair {
  const statement = drawStatement(random)
  const holder = random.chance(0.7) ? ('al' as const) : ('app' as const)
  const former = drawTags(random)
  const latter = random.chance(0.7) ? drawTags(random) : former
  const isNew = random.chance(0.2)
  return {
    before: tagged(pair.before, former, holder, isNew ? null : statement),
    after: tagged(pair.after, latter, holder, statement),
  }
}

type Tags = Readonly<Record<'al' | 'app', Readonly<Record<string, string>>>>

const drawTags = (random: Random): Tags => ({ al: drawOwn(random), app: drawOwn(random) })
const drawOwn = (random: Random) => (random.chance(0.75) ? { env: random.pick(VALUES) } : {})

function drawStatement(random: Random): PolicyStatement {
  const key = random.pick(['aws:ResourceTag/env', 'iam:ResourceTag/env', 'aws:resourcetag/Env'])
  const operator = random.pick(['StringEquals', 'StringNotEquals', 'StringLike'])
  const value = random.pick(VALUES)
  return {
    Effect: random.chance(0.75) ? 'Allow' : 'Deny',
    Action: random.pick([...ACTIONS]),
    Resource: '*',
    Condition: random.chance(0.85) ? { [operator]: { [key]: value } } : { Null: { [key]: 'true' } },
  }
}

function tagged(
  spec: EstateSpec,
  tags: Tags,
  holder: keyof Tags,
  statement: PolicyStatement | null,
): EstateSpec {
  const home = spec.accounts[HOME]
  if (home === undefined) return spec
  const { al = {}, ...users } = home.users ?? {}
  const { app, ...roles } = home.roles ?? {}
  const with_ = <T extends EntitySpec>(name: keyof Tags, entity: T): T => ({
    ...entity,
    tags: { ...entity.tags, ...tags[name] },
    ...(statement === null || name !== holder ? {} : { policy: [...(entity.policy ?? []), statement] }),
  })
  return {
    ...spec,
    accounts: {
      ...spec.accounts,
      [HOME]: {
        ...home,
        users: { ...users, al: with_('al', al) },
        ...(app === undefined ? {} : { roles: { ...roles, app: with_('app', app) } }),
      },
    },
  }
}
