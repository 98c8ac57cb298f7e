import { Refusal } from '../../evaluator/estate/refusal.ts'
import { letsSignInBy } from '../../evaluator/keys/sign-in-keys.ts'
import type { EstateView } from '../estate-view.ts'

/** Whether sessions of a role may be issued through a provider. @param role its ARN, or of whoever is none */
export const issuing =
  (role: string, view: EstateView) =>
  (provider: string): boolean => {
    try {
      const trust = view.trustOf(role)
      return trust !== null && letsSignInBy(provider, trust.policy)
    } catch (error) {
      if (error instanceof Refusal) return true
      throw error
    }
  }
