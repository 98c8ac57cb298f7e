// One pair of estates: its questions decided by brute force, and looked up in the answers of every gate.
import type { OutsideTrust, Proof } from '../../src/access/analysis.ts'
import type { AccessAnalyzer } from '../../src/access/analyzer.ts'
import type { AccountFacts } from '../../src/evaluator/estate/account-policies.ts'
import { impliedActions } from '../../src/evaluator/estate/call-rules.ts'
import type { Grant } from '../../src/evaluator/estate/who-can.ts'
import { constantsIn, drawnContexts } from './contexts.ts'
import type { Decided, StateName } from './decided.ts'
import { allowedBy, whoIs } from './describe.ts'
import { readWider } from './draw-doubts.ts'
import type { EstatePair, EstateSpec } from './estate-spec.ts'
import { evaluatorFaults } from './evaluator-rules.ts'
import { type Fault, type GateName, printed } from './faults.ts'
import { FederatedSessions } from './federated-sessions.ts'
import { type Counts, Findings, noCounts } from './findings.ts'
import { type Answer, Gates, isCrash, tried } from './gates.ts'
import { deniedInExample } from './grant-checks.ts'
import { NOBODY, namesOf } from './invariant-names.ts'
import { ListingChecks } from './listing-checks.ts'
import { isAbout, labelsOf, lookUp } from './lookups.ts'
import { standsSomewhere } from './members.ts'
import { Oracle } from './oracle.ts'
import { drawTrust, isFromOutside, isInsider } from './outside-trust.ts'
import type { Question } from './questions.ts'
import { isOwn, type Requester, requestersOf } from './requesters.ts'
import { isOfAStranger } from './strangers.ts'

/** Questions of each pair, at most, of which each gate that takes one is asked; who-can of one resource is of all. */
const MOST_INVARIANTS = 10
const MOST_WHO = 3
/** Contexts of a request that may start a session with tags. */
const STARTS_TRIED = 24
const OTHERWISE = 'by another reading of an open rule'

export async function checkPair(
  pair: EstatePair,
  questions: readonly Question[],
  analyzer: AccessAnalyzer,
  facts: AccountFacts,
  counts: Counts = noCounts(),
): Promise<readonly Fault[]> {
  const findings = new Findings(pair, counts)
  const gates = new Gates(analyzer, pair)
  const constants = constantsIn(pair)
  const oracleOf = (state: StateName, spec: EstateSpec) =>
    Oracle.of(state, spec, facts, (asked) => drawnContexts(asked, constants, pair, STARTS_TRIED))
  const before = await oracleOf('before', pair.before)
  const after = await oracleOf('after', pair.after)
  const wider = await otherReading(before, after, oracleOf)
  new PairCheck(findings, gates, before, after, wider).run(questions)
  return findings.faults
}

interface OtherReading {
  readonly before: Oracle
  readonly after: Oracle
}

/** How both states are decided where rules that are open are read the way that grants more; null: nothing is open. */
async function otherReading(
  before: Oracle,
  after: Oracle,
  oracleOf: (state: StateName, spec: EstateSpec) => Promise<Oracle>,
): Promise<OtherReading | null> {
  const [old, now] = [readWider(before.spec), readWider(after.spec)]
  if (old === null && now === null) return null
  return {
    before: old === null ? before : await oracleOf('before', old),
    after: now === null ? after : await oracleOf('after', now),
  }
}

class PairCheck {
  readonly #findings: Findings
  readonly #gates: Gates
  readonly #before: Oracle
  readonly #after: Oracle
  readonly #wider: OtherReading | null
  readonly #everybody: readonly Requester[]
  readonly #listings: ListingChecks
  readonly #trust: OutsideTrust
  readonly #federated: FederatedSessions
  readonly #asksWhereTheyStand: boolean
  /** Who may do it, by action and resource. */
  readonly #who = new Map<string, Answer<readonly Grant[]>>()

  constructor(findings: Findings, gates: Gates, before: Oracle, after: Oracle, wider: OtherReading | null) {
    this.#wider = wider
    this.#findings = findings
    this.#gates = gates
    this.#before = before
    this.#after = after
    this.#everybody = requestersOf(findings.pair)
    this.#trust = drawTrust(findings.pair)
    this.#asksWhereTheyStand = constantsIn(findings.pair).has('aws:principalorgpaths')
    this.#federated = new FederatedSessions(findings.pair, this.#everybody)
    this.#listings = new ListingChecks(findings, before, after, this.#everybody)
  }

  run(questions: readonly Question[]): void {
    const constants = constantsIn(this.#findings.pair)
    let invariants = 0
    let who = 0
    const denied: Question[] = []
    this.#listings.checkDiff(this.#gates)
    this.#listings.checkPolicyDiff(this.#gates)
    this.#listings.checkProof('noPublicAccess', this.#gates.noPublicAccess(), null)
    this.#checkOutside()
    for (const question of questions) {
      this.#findings.counts.questions++
      const was = this.#decide(this.#before, question)
      const is = this.#decide(this.#after, question)
      if (was === null || is === null) continue
      this.#lookUpInDiff(question, was, is)
      for (const each of evaluatorFaults(question, this.#after, is))
        this.#findings.add('evaluator', 'inconsistent', each, question)
      if (is === 'deny') {
        this.#lookUpOtherwise(question)
        denied.push(question)
      }
      if (is !== 'allow' || isOfOwnRoles(question, this.#after.spec)) continue
      if (isOfAStranger(question, constants)) this.#expectPublic(question)
      if (isFromOutside(question, this.#trust, this.#after.spec, constants)) this.#expectOutside(question)
      if (question.requester.kind !== 'own root')
        this.#expectListed('notGranted', this.#gates.notGranted(question.action, '*'), question)
      if (invariants++ < MOST_INVARIANTS) this.#proveInvariants(question)
      if (question.resource !== '*') {
        const grants = this.#expectInWho(question)
        if (grants !== null && who++ < MOST_WHO) this.#askWho(question, grants)
      }
    }
    for (const question of denied) this.#expectNoDenial(question)
  }

  #decide(oracle: Oracle, question: Question): Decided | null {
    if (this.#asksWhereTheyStand && standsSomewhere(question, oracle.spec)) return 'undecided'
    // Whose it is doesn't change by its being written down.
    const { resource } = question
    const other = oracle === this.#before ? this.#after : this.#before
    const owner =
      ownerIn(oracle.spec, resource) === null ? (ownerIn(other.spec, resource) ?? undefined) : undefined
    const decided = tried(() =>
      this.#federated.isThere(question.requester, oracle)
        ? oracle.decide(question, this.#everybody, owner)
        : this.#federated.decideAbsent(question, oracle, other, owner),
    )
    if (!isCrash(decided)) return decided.value
    this.#findings.crash('evaluator', decided.crash, question)
    return null
  }

  #lookUpInDiff(question: Question, was: Decided, is: Decided): void {
    const isGained =
      is === 'allow' && (was === 'deny' || (was === 'undecided' && this.#isNewToThem(question)))
    const isLost = was === 'allow' && is === 'deny'
    // Root may do everything, whatever anybody writes: the diff doesn't tell of it.
    if ((!isGained && !isLost) || question.requester.kind === 'own root') return
    // Whoever has credentials may make these calls: a comparison doesn't tell of them.
    if (/^sts:get(?:calleridentity|sessiontoken)$/i.test(question.action)) return
    if (this.#changesHands(question)) return
    const [allowing, denying] = isGained ? [this.#after, this.#before] : [this.#before, this.#after]
    if (denying.allowsWithTagsOf(allowing, question, this.#everybody)) return
    const diff = this.#gates.diff()
    if (isCrash(diff)) return
    const direction = isGained ? 'gained' : 'lost'
    const unknown = diff.value.unknown.filter((each) => each.direction === direction)
    const found = lookUp(question, diff.value[direction], unknown)
    this.#count(found)
    if (found !== 'missed') return
    this.#findings.add('diff', 'missed', `${direction} by ${this.#wordsFor(question, allowing)}`, question)
  }

  /** What only another reading of an open rule allows passes no gate. */
  #lookUpOtherwise(question: Question): void {
    if (this.#wider === null || question.requester.kind === 'own root') return
    const { before, after } = this.#wider
    if (this.#decide(after, question) !== 'allow') return
    const proof = this.#gates.notGranted(question.action, '*')
    if (!isCrash(proof)) this.#holdsNot('notGranted', proof.value, question, isAbout, OTHERWISE)
    const diff = this.#gates.diff()
    if (isCrash(diff) || this.#changesHands(question) || this.#decide(before, question) !== 'deny') return
    const unknown = diff.value.unknown.filter(({ direction }) => direction === 'gained')
    if (lookUp(question, diff.value.gained, unknown) === 'missed')
      this.#findings.add('diff', 'missed', `gained ${OTHERWISE}`, question)
  }

  /** Of another account in one state, and of nobody who is known in the other: whose it is there isn't known. */
  #changesHands({ requester, resource }: Question): boolean {
    const [old, now] = [this.#before, this.#after].map(({ spec }) => ownerIn(spec, resource))
    return (
      isOwn(requester) &&
      old !== now &&
      [old, now].some((owner) => owner !== null && owner !== requester.account)
    )
  }

  /** Declared after, and not before: whoever isn't of its account had no known access, unless it was their tags that aren't known. */
  #isNewToThem({ requester, resource }: Question): boolean {
    if (this.#before.mayNeedTags(requester, this.#everybody)) return false
    if (isOwn(requester) && requester.account === ownerIn(this.#after.spec, resource)) return false
    const covers = (arn: string) => resource === arn || resource.startsWith(`${arn}/`)
    const [old, now] = [this.#before, this.#after].map(({ spec: { resources = {} } }) =>
      Object.keys(resources).some(covers),
    )
    return now === true && old === false
  }

  #expectPublic(question: Question): void {
    const proof = this.#gates.noPublicAccess()
    if (isCrash(proof)) return
    // Of each who is let in some request is told, not every one.
    this.#holdsNot('noPublicAccess', proof.value, question, () => true)
  }

  /** What is told of is allowed, and nobody who is told of is inside. */
  #checkOutside(): void {
    const proof = this.#gates.noOutsideAccess(this.#trust)
    this.#listings.checkProof('noOutsideAccess', proof, null)
    if (isCrash(proof)) return
    const { violations, notes = [] } = proof.value
    for (const { principals } of violations)
      for (const label of principals)
        if (isInsider(label, this.#trust, this.#after.spec))
          this.#findings.add('noOutsideAccess', 'wrong', `${whoIs(label)} is inside`, null, label)
    for (const { principals } of notes)
      if (this.#trust.services === 'untrusted' || !principals.every((label) => label.startsWith('service:')))
        this.#findings.add('noOutsideAccess', 'wrong', 'a note that is none is inside', null)
  }

  #expectOutside(question: Question): void {
    const proof = this.#gates.noOutsideAccess(this.#trust)
    if (isCrash(proof)) return
    // Of a statement that lets in others too, its services aren't told of besides.
    if (question.requester.kind === 'service' && proof.value.holds !== true) return
    this.#holdsNot('noOutsideAccess', proof.value, question, () => true)
  }

  #expectListed(gate: GateName, answer: Answer<Proof>, question: Question): void {
    this.#listings.checkProof(gate, answer, question)
    if (!isCrash(answer)) this.#holdsNot(gate, answer.value, question, isAbout)
  }

  #holdsNot(
    gate: GateName,
    proof: Proof,
    question: Question,
    isCovered: typeof isAbout,
    about = this.#wordsFor(question, this.#after),
  ): void {
    const found = lookUp(question, proof.violations, proof.unknown, isCovered)
    this.#count(found)
    if (proof.holds !== true && found !== 'missed') return
    // An invariant stops at the first of those whom it names.
    if (proof.holds !== true && gate === 'never') return
    const way = proof.holds === true ? 'held' : 'missed'
    this.#findings.add(gate, way, about, question)
  }

  #proveInvariants(question: Question): void {
    const { requester, action, resource } = question
    for (const principal of namesOf(requester))
      this.#expectListed(
        'never',
        this.#gates.invariant(action, resource, { type: 'never', principals: [principal] }),
        question,
      )
    if (requester.kind === 'own root') return
    this.#expectListed('nobody', this.#gates.invariant(action, resource, { type: 'nobody' }), question)
    this.#expectListed(
      'only',
      this.#gates.invariant(action, resource, { type: 'only', principals: [NOBODY] }),
      question,
    )
    const given = new Map([...question.context].filter(([key]) => OF_THE_REQUEST.test(key)))
    if (given.size > 0)
      this.#expectListed(
        'nobody',
        this.#gates.invariant(action, resource, { type: 'nobody' }, given),
        question,
      )
  }

  /** @returns everybody who is listed; null: nobody, since it crashed */
  #expectInWho(question: Question): readonly Grant[] | null {
    const { requester, action, resource } = question
    const key = `${action} ${resource}`
    let asked = this.#who.get(key)
    if (asked === undefined) {
      asked = tried(() => this.#after.evaluator.whoCan({ action, resource, context: new Map() }).grants)
      this.#who.set(key, asked)
      if (isCrash(asked)) this.#findings.crash('whoCan', asked.crash, question)
      else this.#expectAllowed(asked.value, question)
    }
    if (isCrash(asked)) return null
    const names = new Set(asked.value.map(({ principal }) => principal))
    const isListed =
      [...labelsOf(question)].some(
        (label) => names.has(label) || names.has(label.replace(/^service:/, '')),
      ) ||
      (!isOwn(requester) && names.has('*'))
    if (!isListed && requester.kind !== 'own federated user')
      this.#findings.add('whoCan', 'missed', this.#wordsFor(question, this.#after), question)
    return asked.value
  }

  #expectAllowed(grants: readonly Grant[], question: Question): void {
    const denied = deniedInExample(grants, question, this.#after, this.#everybody)
    for (const { requester, context } of denied) {
      const { kind, after } = requester
      const detail = `${after} ${question.action} ${question.resource} ${printed([...context])}`
      this.#findings.add('whoCan', 'wrong', `${kind} is denied in the example`, question, detail)
    }
  }

  /** Whoever may in any context isn't denied in this one. */
  #expectNoDenial(question: Question): void {
    const { requester, action, resource, context, sessionTags } = question
    const asked = this.#who.get(`${action} ${resource}`)
    if (asked === undefined || isCrash(asked) || sessionTags !== undefined) return
    // What temporary credentials of a user can't call is left to whoever has others.
    if (context.has('aws:tokenissuetime') && /^(?:iam|sts):/i.test(action)) return
    // Who passes something along of which no policy speaks may be kept from that alone.
    if (impliedActions({ principal: '', action, resource, context }).length > 0) return
    const grant = asked.value.find(({ principal }) => principal === requester.after)
    if (grant?.decision === 'allow' && requester.parent === undefined)
      this.#findings.add('whoCan', 'wrong', `${requester.kind} is denied, and may in any context`, question)
  }

  #askWho(question: Question, grants: readonly Grant[]): void {
    const { action, resource } = question
    const proof = this.#gates.whoMay(action, resource)
    this.#expectListed('whoMay', proof, question)
    const names = new Set(grants.map(({ principal }) => principal))
    this.#expectOneOwner(grants, question)
    if (!isCrash(proof)) this.#expectSameAnswer(names, grants, proof.value, question)
  }

  /** A bucket belongs to one account, whoever asks. */
  #expectOneOwner(grants: readonly Grant[], question: Question): void {
    const { resource } = question
    if (!resource.includes(':s3:::') || this.#ownerOf(resource) !== null) return
    const always = grants.filter(({ decision }) => decision === 'allow').map(({ principal }) => principal)
    if (new Set(always.map((principal) => principal.split(':')[4])).size > 1)
      this.#findings.add('whoCan', 'inconsistent', 'two owners of one bucket', question)
  }

  /** The question about one resource, and the one about a pattern that is that resource. */
  #expectSameAnswer(
    names: ReadonlySet<string>,
    grants: readonly Grant[],
    { violations, unknown }: Proof,
    question: Question,
  ): void {
    const isEntity = (arn: string) =>
      this.#everybody.some(({ kind, after }) => after === arn && /^own (?:user|role)$/.test(kind))
    const told = new Set([...violations, ...unknown].flatMap(({ principals }) => principals))
    for (const { principal, decision, conditions } of grants)
      if (decision !== 'unknown' && isEntity(principal) && !told.has(principal) && !isOfTags(conditions))
        this.#findings.add(
          'whoMay',
          'inconsistent',
          `who-can of one resource says ${decision}, and the pattern nothing`,
          question,
        )
    for (const { principals, isPotential, witness } of violations)
      if (
        !isPotential &&
        !isOfAnotherTime(witness.context) &&
        principals.some((each) => isEntity(each) && !names.has(each))
      )
        this.#findings.add(
          'whoMay',
          'inconsistent',
          'the pattern lists somebody, and who-can of one resource nobody',
          question,
        )
  }

  #count(found: ReturnType<typeof lookUp>): void {
    this.#findings.counts.lookedUp++
    if (found === 'unknown') this.#findings.counts.unknown++
  }

  /** Who asks, where, and what allows it. */
  #wordsFor(question: Question, oracle: Oracle): string {
    const { requester, sessionTags, resource, action } = question
    const owner = this.#ownerOf(resource)
    const place =
      owner !== null && !this.#gates.accounts.includes(owner)
        ? ' on a resource of no account of ours'
        : action.startsWith('sts:')
          ? ` on a role (${action.slice(4)})`
          : ''
    const tags = sessionTags === undefined ? '' : ' with session tags'
    return `${requester.kind}${tags}${place}, ${allowedBy(oracle.reasonsOf(question))}`
  }

  #ownerOf(resource: string): string | null {
    return ownerIn(this.#after.spec, resource) ?? ownerIn(this.#before.spec, resource)
  }
}

/** By tags of a session: of a single request nobody asks who may pass them (docs/access.md, "Session tags"). */
const isOfTags = (conditions: Grant['conditions']): boolean =>
  [
    conditions?.example ?? {},
    ...[...(conditions?.when ?? []), ...(conditions?.unless ?? [])].flatMap(Object.values),
  ].some((keys) => Object.keys(keys).some((key) => /^aws:principaltag\//i.test(key)))

/**
 * Whether a provider of an account of ours asks, whom no policy of a resource names: who has a session by it has one of a role of that
 * account, and is asked about as that.
 */
const isOfOwnRoles = ({ requester, action }: Question, { accounts, resources }: EstateSpec): boolean =>
  requester.kind === 'provider' &&
  !action.startsWith('sts:') &&
  (/^arn:[^:]*:iam::(\d{12}):/.exec(requester.after ?? '')?.[1] ?? '') in accounts &&
  !JSON.stringify(resources ?? {}).includes(JSON.stringify(requester.after))

/** What a claim may give of its requests: nothing that says who makes them, or what they are about. */
const OF_THE_REQUEST =
  /^(?:aws:(?:sourceip|sourcevpce?|securetransport|requesttag\/.*|requestedregion|useragent|referer)|s3:.*)$/i

/** Of one request it is asked now, by a session that has just begun; by a pattern at any time. */
const isOfAnotherTime = (context: Question['context']): boolean =>
  [...context.keys()].some((key) => /^aws:(?:currenttime|epochtime|tokenissuetime)$/i.test(key))

function ownerIn({ resources = {} }: EstateSpec, resource: string): string | null {
  for (const [arn, { account }] of Object.entries(resources))
    if (resource === arn || resource.startsWith(`${arn}/`)) return account
  return null
}
