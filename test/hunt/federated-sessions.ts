// Federated users of the project: whose credentials somebody may ask for at all, and users who may, drawn into estates.
import type { PolicyStatement } from '../../src/model/index.ts'
import type { Random } from '../evaluator/random-cases.ts'
import type { Constants } from './asked.ts'
import { constantsIn, drawnContexts } from './contexts.ts'
import type { Decided, StateName } from './decided.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import { isOwn, type Requester } from './requesters.ts'

const TRIED_CONTEXTS = 24

/**
 * Without a user who may ask for the credentials there is no such session: a request of one who isn't there is no request.
 * @see AWS STS API Reference, GetFederationToken
 */
export class FederatedSessions {
  readonly #pair: EstatePair
  readonly #constants: Constants
  readonly #everybody: readonly Requester[]
  readonly #issued = new Map<string, boolean>()

  constructor(pair: EstatePair, everybody: readonly Requester[]) {
    this.#pair = pair
    this.#constants = constantsIn(pair)
    this.#everybody = everybody
  }

  /** Whether there is somebody who asks, in a state. */
  isThere(requester: Requester, oracle: Oracle): boolean {
    if (requester.parent === undefined) return true
    const key = `${oracle.state} ${requester.parent[oracle.state]} ${requester.account}`
    let issued = this.#issued.get(key)
    if (issued === undefined) {
      issued = this.#isIssued(requester, oracle)
      this.#issued.set(key, issued)
    }
    return issued
  }

  /**
   * What one who isn't there in a state could do, seen from a state in which it is: what its user may do there is no news,
   * and what a policy of the resource allows it by name may be done with credentials from root in both states.
   * @param owner of what is asked about, where only the other state declares it
   */
  decideAbsent(question: Question, oracle: Oracle, other: Oracle, owner?: string): Decided {
    const { requester } = question
    const parent = this.#parentOf(requester)
    const principal = parent?.[oracle.state]
    const isAllowedToParent =
      parent !== undefined &&
      principal != null &&
      oracle.ask(principal, { ...question, requester: parent }, owner) === 'allow'
    const isByName =
      requester[other.state] !== null && other.reasonsOf(question).some(({ layer }) => layer === 'resource')
    return isAllowedToParent || isByName ? 'undecided' : 'deny'
  }

  #isIssued(requester: Requester, oracle: Oracle): boolean {
    const parent = this.#parentOf(requester)
    const principal = parent?.[oracle.state]
    const resource = requester[oracle.state]
    if (parent === undefined || principal == null || resource === null) return false
    const asked = { requester: parent, action: 'sts:GetFederationToken', resource }
    const contexts = drawnContexts(asked, this.#constants, this.#pair, TRIED_CONTEXTS)
    return [new Map(), ...contexts].some(
      (context) => oracle.ask(principal, { ...asked, context }) === 'allow',
    )
  }

  #parentOf({ parent }: Requester): Requester | undefined {
    return this.#everybody.find(
      (each) =>
        isOwn(each) &&
        each.kind === 'own user' &&
        each.before === parent?.before &&
        each.after === parent?.after,
    )
  }
}

const ISSUES: PolicyStatement = {
  Effect: 'Allow',
  Action: ['sts:GetFederationToken', 'sts:TagSession'],
  Resource: '*',
}

/** Users may ask for such credentials: in both states, or in one of them. */
export function withIssuers(pair: EstatePair, random: Random): EstatePair {
  const { before, after } = pair
  const only: StateName | null = random.chance(0.75) ? null : random.chance(0.5) ? 'before' : 'after'
  return {
    before: only === 'after' ? before : issuingIn(before),
    after: only === 'before' ? after : issuingIn(after),
  }
}

const issuingIn = (spec: EstateSpec): EstateSpec => ({
  ...spec,
  accounts: Object.fromEntries(
    Object.entries(spec.accounts).map(([id, account]) => [
      id,
      account.users === undefined
        ? account
        : {
            ...account,
            users: Object.fromEntries(
              Object.entries(account.users).map(([name, user]) => [
                name,
                { ...user, policy: [...(user.policy ?? []), ISSUES] },
              ]),
            ),
          },
    ]),
  ),
})
