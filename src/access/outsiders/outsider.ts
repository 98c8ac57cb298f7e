import type { PrincipalKind } from '../../evaluator/principal.ts'

/**
 * Who outside of the estate is meant: one that policies name, or all of a kind whom no policy tells apart otherwise than by
 * conditions. What such a one may be called is open, but for what somebody else is called.
 */
export type Outsider =
  /** Exactly this one: an ARN, a service, a provider, a canonical user, a unique id, or `*`. */
  | {
      readonly type: 'one'
      readonly principal: string
      readonly besides: Named
      /** Of a session that only its role lets in, which policies name without a path: the role's ARN. Absent: of any path. */
      readonly role?: string
      /** Of a session that nobody names: its role, as policies name it. No other role lets it in. */
      readonly namedAs?: string
    }
  /** Anybody of a kind in an account; null: in any account that nobody names. */
  | {
      readonly type: 'account'
      readonly account: string | null
      readonly kind: Extract<PrincipalKind, 'user' | 'role' | 'root' | 'federatedUser'>
      readonly partition: string
      readonly besides: Named
    }
  /** A service that nobody names. */
  | { readonly type: 'service'; readonly partition: string; readonly besides: Named }

/** Whom policies name: those who aren't meant when others are. */
export interface Named {
  /** Ids, sorted. */
  readonly accounts: readonly string[]
  /** ARNs of users, roles, sessions and federated users; sorted. */
  readonly principals: readonly string[]
  /** Sorted. */
  readonly services: readonly string[]
}

/** Equal ones mean the same. */
export function outsiderId(outsider: Outsider): string {
  switch (outsider.type) {
    case 'one':
      return `${outsider.principal} of ${outsider.role ?? outsider.namedAs ?? '*'} and none of ${outsider.besides.accounts.join()}`
    case 'account':
      return `${outsider.kind} of ${outsider.account ?? '*'} in ${outsider.partition} but ${besidesText(outsider.besides)}`
    case 'service':
      return `services in ${outsider.partition} but ${outsider.besides.services.join()}`
  }
}

const besidesText = ({ accounts, principals }: Named): string => `${accounts.join()} ${principals.join()}`
