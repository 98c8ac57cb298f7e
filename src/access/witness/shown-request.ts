import type { Comparison } from '../diff/comparison.ts'
import type { Reasoner } from '../reasoner.ts'
import { keysIn } from '../sides/changed-values.ts'
import type { FoundRequest, SideFinding } from '../sides/side-finding.ts'
import { NOTHING_PINNED } from '../symbolic/pins.ts'
import { type Decider, isPotential } from './decider.ts'
import type { Asked } from './decision.ts'
import { knownOf, readableRequests } from './readable-request.ts'
import { valuesOf, withReadableArns } from './readable-values.ts'
import { completed, untoldKeys } from './untold-keys.ts'

/** Finds requests that people can read, for those that reasoning found: the evaluator decides them alike. */
export class ShownRequests {
  readonly #reasoner: Reasoner
  readonly #decider: Decider

  constructor(reasoner: Reasoner, decider: Decider) {
    this.#reasoner = reasoner
    this.#decider = decider
  }

  /** About something that people would name, and with no more than it needs. @param finding whose request is confirmed */
  requestOf(finding: SideFinding, comparison: Comparison, now: Asked, before: Asked): FoundRequest {
    const named =
      comparison.region.type === 'trust' ? finding.request : this.#readable(finding, comparison, now, before)
    const least = this.#withoutNeedless(named, finding, now, before)
    const isAlike = (request: FoundRequest) =>
      comparison.isMeant(request.action, request.resource) && this.#decider.confirms(now, before, request)
    return this.#withReadableArns(least, comparison, finding, isAlike)
  }

  #withReadableArns(
    request: FoundRequest,
    { principal, region }: Comparison,
    { allow }: SideFinding,
    isAlike: (request: FoundRequest) => boolean,
  ): FoundRequest {
    const { actions, partition } = this.#reasoner
    const account = (region.type === 'rest' ? principal.account : region.owner) ?? '111122223333'
    return withReadableArns(
      request,
      (wanted) => valuesOf(allow.symbolic.source, wanted),
      actions.facts,
      { account, partition },
      isAlike,
    )
  }

  #readable(finding: SideFinding, comparison: Comparison, after: Asked, before: Asked): FoundRequest {
    const { principal, region, now, isMeant } = comparison
    const { partition, templates } = this.#reasoner
    const owner = region.type === 'rest' ? principal.account : region.owner
    const account = owner ?? now.state?.facts.account ?? '111122223333'
    const pins = now.state?.pins ?? NOTHING_PINNED
    const known = knownOf(region, now.state)
    const readable = [
      // Which resources an action takes that the catalogue doesn't know nobody can say.
      ...(region.type === 'rest' && !this.#reasoner.actions.isListed(finding.request.action)
        ? [{ ...finding.request, resource: '*' }]
        : []),
      ...readableRequests(finding, { account, partition, templates, pins, known }),
    ]
    const isOpen = (request: FoundRequest) => isPotential(request, principal)
    // What is certain says more than what another policy must allow as well.
    const ordered = [
      ...readable.filter((each) => !isOpen(each)),
      ...(isOpen(finding.request) ? readable : []),
    ]
    const isAlike = (request: FoundRequest) => this.#decider.confirms(after, before, request)
    for (const request of ordered) {
      if (!isMeant(request.action, request.resource) || !isAlike(request)) continue
      // What was found needn't say what only another action, or another resource, is asked for.
      const shown = completed(request, untoldKeys(request, comparison, this.#reasoner), isAlike)
      if (shown !== null) return shown
    }
    return finding.request
  }

  /** Without keys that it could do without, where a request needn't have them, and that its statement doesn't ask for. */
  #withoutNeedless(request: FoundRequest, { allow }: SideFinding, now: Asked, before: Asked): FoundRequest {
    const asked = new Set(keysIn(allow.symbolic.source).map((key) => key.toLowerCase()))
    const isUser = now.state?.facts.kind === 'user'
    const keys = [...request.context.keys()].filter((key) => !STAYING.test(key))
    // What a user's session has, long-term keys haven't: all of it goes, or none.
    const ofSession = isUser ? keys.filter((key) => OF_SESSION.test(key)) : []
    let least = request
    for (const needless of [ofSession, ...keys.filter((key) => !OF_SESSION.test(key)).map((key) => [key])]) {
      if (needless.length === 0 || needless.some((key) => asked.has(key.toLowerCase()))) continue
      const context = new Map([...least.context].filter(([each]) => !needless.includes(each)))
      const without = { ...least, context }
      if (this.#decider.confirms(now, before, without)) least = without
    }
    return least
  }
}

/** Every request has them, or they go with others that it has. */
const STAYING =
  /^(?:aws:(?:principal|user|requesttag\/|tagkeys$|currenttime$|epochtime$|requestedregion$|resource|securetransport$|source|calledvia|viaawsservice$)|sts:)/i
const OF_SESSION = /^aws:(?:multifactorauth|tokenissuetime$)/i
