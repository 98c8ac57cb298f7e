import {
  type Account,
  DEFAULT_MAX_SESSION_DURATION,
  ENTITIES,
  entityArn,
  type IdentityEntityKind,
  type IdentityState,
  type StateDocument,
} from '../../model/index.ts'
import type { EstateDraft } from '../estate-draft.ts'
import { ASSUMED, MEMBER, MEMBERS } from './kinds.ts'
import type { NamedEntity } from './plan-names.ts'

/** What an identity holds, as the resources of a plan say it one by one. */
export interface Holding extends Pick<NamedEntity, 'name' | 'path' | 'arn'> {
  readonly kind: IdentityEntityKind
  readonly account: Account
  /** The address of the resource that it is; of one that only attachments name, theirs. */
  readonly address: string
  /** ARNs. */
  readonly managed: Set<string>
  readonly inline: Map<string, StateDocument>
  readonly groups: Set<string>
  /** What says that there is nothing besides. */
  readonly only: Set<'managed' | 'inline'>
  /** Of what the resource itself says everything; not of what the provider fills in, and doesn't know yet. */
  readonly tells: Set<'managed' | 'inline'>
  /** `managed`: a resource of the plan; `data`: looked up; `named`: only attachments name it. */
  manner: 'managed' | 'data' | 'named'
  /** Whether tags are given, or none are. */
  saysTags: boolean
  trust: StateDocument | null
  boundary: string | null
  tags: ReadonlyMap<string, string>
  description: string
  maxSessionDuration: number
}

export const newHolding = (
  kind: IdentityEntityKind,
  account: Account,
  { name, path, arn }: Pick<NamedEntity, 'name' | 'path' | 'arn'>,
  address: string,
): Holding => ({
  kind,
  name,
  path,
  arn,
  account,
  address,
  managed: new Set(),
  inline: new Map(),
  groups: new Set(),
  only: new Set(),
  tells: new Set(['managed', 'inline']),
  manner: 'managed',
  saysTags: false,
  trust: null,
  boundary: null,
  tags: new Map(),
  description: '',
  maxSessionDuration: DEFAULT_MAX_SESSION_DURATION,
})

/** The identities of one side of a plan. */
export class Holdings {
  readonly #holdings = new Map<string, Holding>()
  readonly #elsewhere: Holding[] = []

  /** @returns false: there is one of that name already */
  add(holding: Holding): boolean {
    const key = keyOfEntity(holding.account, holding.kind, holding.name)
    if (this.#holdings.has(key)) return false
    this.#holdings.set(key, holding)
    return true
  }

  /** @param notHeld says what somebody holds of whom the plan says nothing but what is attached */
  named(
    account: Account,
    kind: IdentityEntityKind,
    name: string,
    notHeld: (ref: string) => StateDocument,
  ): Holding {
    const key = keyOfEntity(account, kind, name)
    const known = this.#holdings.get(key)
    if (known !== undefined) return known
    const arn = entityArn(account, ENTITIES[kind], '/', name)
    const made = newHolding(kind, account, { name, path: '/', arn }, arn)
    made.manner = 'named'
    made.inline.set(HELD_ELSEWHERE, notHeld(arn))
    made.trust = notHeld(`${arn} trust`)
    this.#holdings.set(key, made)
    this.#elsewhere.push(made)
    return made
  }

  /** Whom only attachments of the other side name is there on this one as well. */
  addElsewhereOf(other: Holdings, notHeld: (ref: string) => StateDocument): void {
    for (const { account, kind, name } of other.#elsewhere) this.named(account, kind, name, notHeld)
  }

  [Symbol.iterator](): Iterator<Holding> {
    return this.#holdings.values()
  }

  /** @returns undefined: there is none of that name */
  get(account: Account, kind: IdentityEntityKind, name: string): Holding | undefined {
    return this.#holdings.get(keyOfEntity(account, kind, name))
  }

  /** Puts all of them into a draft. */
  putInto(draft: EstateDraft, file: string): void {
    for (const each of this.#holdings.values()) {
      const state = stateOfHolding(each)
      if (state !== null) draft.entity(each.account, state, { file, address: each.address })
    }
  }
}

/** @returns null: whom it lets in nobody says */
export function stateOfHolding(each: Holding): IdentityState | null {
  const { kind, name, path, arn, description, maxSessionDuration, tags, trust } = each
  const held = { name, path, arn, managedPolicies: [...each.managed], inlinePolicies: each.inline }
  const principal = { permissionsBoundary: each.boundary, tags }
  if (kind === MEMBERS) return { kind, ...held }
  if (kind === MEMBER) return { kind, ...held, ...principal, groups: [...each.groups] }
  return trust === null
    ? null
    : { kind, ...held, ...principal, description, maxSessionDuration, trustPolicy: trust }
}

/** Roles that permission sets become. */
export const PERMISSION_SET_PATH = '/aws-reserved/sso.amazonaws.com/'

/** Whether it is a permission set's role: what the end of its name is, and whom it lets in, no plan says. */
export const isSetRole = ({ kind, path }: Pick<Holding, 'kind' | 'path'>): boolean =>
  kind === ASSUMED && path.startsWith(PERMISSION_SET_PATH)

/** The name of an inline policy that stands for whatever else somebody may hold. No policy of IAM is called so. */
export const HELD_ELSEWHERE = '(not in the plan)'

/** Names of a kind are unique in an account whatever their case. */
export const keyOfEntity = (account: Account, kind: string, name: string): string =>
  `${account.id} ${kind}/${name.toLowerCase()}`
