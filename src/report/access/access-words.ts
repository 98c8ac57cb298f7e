import type { AccessEntry, AccessLevels, Because, Direction } from '../../access/access-entry.ts'
import { notability } from '../../catalog/notable-actions.ts'
import type { Account } from '../../model/index.ts'
import { conditionsText } from '../decisions/conditions-text.ts'
import { counted, printable } from '../layout/paint.ts'
import { shortPrincipal, shortResource } from '../questions/principals-text.ts'
import {
  countLevels,
  LEVELS,
  type LevelOf,
  mostPowerfulFirst,
  nameOfAction,
  type ServiceActions,
  servicesOf,
} from './access-lines.ts'

/** Names of actions on a line. */
const MOST_ACTIONS = 4
const MOST_RESOURCES = 4
/** Services that are named before they are only counted. */
const MOST_SERVICES = 3

/** `permissions 2, write 1, unknown to the catalogue 1`. @param count of all actions */
function levelsText(levels: AccessLevels, count: number): string {
  const unknown = LEVELS.reduce((left, level) => left - levels[level], count)
  return [
    ...LEVELS.flatMap((level) => (levels[level] > 0 ? [`${level} ${levels[level]}`] : [])),
    ...(unknown > 0 ? [`unknown to the catalogue ${unknown}`] : []),
  ].join(', ')
}

/** `permissions 2, write 1 (PutRolePolicy, …)`. */
export const serviceText = ({ actions, levels }: ServiceActions): string =>
  `${levelsText(levels, actions.length)} (${namesText(actions.map(nameOfAction))})`

/** `312 services: permissions 1420, write 8000 (iam:AttachUserPolicy, …)`. @param serviceCount of the catalogue */
export function summaryText(actions: readonly string[], levelOf: LevelOf, serviceCount: number): string {
  const services = servicesOf(actions, levelOf)
  const names = mostPowerfulFirst(actions, levelOf).toSorted((a, b) => notability(a) - notability(b))
  const of =
    services.length <= MOST_SERVICES
      ? services.map(({ service }) => printable(service)).join(', ')
      : services.length >= serviceCount
        ? `all ${services.length} services`
        : `${services.length} services`
  const shown = services.length === 1 ? names.map(nameOfAction) : names
  return `${of}: ${levelsText(countLevels(actions, levelOf), actions.length)} (${namesText(shown)})`
}

function namesText(names: readonly string[]): string {
  const shown = names.slice(0, MOST_ACTIONS).map(printable)
  return `${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`
}

/** `may assume role/deploy, by way of role/hop`; of what is lost `may no longer assume`. */
export function assumeText(
  { resources, via }: AccessEntry,
  direction: Direction,
  account: Account | null,
): string {
  const hops = via.map((arn) => shortPrincipal(arn, account))
  const roles = resources.map((each) => shortResource(each, account)).join(', ')
  return `may ${direction === 'lost' ? 'no longer ' : ''}assume ${roles}${hops.length === 0 ? '' : `, by way of ${hops.join(' → ')}`}`
}

/** `when session tag team = payments`; empty: none is needed. */
export function sessionTagsText({ sessionTags = {} }: AccessEntry): string {
  const tags = Object.entries(sessionTags).map(
    ([key, value]) => `session tag ${printable(key)} = ${printable(value)}`,
  )
  return tags.length === 0 ? '' : `when ${tags.join(' and ')}`
}

/** `on arn:aws:s3:::data/*`; empty where a statement names no resource. */
export function resourcesText(
  { resources, notResources }: Pick<AccessEntry, 'resources' | 'notResources'>,
  account: Account | null,
): string {
  const short = (list: readonly string[]) => {
    const shown = list.slice(0, MOST_RESOURCES).map((each) => shortResource(each, account))
    const more = list.length - shown.length
    return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
  }
  if (notResources.length > 0) return `on everything but ${short(notResources)}`
  return resources.length === 0 ? '' : `on ${short(resources)}`
}

const LAYER_NAMES: Readonly<Record<Exclude<Because['cause'], 'deny'>, string>> = {
  boundary: 'the permissions boundary',
  scp: 'the service control policy',
  rcp: 'the resource control policy',
  resource: 'the resource policy',
  identity: 'the identity policy',
}

/** Of a grant whose time is over. */
export const endedText = (ended: string): string =>
  `has ended: its time was up at ${printable(ended)}, and the statement grants nothing any more`

/** What else decides. @param name of the policy or statement, and its place; empty: not known */
export function becauseText({ cause, change, area }: Because, name: string): string {
  const named = name === '' ? '' : ` ${name}`
  if (cause === 'deny') {
    const conditions = area === undefined ? '' : conditionsText(area.conditions)
    const when = conditions === '' ? '' : ` when ${conditions}`
    return `${change === 'added' ? 'now' : 'no longer'} denied${when} by${named}`
  }
  return `${LAYER_NAMES[cause]}${named} ${change === 'added' ? 'no longer allows it' : 'no longer stands in the way'}`
}

/** Of a layer that is still there. @param statement by which it allows, and its place; empty: not known */
export function allowsNowText({ cause }: Because, policy: string, statement: string): string {
  const layer = cause === 'deny' ? '' : `${LAYER_NAMES[cause]} `
  return `${layer}${policy} now allows it${statement === '' ? '' : `, by ${statement}`}`
}

/** Which policy that isn't known must allow as well. */
export function potentialText({ witness }: AccessEntry): string {
  const service = witness.resource.startsWith('arn:') ? (witness.resource.split(':')[2] ?? '') : ''
  const whose =
    service === 'kms' ? 'the policy of the key' : 'the policy of the resource, which is not declared,'
  return `potential: ${whose} must allow it as well`
}

export const moreText = (count: number): string => `… and ${counted(count, 'more principal')}`
