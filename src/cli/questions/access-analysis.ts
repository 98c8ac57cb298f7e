import type { AccessDiff } from '../../access/access-diff.ts'
import type { OutsideTrust, Probe, Proof } from '../../access/analysis.ts'
import type { EscalationReport } from '../../access/escalation/escalation.ts'
import type { InvariantProver, OpenProver } from '../../checks/invariant-prover.ts'
import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import type { AccountFacts } from '../../evaluator/estate/account-policies.ts'
import type { Invariant } from '../../manifest/desired.ts'
import type { Account, Estate, PlacedDocument } from '../../model/index.ts'
import { makeRoom } from '../opening/heap-room.ts'
import { stillWorking, withSignOfLife } from '../output/sign-of-life.ts'
import { endingAtOnce } from '../planning/early-signals.ts'

/** All questions about the access of everybody. What it remembers, it remembers by the identity of entities and documents. */
export interface AccessAnalysis {
  /**
   * Who gains and loses access between two states of the same accounts.
   * @param accounts ids: whose principals and resources are compared; the other accounts take part as facts
   * @returns one for each of `accounts`
   */
  diffEstates(
    before: Estate,
    after: Estate,
    accounts: readonly string[],
  ): Promise<ReadonlyMap<string, AccessDiff>>
  /** The same for whoever holds a policy, and nothing else. Entries have no principals. */
  diffPolicies(before: PlacedDocument, after: PlacedDocument): Promise<AccessDiff>
  /** Whether no principal of these accounts, nor anybody else on their resources, may do what the probe is about. */
  notGranted(estate: Estate, probe: Probe, accounts: readonly string[]): Promise<Proof>
  /** Whether nothing is public in these accounts, by S3's rules and by proof. */
  noPublicAccess(estate: Estate, accounts: readonly string[]): Promise<Proof>
  /** Whether nobody outside of the project may do anything in these accounts but who is trusted. */
  noOutsideAccess(estate: Estate, accounts: readonly string[], trust: OutsideTrust): Promise<Proof>
  /** Everybody who may do something of a form: one violation for each statement that grants it. */
  whoMay(estate: Estate, probe: Probe): Promise<Proof>
  /**
   * What power somebody of these accounts can come to.
   * @param from label of whom to look at; null: everybody
   */
  escalations(estate: Estate, accounts: readonly string[], from: string | null): Promise<EscalationReport>
  /** The same, where it couldn't be come to in another state. */
  newEscalations(before: Estate, after: Estate, accounts: readonly string[]): Promise<EscalationReport>
  proveInvariant(estate: Estate, invariant: Invariant, account: Account): Promise<Proof>
}

export type OpenAnalysis = (facts: AccountFacts) => Promise<AccessAnalysis>

/** What it takes is loaded when it is first opened: most commands need none of it. */
export const openAnalysis: OpenAnalysis | null = async (facts) => {
  const [{ createAccessAnalyzer }, { proveInvariant }] = await Promise.all([
    import('../../access/analyzer.ts'),
    import('../../checks/prove-invariant.ts'),
  ])
  const analyzer = await createAccessAnalyzer(facts, () => {
    makeRoom()
    stillWorking()
  })
  return {
    diffEstates: (before, after, accounts) => long(() => analyzer.diffEstates(before, after, accounts)),
    diffPolicies: (before, after) => long(() => analyzer.diffPolicies(before, after)),
    notGranted: (estate, probe, accounts) => long(() => analyzer.notGranted(estate, probe, accounts)),
    noPublicAccess: (estate, accounts) => long(() => analyzer.noPublicAccess(estate, accounts)),
    noOutsideAccess: (estate, accounts, trust) =>
      long(() => analyzer.noOutsideAccess(estate, accounts, trust)),
    whoMay: (estate, probe) => long(() => analyzer.whoMay(estate, probe)),
    escalations: (estate, accounts, from) => long(() => analyzer.escalations(estate, accounts, from)),
    newEscalations: (before, after, accounts) => long(() => analyzer.newEscalations(before, after, accounts)),
    proveInvariant: (estate, invariant) => long(() => proveInvariant(analyzer, estate, invariant)),
  }
}

const long = <T>(work: () => T): Promise<T> => endingAtOnce(() => withSignOfLife(work))

/** Opens an analysis when it is first asked for, once; null: there is none. */
export type LazyAnalysis = (() => Promise<AccessAnalysis>) | null

export function lazyAnalysis(facts: AccountFacts, open: OpenAnalysis | null = openAnalysis): LazyAnalysis {
  if (open === null) return null
  let analysis: Promise<AccessAnalysis> | null = null
  return () => {
    analysis ??= open(facts)
    return analysis
  }
}

/** @throws DiagnosticError when there is none */
export async function requiredAnalysis(
  facts: AccountFacts,
  open: OpenAnalysis | null,
): Promise<AccessAnalysis> {
  if (open !== null) return open(facts)
  throw new DiagnosticError(
    errorOf({
      code: 'cli.not-supported-yet',
      message: 'this version can not tell who gains and loses access',
      help: 'a later version can; `iam-sync who-can` says who may do one thing',
    }),
  )
}

/** What proves invariants. */
export const proverOf = (analysis: LazyAnalysis): OpenProver | null =>
  analysis === null
    ? null
    : async (estate): Promise<InvariantProver> => {
        const opened = await analysis()
        return { prove: (invariant, account) => opened.proveInvariant(estate, invariant, account) }
      }
