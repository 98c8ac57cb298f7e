import type {
  AccessArea,
  AccessEntry,
  AccessExtent,
  ChangedValue,
  Direction,
} from '../../access/access-entry.ts'
import type { ConditionsText } from '../../evaluator/estate/who-can.ts'
import { type Account, ownValue } from '../../model/index.ts'
import { matchesPattern } from '../../model/name-pattern.ts'
import { conditionsText } from '../decisions/conditions-text.ts'
import { printable } from '../layout/paint.ts'
import { nameOfAction } from './access-lines.ts'
import { resourcesText } from './access-words.ts'

/** Areas that are told one by one before they are only counted. */
const MOST_AREAS = 3
const MOST_ACTIONS = 3
/** So few actions are told apart. */
const FEW_ACTIONS = 8

/** What an entry says beside the statement: on what, when, and what was or stays otherwise. */
interface DifferenceText {
  readonly on: string
  readonly when: string
  /** What the other side has of it; empty: nothing, or it isn't told. */
  readonly other: string
  /** What the statement itself is about, where a deny of part of it is what changes; empty: the same. */
  readonly statement: string
}

/** The difference that an entry is about, in words: `lost on data/* except data/curated/*`. */
export function differenceText(
  entry: AccessEntry,
  direction: Direction,
  account: Account | null,
): DifferenceText {
  const [own, other] = direction === 'gained' ? [entry.after, entry.before] : [entry.before, entry.after]
  const stated: AccessArea = own ?? entry
  const mine = limited(stated)
  const when = whenText(mine.conditions)
  const on = entry.kind === 'assume' ? '' : resourcesText(mine, account)
  const except = exceptText(own?.except ?? [], account)
  const { because } = entry
  if (because?.cause === 'deny' && because.area !== undefined) {
    const { area } = because
    if (isEverything(area) || entry.kind === 'assume')
      return { on: `${on}${except}`, when, other: '', statement: '' }
    const denied = resourcesText(area, account)
    return {
      on: `${direction} ${denied}`,
      when: '',
      other: '',
      statement: denied === on && when === '' ? '' : joinedBySpaces(`allowed ${on}`, when),
    }
  }
  const all = other == null ? [] : otherAreas(stated, other)
  const whole = all.filter(({ actions }) => actions === undefined)
  const parts = all.filter(({ actions }) => actions !== undefined)
  if (all.length === 0) return { on: `${on}${except}`, when, other: '', statement: '' }
  const conditions = whole.map((area) => without(area.conditions, mine.conditions))
  if (
    parts.length === 0 &&
    direction === 'lost' &&
    conditions.every(isNothing) &&
    whole.every(isPartOf(mine))
  )
    return {
      on: `lost ${on}${except}${exceptText(whole, account)}`,
      when,
      other: '',
      statement: '',
    }
  const dropped = conditions.every((each) => !isNothing(each)) ? droppedText(conditions, mine) : ''
  const former = `${direction === 'gained' ? 'before' : 'now'}: ${
    whole.length === 0
      ? partsText(parts, entry.actions, mine, account)
      : `${joinedAreas(whole, mine, account)}${butForText(parts)}`
  }`
  const isTitled = whole.length > 0 && entry.kind === 'action'
  return {
    on: dropped === '' && isTitled ? `${direction} ${on}${except}` : `${on}${except}`,
    when,
    other: dropped === '' ? `(${former})` : `${direction} ${dropped} (${former})`,
    statement: '',
  }
}

const joinedAreas = (areas: readonly AccessArea[], mine: AccessArea, account: Account | null): string => {
  const shown = areas.slice(0, MOST_AREAS).map((area) => areaText(area, mine, account))
  const more = areas.length - shown.length
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ')
}

const countActions = (areas: readonly AccessArea[]): number =>
  new Set(areas.flatMap(({ actions = [] }) => actions)).size

const butForText = (parts: readonly AccessArea[]): string =>
  parts.length === 0 ? '' : `, but for ${countActions(parts)} of these actions`

/** Where of some actions only something is allowed: one by one where they are few, or most of all. */
function partsText(
  parts: readonly AccessArea[],
  actions: readonly string[],
  mine: AccessArea,
  account: Account | null,
): string {
  const count = countActions(parts)
  return actions.length <= FEW_ACTIONS || count * 2 > actions.length
    ? joinedAreas(parts, mine, account)
    : `${actionsText([...new Set(parts.flatMap((area) => area.actions ?? []))].sort())} in part`
}

/** `tag team is now payments (before: billing)`. */
export const valuesText = (values: Readonly<Record<string, ChangedValue>>): string =>
  Object.entries(values)
    .map(([key, { before, after }]) => {
      const [, tag] = /^aws:principaltag\/(.+)$/i.exec(key) ?? []
      const name = tag === undefined ? printable(key) : `tag ${printable(tag)}`
      return `${name} is now ${valueText(after)} (before: ${valueText(before)})`
    })
    .join(', ')

const valueText = (values: readonly string[] | null): string =>
  values === null ? 'absent' : values.map((value) => (value === '' ? '""' : printable(value))).join(', ')

/** Of a statement about everything that one layer limits, what that layer lets through, where that is a list. */
function limited(area: AccessArea): AccessArea {
  const [layer, second] = area.limits ?? []
  const [limit, another] = layer ?? []
  if (limit === undefined || another !== undefined || second !== undefined) return area
  if (!isEverything(area) || limit.actions !== undefined) return area
  if (Object.keys(limit.conditions).some((operator) => operator in area.conditions)) return area
  const { resources, notResources, conditions } = limit
  return { ...area, resources, notResources, conditions: { ...area.conditions, ...conditions } }
}

/** What the other side allows; where the statement is the same, what limits it. */
function otherAreas(mine: AccessArea, other: AccessExtent): readonly AccessArea[] {
  const { also = [], except: _, ...first } = other
  return [first, ...also].flatMap((area) => {
    const { limits = [], ...rest } = area
    if (!isSame(rest, mine)) return [rest]
    const [layer, second] = limits
    return layer === undefined || second !== undefined ? [] : layer
  })
}

const isSame = (a: AccessArea, b: AccessArea): boolean =>
  a.actions === undefined &&
  JSON.stringify([a.resources, a.notResources, a.conditions]) ===
    JSON.stringify([b.resources, b.notResources, b.conditions])

const isEverything = ({ resources, notResources }: AccessArea): boolean =>
  notResources.length === 0 && (resources.length === 0 || resources.every((each) => /^\*+$/.test(each)))

/** Whether it is plain that an area is about some of the resources of another one. */
const isPartOf =
  (whole: AccessArea) =>
  (area: AccessArea): boolean =>
    !isEverything(area) &&
    (isEverything(whole) ||
      area.resources.some((each) => whole.resources.some((pattern) => matchesPattern(pattern, each))))

const isNothing = (conditions: ConditionsText): boolean => Object.keys(conditions).length === 0

function exceptText(areas: readonly AccessArea[], account: Account | null): string {
  if (areas.length === 0) return ''
  const shown = areas.slice(0, MOST_AREAS).map((area) => {
    const { actions } = area
    const on = isEverything(area) ? '' : resourcesText(area, account)
    if (actions === undefined) return joinedBySpaces(on.replace(/^on /, ''), whenText(area.conditions))
    const which = actions.length > FEW_ACTIONS ? `${actions.length} of these actions` : actionsText(actions)
    return joinedBySpaces(which, on, whenText(area.conditions))
  })
  const more = areas.length - shown.length
  return ` except ${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(' and ')}`
}

/** `only on data/curated/* when aws:SourceIp in 10.0.0.0/8`. */
function areaText(area: AccessArea, mine: AccessArea, account: Account | null): string {
  const on = resourcesText(area, account)
  const conditions = without(area.conditions, mine.conditions)
  const parts = [
    on === resourcesText(mine, account) || isEverything(area) ? '' : on,
    `${whenText(conditions)}${area.ended === undefined || isNothing(conditions) ? '' : ', which is past'}`,
  ].filter((part) => part !== '')
  const who = area.actions === undefined ? '' : `${actionsText(area.actions)} `
  return parts.length === 0 ? `${who === '' ? 'all' : who.trim()}` : `${who}only ${parts.join(' ')}`
}

const actionsText = (actions: readonly string[]): string => {
  const shown = actions.slice(0, MOST_ACTIONS).map((action) => printable(nameOfAction(action)))
  return actions.length > shown.length
    ? `${shown.join(', ')} and ${actions.length - shown.length} more`
    : shown.join(', ')
}

/** Conditions that others don't have. */
function without(conditions: ConditionsText, others: ConditionsText): ConditionsText {
  const left: Record<string, Record<string, readonly string[]>> = {}
  for (const [operator, keys] of Object.entries(conditions))
    for (const [key, values] of Object.entries(keys))
      if (JSON.stringify(others[operator]?.[key]) !== JSON.stringify(values))
        left[operator] = { ...left[operator], [key]: values }
  return left
}

/** What nobody asks for any more, where there is a word for it. */
function droppedText(conditions: readonly ConditionsText[], mine: AccessArea): string {
  const still = keysOf(mine.conditions)
  const dropped = [...new Set(conditions.flatMap(keysOf))].filter((key) => !still.includes(key))
  const words = dropped.flatMap((key) => ownValue(WORDS, key) ?? [])
  return words.length === 0 ? '' : `without ${[...new Set(words)].join(' and ')}`
}

const keysOf = (conditions: ConditionsText): readonly string[] =>
  Object.values(conditions).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase()))

const WORDS: Readonly<Record<string, string>> = {
  'aws:multifactorauthpresent': 'MFA',
  'aws:multifactorauthage': 'MFA',
  'sts:externalid': 'an external id',
}

const whenText = (conditions: ConditionsText): string => {
  const text = conditionsText(conditions)
  return text === '' ? '' : `when ${text}`
}

const joinedBySpaces = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
