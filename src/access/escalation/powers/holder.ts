import type { PolicyLayers } from '../../../evaluator/layers.ts'
import { ENTITIES, parseEntityArn } from '../../../model/index.ts'
import type { EstateView } from '../../estate-view.ts'
import {
  type ExaminedPrincipal,
  entityPrincipal,
  type PrincipalInState,
} from '../../principals/examined-principal.ts'
import { stateOf } from '../../principals/principal-in-state.ts'
import { Recent } from '../../recent.ts'
import type { YieldedCredentials } from '../ways/way.ts'

/** Somebody of the estate with some credentials; with other policies than the estate has, where these were changed. */
export interface Holder {
  readonly principal: ExaminedPrincipal
  readonly account: string
  readonly state: PrincipalInState
  readonly credentials: YieldedCredentials
  /** How its policies are other than the estate has them; empty: they aren't. */
  readonly altered: string
  /** Equal ones are the same. */
  readonly id: string
}

/** Nobody is put together anew for each who leads to them: thousands of edges may lead to the same few roles. */
const MOST_REMEMBERED = 4000
const remembered = new WeakMap<EstateView, Recent<Holder>>()

/** @returns null: there is nobody such, or what their policies say can't be known */
export function holderOf(arn: string, credentials: YieldedCredentials, view: EstateView): Holder | null {
  const holders = remembered.get(view) ?? new Recent<Holder>(MOST_REMEMBERED)
  remembered.set(view, holders)
  const key = `${credentials} ${arn}`
  const known = holders.get(key)
  if (known !== undefined) return known
  const holder = holderAnew(arn, credentials, view)
  if (holder !== null) holders.set(key, holder)
  return holder
}

function holderAnew(arn: string, credentials: YieldedCredentials, view: EstateView): Holder | null {
  const account = accountOf(arn)
  const principal = entityPrincipal(arn, account)
  const state = stateOf(principal, view)
  if (state === null || state === 'unknown') return null
  return identified({ principal, account, state, credentials, altered: '' })
}

/** The same with other policies. @param how tells it from others */
export const alteredBy = (holder: Holder, how: string, layers: PolicyLayers): Holder =>
  identified({
    ...holder,
    state: { ...holder.state, layers },
    altered: holder.altered === '' ? how : `${holder.altered} ${how}`,
  })

export const withCredentials = (holder: Holder, credentials: YieldedCredentials): Holder =>
  identified({ ...holder, credentials })

/** With what tells it from others. */
export const identified = (holder: Omit<Holder, 'id'>): Holder => ({
  ...holder,
  id: `${holder.principal.name} ${holder.credentials} ${holder.altered}`,
})

export const holderKey = ({ id }: Holder): string => id

/** Keys that the credentials settle, in lower case; null: absent. */
export const CREDENTIAL_KEYS: Readonly<
  Record<YieldedCredentials, ReadonlyMap<string, readonly string[] | null>>
> = {
  own: new Map(),
  key: new Map([
    ['aws:multifactorauthpresent', null],
    ['aws:multifactorauthage', null],
    ['aws:tokenissuetime', null],
  ]),
  console: new Map([
    ['aws:multifactorauthpresent', ['false']],
    ['aws:multifactorauthage', null],
  ]),
  service: new Map([
    ['aws:multifactorauthpresent', ['false']],
    ['aws:multifactorauthage', null],
  ]),
}

/** A second factor at hand: what somebody may do at best. */
export const AT_BEST: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['aws:multifactorauthpresent', ['true']],
  ['aws:multifactorauthage', ['60']],
])

export const accountOf = (arn: string): string => arn.split(':')[4] ?? ''

/** `user/boss`: as people call an entity, without its path. */
export function shortName(arn: string): string {
  const entity = parseEntityArn(arn)
  if (entity !== null) return `${ENTITIES[entity.kind].arnType}/${entity.name}`
  return arn.split(':').slice(5).join(':') || arn
}

/** The same for whoever may be of another account, where others may have the name: `role/deploy in 111122223333`. */
export function nameSeenBy(actor: string, arn: string): string {
  const account = accountOf(arn)
  const isOwn = account === '' || account === (/^account:(\d+)$/.exec(actor)?.[1] ?? accountOf(actor))
  return isOwn ? shortName(arn) : `${shortName(arn)} in ${account}`
}

/** Tells an entity from others whatever its path is. */
export const nameKey = (arn: string): string => `${accountOf(arn)} ${shortName(arn)}`
