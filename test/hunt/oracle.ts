// Brute force: one state of an estate, asked one request at a time.

import { loadCarriedKeys } from '../../src/catalog/carried-keys.ts'
import { loadTagKeys } from '../../src/catalog/resource-tag-keys.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import type { PlacedReason } from '../../src/evaluator/estate/estate-question.ts'
import { createEvaluator, type Evaluator } from '../../src/evaluator/estate/evaluator.ts'
import type { Asked } from './asked.ts'
import type { Context } from './contexts.ts'
import type { Decided, StateName } from './decided.ts'
import { type EstateSpec, estateFrom } from './estate-spec.ts'
import type { Question } from './questions.ts'
import type { Requester } from './requesters.ts'
import { isSomebody } from './somebody.ts'
import { rolesWithTags } from './tagged-sessions.ts'
import { iam } from './world.ts'

type ContextsOf = (asked: Asked) => Iterable<Context>

export class Oracle {
  readonly state: StateName
  readonly spec: EstateSpec
  readonly #evaluator: Evaluator
  /** By tags of sessions: roles that can have them. */
  readonly #tagged = new Map<string, ReadonlySet<string>>()
  /** ARNs of roles that somebody is seen to assume without tags; null: not asked for yet. */
  #withoutTags: ReadonlySet<string> | null = null
  readonly #contextsOf: ContextsOf
  readonly #asksForPassedTags: boolean
  readonly #asksForTransitiveTags: boolean

  private constructor(state: StateName, spec: EstateSpec, evaluator: Evaluator, contextsOf: ContextsOf) {
    this.#contextsOf = contextsOf
    this.state = state
    this.spec = spec
    this.#evaluator = evaluator
    const text = JSON.stringify(spec).toLowerCase()
    this.#asksForTransitiveTags = text.includes('sts:transitivetagkeys')
    this.#asksForPassedTags = this.#asksForTransitiveTags || /aws:requesttag\/|aws:tagkeys/.test(text)
  }

  /** @param contextsOf what is tried of requests that start a session with tags */
  static async of(
    state: StateName,
    spec: EstateSpec,
    facts: AccountFacts,
    contextsOf: ContextsOf,
  ): Promise<Oracle> {
    return new Oracle(
      state,
      spec,
      await createEvaluator(estateFrom(spec), {
        ...facts,
        openTagKeys: loadTagKeys,
        openCarriedKeys: loadCarriedKeys,
      }),
      contextsOf,
    )
  }

  get evaluator(): Evaluator {
    return this.#evaluator
  }

  /** @param owner of what is asked about, where only the other state declares it */
  decide(question: Question, everybody: readonly Requester[], owner?: string): Decided {
    const principal = question.requester[this.state]
    if (principal === null) return 'deny'
    if (this.#isTheirOwn(question)) return 'undecided'
    if (question.sessionTags === undefined) {
      const asIs = this.ask(principal, question, owner)
      if (asIs !== 'allow') return asIs
      const isOpen =
        this.mayNeedTags(question.requester, everybody) || this.#deniesWhomItSays(question, owner)
      return isOpen ? 'undecided' : 'allow'
    }
    // Tags are passed where they can be, and needn't be.
    const tag = /^aws:principaltag\//i
    const untagged = new Map([...question.context].filter(([key]) => !tag.test(key)))
    const without = this.ask(principal, { ...question, context: untagged }, owner)
    const isUntagged = without === 'allow' && !this.mayNeedTags(question.requester, everybody)
    if (isUntagged || !this.#canPass(question, everybody))
      return isUntagged || without !== 'allow' ? without : 'undecided'
    const tagged = this.ask(principal, question, owner)
    // Where there perhaps are sessions without tags, one of them may do it.
    return tagged !== 'allow' && without === 'allow' ? 'undecided' : tagged
  }

  /** Of whoever is called by something else than who they are, and says who: whether that one is denied by name. */
  #deniesWhomItSays(question: Question, resourceAccount?: string): boolean {
    if (!isSomebody(question)) return false
    const { action, resource, context } = question
    const [account] = context.get('aws:principalaccount') ?? []
    const role = account === undefined ? [] : [iam(this.spec.partition ?? 'aws', account, 'role/r')]
    const [principal] = context.get('aws:principalarn') ?? role
    if (principal === undefined) return false
    const owned = resourceAccount === undefined ? {} : { resourceAccount }
    const { answer } = this.#evaluator.evaluate({ principal, action, resource, context, ...owned })
    return answer?.decision === 'explicit_deny'
  }

  /** Whether a role, whose sessions are asked about without tags, perhaps has none without: somebody's tags are asked for. */
  mayNeedTags(
    { kind, account, role: session, after, before }: Requester,
    everybody: readonly Requester[],
  ): boolean {
    if (kind !== 'own role' && kind !== 'own session') return false
    const own = everybody.find(
      (each) =>
        each.kind === 'own role' &&
        (kind === 'own role'
          ? each.after === after && each.before === before
          : each.account === account && each[this.state]?.endsWith(`/${session}`) === true),
    )
    const role = own?.[this.state]
    if (role == null || !this.#asksForPassedTags) return false
    this.#withoutTags ??= this.#assumedWithoutTags(everybody)
    return !this.#withoutTags.has(role)
  }

  /** Roles that somebody is seen to assume without tags. Those that are handed on come along a chain of roles. */
  #assumedWithoutTags(everybody: readonly Requester[]): ReadonlySet<string> {
    const free = new Set<string>()
    const roles = everybody.flatMap((each) => (each.kind === 'own role' ? (each[this.state] ?? []) : []))
    const hasTags = ({ kind, account, role, [this.state]: arn }: Requester) =>
      this.#asksForTransitiveTags &&
      (kind === 'own role'
        ? !free.has(arn ?? '')
        : kind === 'own session' &&
          ![...free].some((each) => each.split(':')[4] === account && each.endsWith(`/${role}`)))
    const isFree = (resource: string) =>
      everybody.some((requester) => {
        const principal = requester[this.state]
        const asked = { requester, action: 'sts:AssumeRole', resource, context: new Map() }
        return (
          principal !== null &&
          requester.kind !== 'anonymous' &&
          !hasTags(requester) &&
          this.ask(principal, asked) === 'allow'
        )
      })
    for (let size = -1; size < free.size; ) {
      size = free.size
      for (const role of roles) if (!free.has(role) && isFree(role)) free.add(role)
    }
    return free
  }

  /** Of an account outside, on what is its own: nobody here knows. */
  #isTheirOwn({ requester: { account }, resource }: Question): boolean {
    if (account === null || account in this.spec.accounts) return false
    const { resources = {} } = this.spec
    const owner =
      Object.entries(resources).find(([arn]) => resource === arn || resource.startsWith(`${arn}/`))?.[1]
        .account ?? resource.split(':')[4]
    return owner === account
  }

  /** @param principal in place of the question's own */
  ask(
    principal: string,
    { requester, action, resource, context }: Question,
    resourceAccount?: string,
  ): Decided {
    const parent = requester.parent?.[this.state]
    const { answer } = this.#evaluator.evaluate({
      principal,
      action,
      resource,
      context,
      ...(parent == null ? {} : { parent, sessionPolicies: [{ id: 'all', document: EVERYTHING }] }),
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
    })
    return answer === null ? 'undecided' : answer.decision === 'allow' ? 'allow' : 'deny'
  }

  /** What allows it. */
  reasonsOf({ requester, action, resource, context }: Question): readonly PlacedReason[] {
    const principal = requester[this.state]
    if (principal === null) return []
    const parent = requester.parent?.[this.state]
    const { answer } = this.#evaluator.evaluate({
      principal,
      action,
      resource,
      context,
      ...(parent == null ? {} : { parent, sessionPolicies: [{ id: 'all', document: EVERYTHING }] }),
    })
    return answer === null ? [] : answer.reasons
  }

  #canPass({ requester, sessionTags = {} }: Question, everybody: readonly Requester[]): boolean {
    return this.#canHave(requester.account, requester.role ?? '', sessionTags, everybody)
  }

  /**
   * Whether it is allowed to sessions with the tags that the role has in another state: of what is allowed with the same tags,
   * passed or the role's own, a comparison doesn't tell.
   */
  allowsWithTagsOf(other: Oracle, question: Question, everybody: readonly Requester[]): boolean {
    const { requester, context } = question
    const principal = requester[this.state]
    const name = requester.role ?? requester[other.state]?.split('/').at(-1) ?? ''
    if (!/^own (?:role|session)$/.test(requester.kind) || principal === null) return false
    const tagsIn = ({ spec }: Oracle) => spec.accounts[requester.account ?? '']?.roles?.[name]?.tags ?? {}
    const [own, theirs] = [tagsIn(this), tagsIn(other)]
    const passed = Object.fromEntries(Object.entries(theirs).filter(([key, value]) => own[key] !== value))
    if (Object.keys(passed).length === 0 || Object.keys(own).some((key) => theirs[key] === undefined))
      return false
    const tags = Object.entries(passed).map(([key, value]) => [`aws:PrincipalTag/${key}`, [value]] as const)
    return (
      this.#canHave(requester.account, name, passed, everybody) &&
      this.ask(principal, { ...question, context: new Map([...context, ...tags]) }) === 'allow'
    )
  }

  /** Whether somebody can get a session of a role with these tags. */
  #canHave(
    account: string | null,
    name: string,
    sessionTags: Readonly<Record<string, string>>,
    everybody: readonly Requester[],
  ): boolean {
    const role = this.spec.accounts[account ?? '']?.roles?.[name]
    if (role === undefined) return false
    const key = JSON.stringify(sessionTags)
    let roles = this.#tagged.get(key)
    if (roles === undefined) {
      const ask = (principal: string, question: Question) => this.ask(principal, question)
      const { spec, state } = this
      roles = rolesWithTags(sessionTags, { spec, state, everybody, ask, contextsOf: this.#contextsOf })
      this.#tagged.set(key, roles)
    }
    return roles.has(`arn:${this.spec.partition ?? 'aws'}:iam::${account}:role${role.path ?? '/'}${name}`)
  }
}

const EVERYTHING = {
  json: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  located: null,
} as const
