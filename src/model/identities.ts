import {
  type AnyEntityState,
  type DesiredOf,
  ENTITIES,
  ENTITY_KINDS,
  type EntityKind,
  entityRef,
  isEntityKind,
  type StateOf,
} from '../kinds/kind.ts'
import type { AccountState } from './account-state.ts'
import { parseEntityArn } from './arn.ts'
import type { KindsWith } from './step-effect.ts'

/** Kinds that policies are attached to. @see IAM User Guide, "IAM identities" */
export type IdentityEntityKind = KindsWith<'managedPolicies'>
export type IdentityState = StateOf<IdentityEntityKind>
export type DesiredIdentity = DesiredOf<IdentityEntityKind>

/** Kinds of identities that make requests, by themselves or as sessions: only such have a permissions boundary. */
export type PrincipalEntityKind = KindsWith<'permissionsBoundary'>
export type PrincipalEntity = StateOf<PrincipalEntityKind>

export const isIdentityKind = (kind: string): kind is IdentityEntityKind =>
  isEntityKind(kind) && ENTITIES[kind].identity !== null

export const isPrincipalEntityKind = (kind: string): kind is PrincipalEntityKind =>
  isEntityKind(kind) && ENTITIES[kind].identity === 'principal'

/** Whether an ARN is that of one whose kind makes requests, whether it is there or not. */
export function isPrincipalEntityArn(arn: string): boolean {
  const named = parseEntityArn(arn)
  return named !== null && isPrincipalEntityKind(named.kind)
}

export const IDENTITY_KINDS: readonly IdentityEntityKind[] = ENTITY_KINDS.filter(isIdentityKind)
export const PRINCIPAL_ENTITY_KINDS: readonly PrincipalEntityKind[] =
  ENTITY_KINDS.filter(isPrincipalEntityKind)

/** How principals of an account are named where people write them: `user/NAME`, `role/NAME`. */
export const PRINCIPAL_FORMS: readonly string[] = PRINCIPAL_ENTITY_KINDS.map((kind) =>
  entityRef(kind, 'NAME'),
)

interface OfKind {
  readonly kind: EntityKind
}

export const isIdentity = <E extends OfKind>(
  entity: E,
): entity is Extract<E, { readonly kind: IdentityEntityKind }> => isIdentityKind(entity.kind)

export const isPrincipalEntity = <E extends OfKind>(
  entity: E,
): entity is Extract<E, { readonly kind: PrincipalEntityKind }> => isPrincipalEntityKind(entity.kind)

type ByKind<K extends EntityKind, V> = { readonly [Each in K]: ReadonlyMap<string, V> }

/** All that an account holds or declares, kind after kind. */
export const entitiesIn = <V = AnyEntityState>(entities: ByKind<EntityKind, V>): readonly V[] =>
  ENTITY_KINDS.flatMap((kind) => [...entities[kind].values()])

export const identitiesIn = <V = IdentityState>(entities: ByKind<IdentityEntityKind, V>): readonly V[] =>
  IDENTITY_KINDS.flatMap((kind) => [...entities[kind].values()])

/** Whoever of an account may make requests. */
export const principalEntitiesIn = <V = PrincipalEntity>(
  entities: ByKind<PrincipalEntityKind, V>,
): readonly V[] => PRINCIPAL_ENTITY_KINDS.flatMap((kind) => [...entities[kind].values()])

/** Who has the kind and the name of an ARN, under whatever path: names of a kind are unique in an account. */
export function principalEntityNamed(
  entities: AccountState['entities'] | undefined,
  arn: string,
): PrincipalEntity | null {
  const named = parseEntityArn(arn)
  return named !== null && isPrincipalEntityKind(named.kind)
    ? (entities?.[named.kind].get(named.name) ?? null)
    : null
}
