import type { IdentifiedPolicy, PolicyLayers } from '../../../evaluator/layers.ts'
import {
  type GroupState,
  groupsOf,
  isAwsOwnedPath,
  type PrincipalEntity,
  parseEntityArn,
  principalEntityNamed,
  type UserState,
} from '../../../model/index.ts'
import { EVERYTHING } from '../../principals/examined-principal.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { boundaryWritten, isDelegated, mayHaveEarlier } from '../powers/boundaries.ts'
import { entityFacts } from '../powers/entity-facts.ts'
import type { Given } from '../powers/given.ts'
import { alteredBy, type Holder } from '../powers/holder.ts'
import type { WritingMeans } from '../ways/way.ts'
import { type WayTo, waysTo } from '../ways/ways.ts'
import { joinedGroups } from './joining.ts'
import { powerOver } from './tagging.ts'
import { isWhole } from './taking.ts'
import { type Written, writtenInto } from './written.ts'

const WAYS = waysTo('writes')
const JOINING = waysTo('group')

/**
 * Changes what somebody may do: by their own policies, their groups', their boundary, or by which groups they are in.
 * @param of whose: the writer itself, or whom it may become
 */
export function* writingOn(writer: Holder, of: Holder, world: World): Iterable<Edge> {
  const entity = entityOf(of, world)
  if (entity === null || isAwsOwnedPath(entity.path)) return
  for (const way of WAYS) {
    const [[action = ''] = []] = way.needs
    if (world.powers.anyOf(writer, [action]) === null) continue
    for (const written of writtenBy(way, action, writer, of, entity, world))
      if (isNews(of, written)) yield edgeOf(way, writer, of, written)
  }
  if (entity.kind === 'user') for (const way of JOINING) yield* joiningBy(way, writer, of, entity, world)
}

function* joiningBy(
  way: WayTo<'group'>,
  writer: Holder,
  of: Holder,
  entity: UserState,
  world: World,
): Iterable<Edge> {
  for (const written of joinedGroups(writer, of, entity, world))
    if (isNews(of, written)) yield edgeOf(way, writer, of, written)
  if (writer !== of || of.altered !== '' || isWhole(of, world)) return
  const power = world.powers.beyond(writer, way.id, 'groups')
  if (power === null) return
  // Whatever the group may hold, under a boundary it may give nothing.
  const atMost = alteredBy(of, 'at most', writtenInto(of.state.layers, EVERYTHING))
  if (world.surplus.beyond(atMost, of) === null) return
  const undeclared = "any group that isn't declared here"
  yield {
    steps: [stepBy(way, writer, null, [power], `joins ${undeclared}`)],
    power,
    to: null,
    target: null,
    class: 'changes-permissions',
    isPotential: true,
    undeclared,
  }
}

/** Whether it isn't written already: of whoever is allowed anything, only what stands in the way is left to take away. */
const isNews = ({ altered }: Holder, { how, target }: Written): boolean =>
  !altered.includes(`${how} ${target}`) &&
  (isTakenAway(how) || !/(?:^| )(?:inline|version|earlier) /.test(altered))

const isTakenAway = (how: string): boolean => how === 'boundary' || how === 'deny'

const edgeOf = (
  way: WayTo<'writes' | 'group'>,
  writer: Holder,
  of: Holder,
  { target, power, before = [], layers, how, attached, isPotential }: Written,
): Edge => {
  const isOwn = writer.principal.name === of.principal.name
  const isSelf = isOwn && target === of.principal.name
  const joins = way.reaches.type === 'group' && !isOwn
  return {
    steps: [
      stepBy(
        way,
        writer,
        target,
        [power, ...before],
        joins
          ? `adds ${nameOf(of)} to {}`
          : isSelf
            ? way.does.replace('{}', 'itself')
            : how === 'boundary' && target !== of.principal.name
              ? `${way.does}, the boundary of ${isOwn ? 'itself' : nameOf(of)}`
              : way.does,
      ),
    ],
    power,
    to: alteredBy(of, `${how} ${target}`, layers),
    target: parseEntityArn(target)?.kind === 'policy' ? of.principal.name : target,
    class: 'changes-permissions',
    isPotential: isPotential === true || way.isPotential === true,
    undeclared: null,
    ...(attached === undefined ? {} : { hangsOn: attached }),
  }
}

const nameOf = ({ principal }: Holder): string => {
  const entity = parseEntityArn(principal.name)
  return entity === null ? principal.label : `${entity.kind}/${entity.name}`
}

function entityOf({ principal, account }: Holder, { view }: World): PrincipalEntity | null {
  const entity = principalEntityNamed(view.accounts.get(account)?.entities, principal.name)
  return entity?.arn === principal.name ? entity : null
}

function* writtenBy(
  { reaches: { of: kind, what } }: WayTo<'writes'>,
  action: string,
  writer: Holder,
  of: Holder,
  entity: PrincipalEntity,
  world: World,
): Iterable<Written> {
  const { powers } = world
  const { layers } = of.state
  const facts = entityFacts(writer, entity, powers)
  switch (kind) {
    case 'user':
    case 'role': {
      if (entity.kind !== kind) return
      if (what === 'attached') {
        yield* attached(action, writer, of, entity.arn, facts, world)
        return
      }
      const result = what === 'boundary' && action.startsWith('iam:Put') ? withoutFact(facts) : facts
      const changed = layersAfter(what, entity, of, action)
      if (changed === null) return
      const over = powerOver(writer, action, entity, result, powers)
      if (over === null || isDelegated(writer, of, action, entity.arn, facts, world)) return
      yield { target: entity.arn, ...over, layers: changed, how: what }
      return
    }
    case 'group':
      for (const group of groupsAt(entity, of, world)) {
        if (what === 'attached') yield* attached(action, writer, of, group.arn, NO_FACTS, world)
        else {
          const power = powers.on(writer, action, group.arn)
          const changed = what === 'deny' ? withoutDenialsOf(group, layers) : writtenInto(layers, EVERYTHING)
          if (power !== null && changed !== null)
            yield { target: group.arn, power, layers: changed, how: what }
        }
      }
      return
    case 'policy':
      for (const arn of managedOf(entity, of, world)) {
        const power = powers.on(writer, action, arn)
        if (power === null) continue
        if (what === 'earlier' && !mayHaveEarlier(arn, of, world)) continue
        yield {
          target: arn,
          power,
          layers: writtenInto(layers, EVERYTHING),
          how: what,
          isPotential: what === 'earlier',
        }
      }
      yield* boundaryWritten(what, action, writer, of, world)
  }
}

const NO_FACTS: Given = new Map()

/** Of a request that gives another boundary its own key says which. */
const withoutFact = (given: Given): Given =>
  new Map([...given].filter(([key]) => key !== 'iam:permissionsboundary'))

function layersAfter(
  what: WritingMeans,
  entity: PrincipalEntity,
  { state: { layers } }: Holder,
  action: string,
): PolicyLayers | null {
  if (what === 'inline') return writtenInto(layers, EVERYTHING)
  if (what === 'boundary') return layers.boundary == null ? null : { ...layers, boundary: null }
  if (what !== 'deny') return null
  const own = new Set(
    action.includes('Detach')
      ? entity.managedPolicies
      : [...entity.inlinePolicies.keys()].map((name) => `inline:${name}`),
  )
  return withoutDenials(layers, ({ id }) => own.has(id))
}

/** null: they deny nothing. */
function withoutDenials(
  layers: PolicyLayers,
  isMeant: (policy: IdentifiedPolicy) => boolean,
): PolicyLayers | null {
  const identity = layers.identity ?? []
  const denying = new Set(identity.filter((each) => isMeant(each) && denies(each)))
  return denying.size === 0 ? null : { ...layers, identity: identity.filter((each) => !denying.has(each)) }
}

const denies = ({ policy }: IdentifiedPolicy): boolean =>
  policy.statements.some(({ effect }) => effect === 'Deny')

function withoutDenialsOf(group: GroupState, layers: PolicyLayers): PolicyLayers | null {
  const own = new Set([
    ...group.managedPolicies,
    ...[...group.inlinePolicies.keys()].map((name) => `inline:${name}`),
  ])
  return withoutDenials(layers, ({ id }) => own.has(id))
}

/** Policies that may be attached: the most powerful first. */
function* attached(
  action: string,
  writer: Holder,
  of: Holder,
  target: string,
  facts: Given,
  world: World,
): Iterable<Written> {
  const { powers, view, managedPolicy } = world
  const { layers } = of.state
  if (isDelegated(writer, of, action, target, facts, world)) return
  const own = view.accounts.get(of.account)
  const aws = `arn:${own?.account.partition ?? 'aws'}:iam::aws:policy`
  const candidates: (readonly [string, IdentifiedPolicy])[] = POWERFUL.flatMap((name) => {
    const policy = managedPolicy(`${aws}/${name}`)
    return policy === null ? [] : [[`${aws}/${name}`, policy] as const]
  })
  for (const { arn, document } of own?.entities.policy.values() ?? []) {
    const policy = view.knownPolicy(arn, document, 'identity')
    if (policy !== null) candidates.push([arn, policy])
  }
  for (const [arn, policy] of candidates) {
    const power = powers.on(writer, action, target, new Map([...facts, ['iam:policyarn', [arn]]]))
    if (power === null) continue
    yield { target, power, layers: writtenInto(layers, policy), how: `attached ${arn}`, attached: arn }
    if (arn.endsWith('/AdministratorAccess')) return
  }
}

const POWERFUL = ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'] as const

function groupsAt(entity: PrincipalEntity, { account }: Holder, { view }: World): readonly GroupState[] {
  const state = view.accounts.get(account)
  return state === undefined ? [] : groupsOf(entity, state.entities)
}

/** Customer managed policies that one has, by oneself or by a group. */
const managedOf = (entity: PrincipalEntity, of: Holder, world: World): ReadonlySet<string> =>
  new Set(
    [entity, ...groupsAt(entity, of, world)]
      .flatMap(({ managedPolicies }) => managedPolicies)
      .filter((arn) => arn.split(':')[4] === of.account),
  )
