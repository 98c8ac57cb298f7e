// What is asked in the workloads: actions that the policies are about or not, resources that nearly match or don't,
// contexts that satisfy conditions or don't.
import { ACCOUNT, OTHER_ACCOUNT, REGIONS, STAGES, TEAMS } from './own-policies.mjs'

/** Left to the test corpus: other policies than a principal's own decide these too, or none does. */
const isAsked = (action) => !/^(?:sts|kms):/i.test(action) && action !== 's3:ListAllMyBuckets'

/** Draws actions: mostly those that some policies are about. */
export function actionSource({ actions }, policies, random) {
  const patterns = policies.flatMap(({ policy }) => policy.statements.flatMap(({ action }) => action.entries))
  const held = new Map()
  const heldOf = (pattern) => {
    let list = held.get(pattern)
    if (list === undefined) {
      list = /^[*:]+$/.test(pattern) ? [] : actions.actionsMatching(pattern).filter(isAsked)
      held.set(pattern, list)
    }
    return list
  }
  const services = actions.services().filter(({ prefix }) => isAsked(`${prefix}:`))
  const any = () => {
    for (;;) {
      const list = actions.actionsOf(random.pick(services).prefix)
      if (list.length > 0) return random.pick(list)
    }
  }
  return () => {
    const list = random.chance(0.6) ? heldOf(random.pick(patterns)) : []
    const action = list.length > 0 ? random.pick(list) : any()
    return isAsked(action) ? action : 's3:GetObject'
  }
}

const NAMES = TEAMS.flatMap((team) => Array.from({ length: 30 }, (_, number) => `${team}-${number}`))

/** Draws the ARN of something that an action is about, or one that a policy names, or `*`. */
export function resourceSource({ actions }, policies, random) {
  const named = policies
    .flatMap(({ policy }) => policy.statements.flatMap(({ resource }) => resource?.entries ?? []))
    .filter((entry) => entry !== '*' && !entry.includes(':kms:'))
  const fill = (text, placeholder) =>
    text.replace(placeholder, (part) => {
      if (/account/i.test(part)) return random.chance(0.97) ? ACCOUNT : OTHER_ACCOUNT
      if (/region/i.test(part)) return random.pick(REGIONS)
      if (/partition/i.test(part)) return 'aws'
      return random.chance(0.3) ? `${random.pick(NAMES)}-${random.below(100_000)}` : random.pick(NAMES)
    })
  const instance = (pattern, userName) => {
    const segments = pattern.split(':')
    for (const [place, segment] of segments.entries()) {
      if (place === 1) segments[place] = 'aws'
      if (place === 3 && segment === '*') segments[place] = random.pick(REGIONS)
      if (place === 4 && segment === '*') segments[place] = ACCOUNT
    }
    return fill(segments.join(':').replaceAll(/\$\{aws:username\}/gi, userName), /\$\{[^}]*\}|[*?]/g)
  }
  return (action, userName) => {
    const draw = random.below(10)
    if (draw < 2) return '*'
    const types = actions.resourceTypesOf(action)
    if (draw < 6 && types.length > 0) return fill(random.pick(types).type.arn, /\$\{[^}]*\}/g)
    if (draw < 9 && named.length > 0) return instance(random.pick(named), userName)
    const [service] = action.split(':')
    return `arn:aws:${service}:${random.pick(REGIONS)}:${ACCOUNT}:thing/${random.pick(NAMES)}`
  }
}

const SETS = new Set(['aws:tagkeys', 'aws:calledvia'])
/** These follow from who asks or what is asked about. */
const isDerived = (key) =>
  /^aws:(?:principal|username|userid|resourceaccount|resourcetag\/(?:team|stage)$)/.test(key)

/** Draws the contexts of calls: where from, when, how signed, and now and then what conditions of policies ask for. */
export function contextSource(policies, random) {
  const asked = policies
    .flatMap(({ policy }) => policy.statements.flatMap(({ conditions }) => conditions))
    .filter(({ key, values }) => !isDerived(key.toLowerCase()) && values.length > 0)
  const instanceOf = ({ values }) => random.pick(values).replace(/\$\{[^}]*\}|[*?]/g, 'x')
  return () => {
    const hasMfa = random.chance(0.6)
    const month = String(random.between(1, 12)).padStart(2, '0')
    const context = new Map([
      ['aws:SourceIp', [`198.51.${random.between(98, 107)}.${random.below(256)}`]],
      ['aws:RequestedRegion', [random.pick(REGIONS)]],
      ['aws:SecureTransport', [String(random.chance(0.98))]],
      ['aws:ViaAWSService', [String(random.chance(0.1))]],
      ['aws:MultiFactorAuthPresent', [String(hasMfa)]],
      ['aws:CurrentTime', [`2027-${month}-11T0${random.below(10)}:30:00Z`]],
    ])
    if (hasMfa) context.set('aws:MultiFactorAuthAge', [String(random.below(9000))])
    if (random.chance(0.3)) context.set('aws:TagKeys', random.sample(['team', 'stage', 'owner'], 2))
    const spelled = new Set([...context.keys()].map((key) => key.toLowerCase()))
    for (let more = random.below(4); more > 0 && asked.length > 0; more--) {
      const condition = random.pick(asked)
      const lower = condition.key.toLowerCase()
      if (spelled.has(lower)) continue
      spelled.add(lower)
      const isSet = SETS.has(lower) || condition.quantifier !== null
      const values = isSet && random.chance(0.5) ? [instanceOf(condition), 'other'] : [instanceOf(condition)]
      context.set(condition.key, condition.operator === 'Bool' ? [String(random.chance(0.5))] : values)
    }
    return context
  }
}

/** The tags that resources have. */
export const TAG_SETS = TEAMS.flatMap((team) =>
  STAGES.map(
    (stage) =>
      new Map([
        ['aws:ResourceTag/team', [team]],
        ['aws:ResourceTag/stage', [stage]],
      ]),
  ),
)
