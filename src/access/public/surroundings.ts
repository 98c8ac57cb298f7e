import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import { Mentions } from './mentions.ts'
import type { StrangerSurroundings } from './stranger-keys.ts'

/** What an estate knows of accounts and organizations: nobody of these is a stranger. */
export const surroundingsOf = (view: EstateView, partition: string, now: Date): StrangerSurroundings => ({
  partition,
  known: new Set([...view.accounts.keys(), ...view.memberAccounts]),
  organizations: view.estate.organization === null ? [] : [view.estate.organization.id],
  now: now.getTime(),
})

/** What the policies say that decide with one of a resource or role. */
export const mentionsOf = (policy: ParsedPolicy | null, { controlPolicies }: EstateView): Mentions =>
  new Mentions([...(policy === null ? [] : [policy]), ...controlPolicies])
