// One pair of estates: its questions decided by brute force, and looked up in the answers of every gate.
import type { AccessDiff, AccessEntry } from '../../src/access/access-diff.ts'
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import type { Proof } from '../../src/access/analysis.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import type { InvariantPrincipal, InvariantRule } from '../../src/manifest/desired.ts'
import { constantsIn } from './contexts.ts'
import { allowedBy, messageForm } from './describe.ts'
import type { EstatePair } from './estate-spec.ts'
import { evaluatorFaults } from './evaluator-rules.ts'
import { type Fault, type GateName, printed } from './faults.ts'
import { type Answer, Gates, isCrash } from './gates.ts'
import { problemsOf } from './listings.ts'
import { type Decided, Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import { contradictionIn } from './reality.ts'
import { isOwn, type Requester, requestersOf } from './requesters.ts'
import { isOfAStranger } from './strangers.ts'
import { HOME } from './world.ts'

export interface Counts {
  questions: number
  /** Decided differently on both sides, or allowed: looked up in an answer. */
  lookedUp: number
  /** Of those: answered with unknown. */
  unknown: number
  /** Entries held against the evaluator. */
  listed: number
}

export const noCounts = (): Counts => ({ questions: 0, lookedUp: 0, unknown: 0, listed: 0 })

/** Gates that are asked one by one, of each pair at most. */
const MOST_INVARIANTS = 10
const MOST_WHO = 3

export async function checkPair(
  pair: EstatePair,
  questions: readonly Question[],
  analyzer: AccessAnalyzer,
  facts: AccountFacts,
  counts: Counts = noCounts(),
): Promise<readonly Fault[]> {
  return new PairCheck(
    pair,
    new Gates(analyzer, pair),
    await Oracle.of('before', pair.before, facts),
    await Oracle.of('after', pair.after, facts),
    counts,
  ).run(questions)
}

class PairCheck {
  readonly #pair: EstatePair
  readonly #gates: Gates
  readonly #before: Oracle
  readonly #after: Oracle
  readonly #counts: Counts
  readonly #everybody: readonly Requester[]
  readonly #faults: Fault[] = []
  readonly #crashed = new Set<string>()

  constructor(pair: EstatePair, gates: Gates, before: Oracle, after: Oracle, counts: Counts) {
    this.#pair = pair
    this.#gates = gates
    this.#before = before
    this.#after = after
    this.#counts = counts
    this.#everybody = requestersOf(pair)
  }

  run(questions: readonly Question[]): readonly Fault[] {
    const constants = constantsIn(this.#pair)
    let invariants = 0
    let who = 0
    this.#listDiff()
    this.#listPolicyDiff()
    this.#listProof('noPublicAccess', this.#gates.noPublicAccess(), null)
    for (const question of questions) {
      this.#counts.questions++
      const was = this.#decide(this.#before, question)
      const is = this.#decide(this.#after, question)
      if (was === null || is === null) continue
      this.#lookUpInDiff(question, was, is)
      for (const each of evaluatorFaults(question, this.#after, is))
        this.#add('evaluator', 'inconsistent', each, question)
      if (is !== 'allow') continue
      if (isOfAStranger(question, constants)) this.#holdsNot('noPublicAccess', this.#gates.noPublicAccess(), question)
      const { action, resource, requester } = question
      if (requester.kind !== 'own root') {
        const proof = this.#gates.notGranted(action, '*')
        this.#listProof('notGranted', proof, question)
        this.#holdsNot('notGranted', proof, question)
      }
      if (invariants < MOST_INVARIANTS) {
        invariants++
        this.#proveInvariants(question)
      }
      if (who < MOST_WHO && resource !== '*') {
        who++
        this.#askWho(question)
      }
    }
    return this.#faults
  }

  #decide(oracle: Oracle, question: Question): Decided | null {
    try {
      return oracle.decide(question, this.#everybody)
    } catch (error) {
      this.#crash('evaluator', error instanceof Error ? error.message : String(error), question)
      return null
    }
  }

  #lookUpInDiff(question: Question, was: Decided, is: Decided): void {
    const direction =
      is === 'allow' && (was === 'deny' || (was === 'undecided' && this.#isNew(question.resource)))
        ? 'gained'
        : was === 'allow' && is === 'deny'
          ? 'lost'
          : null
    // Root may do everything, whatever anybody writes: the diff doesn't tell of it.
    if (direction === null || question.requester.kind === 'own root') return
    const diff = this.#gates.diff()
    if (isCrash(diff)) return
    this.#counts.lookedUp++
    const found = coverageIn(diff.value[direction], diff.value, direction, question)
    if (found === 'unknown') this.#counts.unknown++
    if (found !== 'missed') return
    const oracle = direction === 'gained' ? this.#after : this.#before
    this.#add(
      'diff',
      'missed',
      `${direction} by ${question.requester.kind}${tagged(question)}${this.#placeOf(question)}, ${allowedBy(oracle.reasonsOf(question))}`,
      question,
    )
  }

  /** Declared after, and not before: whoever isn't of its account had no known access. */
  #isNew(resource: string): boolean {
    const covers = (arn: string) => resource === arn || resource.startsWith(`${arn}/`)
    const [old, now] = [this.#pair.before, this.#pair.after].map(({ resources = {} }) =>
      Object.keys(resources).some(covers),
    )
    return now === true && old === false
  }

  #holdsNot(gate: GateName, answer: Answer<Proof>, question: Question, must = true): void {
    if (isCrash(answer)) return
    this.#counts.lookedUp++
    const { holds, violations, unknown } = answer.value
    const about = () =>
      `${question.requester.kind}${tagged(question)}${this.#placeOf(question)}, ${allowedBy(this.#after.reasonsOf(question))}`
    if (holds === true) return this.#add(gate, 'held', about(), question)
    const isUnknown = unknown.some(({ principals }) => isTold(principals, question.requester))
    const { labels } = question.requester
    const isListed = violations.some(
      ({ principals, actions }) =>
        isTold(principals, question.requester) &&
        // What is public is told by some request of each who is let in.
        (gate === 'noPublicAccess' || hasAction(actions, question.action)),
    )
    if (isListed) return
    if (isUnknown) this.#counts.unknown++
    else if (must && labels.size > 0) this.#add(gate, 'missed', about(), question)
  }

  #proveInvariants(question: Question): void {
    const { requester, action, resource } = question
    const rules: (readonly [GateName, InvariantRule])[] = namesOf(requester).map((principal) => [
      'never',
      { type: 'never', principals: [principal] },
    ])
    if (requester.kind !== 'own root')
      rules.push(
        ['nobody', { type: 'nobody' }],
        ['only', { type: 'only', principals: [SOMEBODY] }],
      )
    for (const [gate, rule] of rules) {
      const proof = this.#gates.invariant(action, resource, rule)
      this.#listProof(gate, proof, question)
      if (!isCrash(proof)) this.#holdsNot(gate, proof, question, gate !== 'never')
    }
  }

  #askWho(question: Question): void {
    const { requester, action, resource } = question
    const proof = this.#gates.whoMay(action, resource)
    this.#listProof('whoMay', proof, question)
    this.#holdsNot('whoMay', proof, question)
    let grants: readonly { readonly principal: string; readonly decision: string }[]
    try {
      grants = this.#after.evaluator.whoCan({ action, resource, context: new Map() }).grants
    } catch (error) {
      return this.#crash('whoCan', error instanceof Error ? error.message : String(error), question)
    }
    const names = new Set(grants.map(({ principal }) => principal))
    const isListed =
      [...requester.labels].some((label) => names.has(label) || names.has(label.replace(/^(?:service|federated):/, ''))) ||
      (!isOwn(requester) && names.has('*'))
    if (!isListed && requester.kind !== 'own federated user')
      this.#add('whoCan', 'missed', `${requester.kind}${tagged(question)}${this.#placeOf(question)}, ${allowedBy(this.#after.reasonsOf(question))}`, question)
    const always = new Set(
      grants
        .filter(({ decision, principal }) => decision === 'allow' && principal.startsWith('arn:'))
        .map(({ principal }) => principal.split(':')[4] ?? ''),
    )
    if (/:s3:::/.test(resource) && this.#ownerOf(resource) === null && always.size > 1)
      this.#add('whoCan', 'inconsistent', 'two owners of one bucket', question)
    if (isCrash(proof)) return
    const forms = new Set([...proof.value.violations, ...proof.value.unknown].flatMap(({ principals }) => principals))
    for (const { principal, decision } of grants)
      if (principal.startsWith('arn:') && decision !== 'unknown' && !forms.has(principal) && this.#isEntity(principal))
        this.#add('whoMay', 'inconsistent', `who-can of one resource says ${decision}, and the pattern nothing`, question)
    for (const { principals, isPotential } of proof.value.violations)
      for (const each of principals)
        if (!isPotential && !names.has(each) && this.#isEntity(each))
          this.#add('whoMay', 'inconsistent', 'the pattern lists somebody, and who-can of one resource nobody', question)
  }

  #isEntity(arn: string): boolean {
    return this.#everybody.some(({ kind, after }) => after === arn && /^own (?:user|role)$/.test(kind))
  }

  #ownerOf(resource: string): string | null {
    for (const [arn, { account }] of Object.entries(this.#pair.after.resources ?? {}))
      if (resource === arn || resource.startsWith(`${arn}/`)) return account
    return null
  }

  /** Where it is: a resource of an account that the project doesn't hold, a role, or elsewhere. */
  #placeOf({ resource, action }: Question): string {
    const owner = this.#ownerOf(resource)
    if (owner !== null && !this.#gates.accounts.includes(owner)) return ' on a resource of no account of ours'
    return /^sts:/.test(action) ? ` on a role (${action.slice(4)})` : ''
  }

  #listDiff(): void {
    const diff = this.#gates.diff()
    if (isCrash(diff)) return this.#crash('diff', diff.crash, null)
    for (const direction of ['gained', 'lost'] as const) {
      const [allowing, denying] = direction === 'gained' ? [this.#after, this.#before] : [this.#before, this.#after]
      for (const entry of diff.value[direction]) {
        this.#counts.listed++
        this.#list('diff', entry, allowing, denying, direction, null)
      }
      for (const each of doubled(diff.value[direction])) this.#add('diff', 'inconsistent', each, null)
    }
    const diffs = this.#gates.diffs()
    if (!isCrash(diffs)) for (const each of diffs.value) this.#checkVerdict('diff', each)
    for (const { rule, principals, witness } of diff.value.escalations)
      if (rule === 'public' && witness.context.get('aws:PrincipalOrgID')?.[0] === 'o-a1b2c3d4e5' && principals.includes('account:*') && this.#pair.after.organization != null)
        this.#add('diff', 'wrong', 'an escalation to anybody by our own organization', null)
  }

  /** Of two documents, whoever holds them: what is listed must be real, and its verdict proved in the typed tier. */
  #listPolicyDiff(): void {
    const [old, now] = [this.#pair.before, this.#pair.after].map(({ accounts }) => accounts[HOME]?.users?.al?.policy)
    if (old === undefined || now === undefined || printed(old) === printed(now)) return
    const diff = this.#gates.policyDiff(old, now)
    if (isCrash(diff)) return this.#crash('policyDiff', diff.crash, null)
    this.#checkVerdict('policyDiff', diff.value)
    for (const entry of [...diff.value.gained, ...diff.value.lost]) {
      const unreal = entry.tier === 'typed' ? contradictionIn(entry.witness, { accounts: {} }) : null
      if (unreal !== null)
        this.#faults.push({
          gate: 'policyDiff',
          way: 'unreal',
          about: unreal,
          pair: this.#pair,
          question: null,
          detail: printed(entry.witness),
        })
    }
  }

  #checkVerdict(gate: GateName, { verdict, gained, lost }: AccessDiff): void {
    const isProved = (entries: readonly AccessEntry[]) => entries.some(({ tier }) => tier === 'typed')
    if (/gained|both/.test(verdict) && !isProved(gained))
      this.#add(gate, 'inconsistent', 'a pattern or future entry decides that something is gained', null)
    if (/lost|both/.test(verdict) && !isProved(lost))
      this.#add(gate, 'inconsistent', 'a pattern or future entry decides that something is lost', null)
  }

  #listed = new WeakSet<Proof>()

  #listProof(gate: GateName, answer: Answer<Proof>, question: Question | null): void {
    if (isCrash(answer)) return this.#crash(gate, answer.crash, question)
    if (this.#listed.has(answer.value)) return
    this.#listed.add(answer.value)
    for (const entry of answer.value.violations) {
      this.#counts.listed++
      this.#list(gate, entry, this.#after, null, 'allowed', question)
    }
  }

  #list(gate: GateName, entry: AccessEntry, allowing: Oracle, denying: Oracle | null, direction: string, question: Question | null): void {
    for (const { way, about, detail } of problemsOf(entry, allowing, denying, this.#everybody))
      this.#faults.push({ gate, way, about: `${direction} ${about}`, pair: this.#pair, question, detail })
  }

  #crash(gate: GateName, message: string, question: Question | null): void {
    const about = messageForm(message)
    if (this.#crashed.has(`${gate} ${about}`)) return
    this.#crashed.add(`${gate} ${about}`)
    this.#faults.push({ gate, way: 'crash', about, pair: this.#pair, question, detail: message })
  }

  #add(gate: GateName, way: Fault['way'], about: string, question: Question | null): void {
    this.#faults.push({
      gate,
      way,
      about,
      pair: this.#pair,
      question,
      detail:
        question === null
          ? ''
          : `${question.requester.after ?? question.requester.before} ${question.action} ${question.resource} ${JSON.stringify([...question.context])}`,
    })
  }
}

const tagged = ({ sessionTags }: Question) => (sessionTags === undefined ? '' : ' with session tags')

const SOMEBODY: InvariantPrincipal = {
  text: 'user/nobody',
  kind: 'user',
  id: 'arn:aws:iam::111122223333:user/nobody',
}

/** The ways in which an invariant may name somebody: itself, and its account. */
function namesOf({ kind, after, account }: Requester): readonly InvariantPrincipal[] {
  if (after === null) return []
  const named = (of: InvariantPrincipal['kind'], id: string): InvariantPrincipal => ({ text: id, kind: of, id })
  const accounts =
    account !== null && /^(?:named|stranger|member)/.test(kind) ? [named('account', account), named('account', '*')] : []
  const form = kind.split(' ').at(-1)
  switch (kind) {
    case 'anonymous':
      return [named('anonymous', '*')]
    case 'service':
      return [named('service', after)]
    case 'provider':
      return [named('federated', after.replace(/^federated:/, ''))]
    case 'canonical user':
    case 'unique id':
    case 'principal of another partition':
      return []
    default:
      if (after.includes(':assumed-role/'))
        return [named('session', after), named('role', after.replace(/:sts:/, ':iam:').replace(/assumed-role\/([^/]+)\/.*/, 'role/$1')), ...accounts]
      if (after.includes(':federated-user/')) return [named('session', after), ...accounts]
      return [named(form === 'root' ? 'root' : after.includes(':user/') ? 'user' : after.includes(':root') ? 'root' : 'role', after), ...accounts]
  }
}

const isTold = (principals: readonly string[], { labels }: Requester): boolean =>
  principals.some((label) => labels.has(label))

const hasAction = (actions: readonly string[], action: string): boolean => {
  const lower = action.toLowerCase()
  return actions.some((each) => each.toLowerCase() === lower || each === '*')
}

function coverageIn(
  entries: readonly AccessEntry[],
  { unknown }: AccessDiff,
  direction: 'gained' | 'lost',
  { requester, action }: Question,
): 'listed' | 'unknown' | 'missed' {
  if (entries.some(({ principals, actions }) => isTold(principals, requester) && hasAction(actions, action)))
    return 'listed'
  return unknown.some((each) => each.direction === direction && isTold(each.principals, requester))
    ? 'unknown'
    : 'missed'
}

/** Entries of the tier `pattern` beside typed ones of the same statement. */
function* doubled(entries: readonly AccessEntry[]): Iterable<string> {
  const keyOf = ({ policy, sid, principals, source }: AccessEntry, action: string) =>
    JSON.stringify([policy, sid, source, principals, action])
  const typed = new Set(
    entries.filter(({ tier }) => tier === 'typed').flatMap((entry) => entry.actions.map((each) => keyOf(entry, each))),
  )
  for (const entry of entries)
    if (entry.tier === 'pattern' && entry.sid !== null && entry.actions.some((each) => typed.has(keyOf(entry, each)))) {
      yield 'a pattern entry beside a typed one of the same statement'
      return
    }
}
