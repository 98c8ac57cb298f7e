import { type ActionFacts, loadActions } from '../catalog/actions.ts'
import { tagKeysIn } from '../catalog/resource-tag-keys.ts'
import type { AccountFacts, TagKeysOf } from '../evaluator/estate/account-policies.ts'
import { ParsedDocuments } from '../evaluator/estate/parsed-documents.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../evaluator/policy-evaluator.ts'
import { declaredFor, type Estate, type PlacedDocument, parseArn } from '../model/index.ts'
import type { AccessDiff } from './access-diff.ts'
import type { AccessEntry } from './access-entry.ts'
import { withCallsWithoutPolicy } from './actions/calls-without-policy.ts'
import type { OutsideTrust, Probe, Proof } from './analysis.ts'
import { Comparer } from './diff/comparer.ts'
import { diffOf } from './diff/diff-of.ts'
import { compareEstates } from './diff/estate-diff.ts'
import { diffPolicies } from './diff/policy-diff.ts'
import { escalationsBetween } from './escalation/between.ts'
import type { EscalationReport } from './escalation/escalation.ts'
import { existingEscalations } from './escalation/existing.ts'
import { joinedReports, reportOf } from './escalation/report.ts'
import { EstateView } from './estate-view.ts'
import {
  type Certainty,
  type Exploration,
  type ExploredBy,
  explore,
  isAboutOneOwner,
  proofOf,
  questionOf,
} from './explore.ts'
import { joinedProofs } from './outsiders/joined-proofs.ts'
import { withKnownOrganization } from './outsiders/known-organization.ts'
import { inPartition, partitionsIn } from './partitions.ts'
import { assumeChains } from './principals/assume-chains.ts'
import type { ExaminedPrincipal } from './principals/examined-principal.ts'
import { proveNoOutsideAccess } from './public/no-outside-access.ts'
import { proveNoPublicAccess } from './public/no-public-access.ts'
import { Reasoner } from './reasoner.ts'
import {
  differenceBySeen,
  everybodyOf,
  needsOf,
  OUTSIDE_NEEDS,
  provedBySeen,
  reportBySeen,
} from './unseen.ts'
import { Decider } from './witness/decider.ts'

/** All questions about the access of everybody. What it finds out it remembers, by what it depends on. */
export class AccessAnalyzer {
  readonly #facts: AccountFacts
  readonly #actions: ActionFacts
  readonly #tagKeysOf: TagKeysOf
  readonly #evaluator: PolicyEvaluator
  readonly #assume: Pick<Exploration, 'assume'>
  readonly #documents = new ParsedDocuments()
  readonly #tools = new Map<string, Tools>()
  readonly #atRest: () => void

  constructor(facts: AccountFacts, actions: ActionFacts, evaluator: PolicyEvaluator, atRest: () => void) {
    this.#facts = facts
    this.#atRest = atRest
    this.#assume = facts.assume === undefined ? {} : { assume: facts.assume }
    this.#actions = actions
    this.#tagKeysOf = tagKeysIn(actions)
    this.#evaluator = evaluator
  }

  /**
   * Who gains and loses access between two states of the same accounts.
   * @param accounts ids: whose principals and resources are compared; the other accounts take part as facts
   * @returns one for each of `accounts`
   * @throws InvariantError when reasoning and evaluator disagree; DiagnosticError when a policy has no clear meaning
   */
  diffEstates(before: Estate, after: Estate, accounts: readonly string[]): ReadonlyMap<string, AccessDiff> {
    const diffs = new Map<string, AccessDiff>()
    const states = withKnownOrganization(before, after)
    for (const partition of partitionsIn(...states)) {
      const [old, now] = [inPartition(states[0], partition), inPartition(states[1], partition)]
      const ids = accounts.filter((id) =>
        [...old.accounts, ...now.accounts].some(({ account }) => account.id === id),
      )
      const concerned = new Set(ids)
      const comparison = {
        before: this.#viewOf(old, now.resources, now),
        after: this.#viewOf(now, old.resources),
        ...this.#toolsFor(partition),
        ...this.#assume,
      }
      const { collector, gainedEdges } = compareEstates(comparison, (account) => concerned.has(account))
      assumeChains(gainedEdges, comparison, collector)
      const escalating = escalationsBetween(comparison, this.#facts, concerned)
      for (const account of ids) {
        const isMeant = (principals: readonly string[], entry: AccessEntry | null) =>
          accountOf(principals, entry, concerned) === account
        const diff = diffOf(collector, (gained) => escalating.of(account, gained), isMeant)
        const unknown = escalating.unknown.filter(({ principals }) => isMeant(principals, null))
        const found = unknown.length === 0 ? diff : { ...diff, unknownEscalations: unknown }
        diffs.set(account, differenceBySeen(found, before, after, account))
      }
    }
    return new Map(accounts.flatMap((account) => [[account, diffs.get(account) ?? NO_CHANGES] as const]))
  }

  /** The same for whoever holds a policy, and nothing else. Entries have no principals. */
  diffPolicies(before: PlacedDocument, after: PlacedDocument): AccessDiff {
    const [old, now] = [before, after].map((document) =>
      this.#documents.identified('policy', document, 'identity'),
    )
    if (old === undefined || now === undefined) throw new TypeError('two policies are compared')
    return diffPolicies(old, now, this.#toolsFor('aws'))
  }

  /** Whether no principal of these accounts, nor anybody else on their resources, may do what the probe is about. */
  notGranted(estate: Estate, probe: Probe, accounts: readonly string[]): Proof {
    const proof = this.#prove(estate, probe, accounts, { isMeant: () => true, withRoot: false })
    return provedBySeen(proof, estate, needsOf(probe, this.#actions), everybodyOf(accounts))
  }

  /**
   * Whether nothing in these accounts is public by what trust policies and declared resource policies say: to nobody
   * anonymous, nobody of an account that no policy names, nobody of a provider that anybody can join; and not by S3's rules.
   */
  noPublicAccess(estate: Estate, accounts: readonly string[]): Proof {
    const concerned = new Set(accounts)
    const proof = this.#inEachPartition(estate, (exploration) =>
      proveNoPublicAccess(exploration, concerned, this.#facts.now),
    )
    return provedBySeen(proof, estate, OUTSIDE_NEEDS, ['account:*', 'anonymous'])
  }

  /** Whether nobody outside of the estate may do anything in these accounts but who is trusted. */
  noOutsideAccess(estate: Estate, accounts: readonly string[], trust: OutsideTrust): Proof {
    const concerned = new Set(accounts)
    const proof = this.#inEachPartition(estate, (exploration) =>
      proveNoOutsideAccess(exploration, concerned, trust, this.#facts.now),
    )
    return provedBySeen(proof, estate, OUTSIDE_NEEDS, ['account:*', 'anonymous'])
  }

  /**
   * What power somebody in these accounts can come to.
   * @param from label of whom to look at; absent: everybody
   */
  escalations(estate: Estate, accounts: readonly string[], from: string | null = null): EscalationReport {
    return this.newEscalations(null, estate, accounts, from)
  }

  /** The same, where it couldn't be come to before. @param before null: nothing could */
  newEscalations(
    before: Estate | null,
    after: Estate,
    accounts: readonly string[],
    from: string | null = null,
  ): EscalationReport {
    if (before !== null) return reportOf([...this.diffEstates(before, after, accounts).values()], from)
    const concerned = new Set(accounts)
    const report = joinedReports(
      partitionsIn(after).map((partition) =>
        existingEscalations(
          {
            view: this.#viewOf(inPartition(after, partition)),
            ...this.#toolsFor(partition),
            ...this.#assume,
          },
          this.#facts,
          { isConcerned: (account) => concerned.has(account), from },
        ),
      ),
    )
    return reportBySeen(report, after, accounts)
  }

  /**
   * Whether of those who are meant nobody may do what the probe is about, in all accounts.
   * @param isMeant whom it is about, by how findings call them
   * @param named whom it names, so that each is looked at by itself; and whether root users are looked at as well
   */
  nobodyMay(
    estate: Estate,
    probe: Probe,
    isMeant: (principal: ExaminedPrincipal) => boolean,
    named: Pick<ExploredBy, 'outsiders' | 'sessions'> & { readonly withRoot?: boolean } = {},
  ): Proof {
    const accounts = estate.accounts.map(({ account }) => account.id)
    const proof = this.#prove(estate, probe, accounts, { withRoot: false, ...named, isMeant })
    return provedBySeen(proof, estate, needsOf(probe, this.#actions), everybodyOf(accounts))
  }

  /** Everybody, root users as well, who may do something of a form: one entry for each statement that grants it. */
  whoMay(estate: Estate, probe: Probe): Proof {
    const accounts = estate.accounts.map(({ account }) => account.id)
    return this.#prove(estate, probe, accounts, { isMeant: () => true, withRoot: true }, 'listed')
  }

  #prove(
    estate: Estate,
    probe: Probe,
    accounts: readonly string[],
    by: Omit<ExploredBy, 'isConcerned'>,
    potential: Certainty['potential'] = 'unknown',
  ): Proof {
    const concerned = new Set(accounts)
    const mayBeOfOthers = estate.accounts.length > 1 && isAboutOneOwner(probe.resources)
    const isDeclared = (resource: string) => declaredFor(resource, estate.resources) !== null
    const certainty = {
      potential,
      isOwnerOpen: (resource: string) =>
        mayBeOfOthers && parseArn(resource)?.account === '' && !isDeclared(resource),
    }
    const exploredBy = {
      ...by,
      asked: [...probe.resources, ...[...probe.context.values()].flat()],
      isConcerned: (account: string) => concerned.has(account),
    }
    return this.#inEachPartition(estate, (exploration) => {
      const found = explore(
        exploration,
        () => questionOf(probe, exploration.reasoner, potential === 'listed' ? 'all' : 'any'),
        exploredBy,
      )
      return withCallsWithoutPolicy(proofOf(found, certainty), exploration, probe, exploredBy)
    })
  }

  /** Access never crosses partitions: what holds is what holds in each. */
  #inEachPartition(estate: Estate, prove: (exploration: Exploration) => Proof): Proof {
    return joinedProofs(
      partitionsIn(estate).map((partition) =>
        prove({
          view: this.#viewOf(inPartition(estate, partition)),
          ...this.#toolsFor(partition),
          ...this.#assume,
        }),
      ),
    )
  }

  #viewOf(estate: Estate, elsewhere?: Estate['resources'], later?: Estate): EstateView {
    return new EstateView(estate, this.#facts, this.#documents, this.#tagKeysOf, elsewhere, later)
  }

  #toolsFor(partition: string): Tools {
    let tools = this.#tools.get(partition)
    if (tools === undefined) {
      const reasoner = new Reasoner(this.#actions, partition)
      tools = {
        reasoner,
        comparer: new Comparer(reasoner, this.#facts.now, this.#atRest),
        decider: new Decider(this.#evaluator, this.#facts.now),
      }
      this.#tools.set(partition, tools)
    }
    return tools
  }
}

const NO_CHANGES: AccessDiff = { verdict: 'none', gained: [], lost: [], unknown: [], escalations: [] }

interface Tools {
  readonly reasoner: Reasoner
  readonly comparer: Comparer
  readonly decider: Decider
}

/**
 * Takes about 50 ms: the catalogue's actions and the evaluator are loaded.
 * @param atRest called again and again while much is compared, which may take minutes: nothing else can run meanwhile
 */
export async function createAccessAnalyzer(
  facts: AccountFacts,
  atRest: () => void = () => {},
): Promise<AccessAnalyzer> {
  const [actions, evaluator] = await Promise.all([loadActions(), createPolicyEvaluator()])
  return new AccessAnalyzer(facts, actions, evaluator, atRest)
}

/** The account whose diff an entry belongs to: that of its principals, or else of what they reach. */
function accountOf(
  principals: readonly string[],
  entry: AccessEntry | null,
  concerned: ReadonlySet<string>,
): string | null {
  const own = parseArn(principals[0] ?? '')?.account
  if (own !== undefined && concerned.has(own)) return own
  const owner = entry?.witness.resourceAccount ?? parseArn(entry?.witness.resource ?? '')?.account
  if (owner !== undefined && concerned.has(owner)) return owner
  const [first] = concerned
  return first ?? null
}
