import type { Request } from '../../evaluator/decision.ts'
import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import { type PrincipalFacts, parsePrincipal } from '../../evaluator/principal.ts'
import { parsePolicy } from '../../policy/parse.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { EstateView } from '../estate-view.ts'
import type { Outsider } from '../outsiders/outsider.ts'
import type { Pins } from '../symbolic/pins.ts'
import type { DeclaredEntities } from '../witness/declared-entities.ts'
import type { PrincipalKeys } from './principal-keys.ts'

/** Whose access is looked at: somebody of the estate, or some who are outside and alike in all that policies ask. */
export interface ExaminedPrincipal {
  /**
   * As findings call it: an ARN, `account:ID`, `account:*`, `service:NAME`, `service:*`, `federated:PROVIDER`,
   * `canonical:ID`, `id:AROA…`, `anonymous`.
   */
  readonly label: string
  /** As a request names it; of several, one of them. */
  readonly name: string
  /** null: outside; its own policies aren't known and count as allowing everything. */
  readonly account: string | null
  /** Its ARN in a state in which it has another path. */
  readonly formerly?: string
  /** Of a federated user: the user who asked for its credentials, by ARN. */
  readonly parent?: string
  /** Of a federated user: whether there is one in a state; absent: there is. */
  readonly isIssued?: (view: EstateView) => boolean
  /** Who outside is meant; absent: somebody of the estate. */
  readonly outsider?: Outsider
  /** Whoever holds a policy: anybody, of an account that suits what is asked about; or somebody of its account, by any name. */
  readonly holds?: 'anybody' | 'oneOfAccount'
  /** Of sessions of a role: by whom those that are meant are started; absent: all that there are. */
  readonly startedBy?: ExaminedPrincipal
}

/** A principal as one state of the estate has it. */
export interface PrincipalInState {
  /** As its requests name it in this state. */
  readonly name: string
  readonly facts: PrincipalFacts
  readonly base: string | null
  readonly layers: PolicyLayers
  readonly pins: Pins
  /** Keys that belong to it, for requests. */
  readonly context: ReadonlyMap<string, readonly string[]>
  readonly isOutside: boolean
  readonly isSession: boolean
  /** Whoever no policy names: what lets them in lets in services too, and what names somebody else names no service. */
  readonly isAnybody?: true
  /** What keys that aren't settled can be. */
  readonly keys: PrincipalKeys
  /** Whether a resource whose ARN names no account may be that of somebody else of the estate. */
  readonly isOneOfSeveral: boolean
  /** The entities of its account; absent: none are known. */
  readonly declared?: DeclaredEntities
  /** Keys that follow from what is asked about. */
  readonly resourceContext: (request: Request) => ReadonlyMap<string, readonly string[]>
  /** By whom its sessions are started, where not all are meant. */
  readonly startedBy?: ExaminedPrincipal
}

/** Whoever holds it may do everything: what stands in for the policies of other accounts. */
export const EVERYTHING: IdentifiedPolicy = {
  id: '',
  policy: parsedOnce({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
}

/** What somebody reaches in IAM is their own account's: whatever a policy allows beside. */
export const OWN_ACCOUNT_IN_IAM: IdentifiedPolicy = {
  id: '',
  policy: parsedOnce({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Action: 'iam:*',
        Resource: '*',
        Condition: {
          // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's
          StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' },
        },
      },
    ],
  }),
}

function parsedOnce(document: Parameters<typeof parsePolicy>[0]): ParsedPolicy {
  const { policy } = parsePolicy(document, null, 'identity', 'evaluate')
  if (policy === null) throw new TypeError('a policy of our own is malformed')
  return policy
}

export const entityPrincipal = (arn: string, account: string, formerly?: string): ExaminedPrincipal => ({
  label: arn,
  name: arn,
  account,
  ...(formerly === undefined ? {} : { formerly }),
})

/** Sessions of the estate's own roles that a policy names. */
export const sessionsIn = (policy: ParsedPolicy | null, view: EstateView): readonly ExaminedPrincipal[] =>
  (policy?.statements ?? []).flatMap(({ principal }) =>
    (principal?.entries ?? []).flatMap((entry) => {
      const facts = entry.kind === 'arn' ? parsePrincipal(entry.arn) : null
      return facts?.kind === 'role' && facts.text !== facts.roleArn && view.accounts.has(facts.account ?? '')
        ? [entityPrincipal(facts.text, facts.account ?? '')]
        : []
    }),
  )
