import { type ActionFacts, loadActions } from '../catalog/actions.ts'
import type { AccountFacts } from '../evaluator/estate/account-policies.ts'
import { ParsedDocuments } from '../evaluator/estate/parsed-documents.ts'
import { createPolicyEvaluator, type PolicyEvaluator } from '../evaluator/policy-evaluator.ts'
import { type Estate, parseArn } from '../model/index.ts'
import type { AccessDiff, AccessEntry, UnknownAccess } from './access-diff.ts'
import { Comparer } from './comparer.ts'
import { Decider } from './decider.ts'
import { compareEstates } from './estate-diff.ts'
import { EstateView } from './estate-view.ts'
import { Reasoner } from './reasoner.ts'

/** All questions about the access of everybody. What it finds out it remembers, by what it depends on. */
export class AccessAnalyzer {
  readonly #facts: AccountFacts
  readonly #actions: ActionFacts
  readonly #evaluator: PolicyEvaluator
  readonly #documents = new ParsedDocuments()
  readonly #tools = new Map<string, Tools>()

  constructor(facts: AccountFacts, actions: ActionFacts, evaluator: PolicyEvaluator) {
    this.#facts = facts
    this.#actions = actions
    this.#evaluator = evaluator
  }

  /**
   * Who gains and loses access between two states of the same accounts.
   * @param accounts ids: whose principals and resources are compared; the other accounts take part as facts
   * @returns one for each of `accounts`
   */
  diffEstates(before: Estate, after: Estate, accounts: readonly string[]): ReadonlyMap<string, AccessDiff> {
    const concerned = new Set(accounts)
    const tools = this.#toolsFor(before, after)
    const views = [this.#viewOf(before), this.#viewOf(after)] as const
    const { collector } = compareEstates({ before: views[0], after: views[1], ...tools }, (account) =>
      concerned.has(account),
    )
    const gained = collector.entries('gained')
    const lost = collector.entries('lost')
    const unknown = collector.unknown()
    return new Map(
      accounts.map((account) => {
        const isOf = (principals: readonly string[], entry: AccessEntry | null) =>
          accountOf(principals, entry, concerned) === account
        return [
          account,
          diffOf(
            gained.filter((entry) => isOf(entry.principals, entry)),
            lost.filter((entry) => isOf(entry.principals, entry)),
            unknown.filter(({ principals }) => isOf(principals, null)),
          ),
        ]
      }),
    )
  }

  #viewOf(estate: Estate): EstateView {
    return new EstateView(estate, this.#facts, this.#documents)
  }

  #toolsFor(...estates: readonly Estate[]): Tools {
    const [account] = estates.flatMap((estate) => estate.accounts)
    const partition = account?.account.partition ?? 'aws'
    let tools = this.#tools.get(partition)
    if (tools === undefined) {
      const reasoner = new Reasoner(this.#actions, partition)
      tools = { reasoner, comparer: new Comparer(reasoner), decider: new Decider(this.#evaluator) }
      this.#tools.set(partition, tools)
    }
    return tools
  }
}

interface Tools {
  readonly reasoner: Reasoner
  readonly comparer: Comparer
  readonly decider: Decider
}

export async function createAccessAnalyzer(facts: AccountFacts): Promise<AccessAnalyzer> {
  const [actions, evaluator] = await Promise.all([loadActions(), createPolicyEvaluator()])
  return new AccessAnalyzer(facts, actions, evaluator)
}

/** The account whose diff an entry belongs to: that of its principals, or else of what they reach. */
function accountOf(
  principals: readonly string[],
  entry: AccessEntry | null,
  concerned: ReadonlySet<string>,
): string | null {
  const own = parseArn(principals[0] ?? '')?.account
  if (own !== undefined && concerned.has(own)) return own
  return entry?.witness.resourceAccount ?? parseArn(entry?.witness.resource ?? '')?.account ?? null
}

function diffOf(
  gained: readonly AccessEntry[],
  lost: readonly AccessEntry[],
  unknown: readonly UnknownAccess[],
): AccessDiff {
  const verdict =
    unknown.length > 0
      ? 'unknown'
      : gained.length > 0
        ? lost.length > 0
          ? 'both'
          : 'gained'
        : lost.length > 0
          ? 'lost'
          : 'none'
  return { verdict, gained, lost, unknown, escalations: [] }
}
