import type { ActionSet } from '../../actions/action-set.ts'
import type { Exploration } from '../../explore.ts'
import { RENAMING_ACTIONS, TAGGING_ACTIONS } from '../ways/altering-actions.ts'
import { SHARING_ACTIONS } from '../ways/other-ways.ts'
import { PASS_ROLE, WAYS } from '../ways/ways.ts'
import { grantedBy } from './granted.ts'
import { type Holder, holderKey } from './holder.ts'
import type { HolderSides } from './holder-sides.ts'

/** Actions that some way needs. */
const ACTIONS: readonly string[] = [
  ...new Set([
    ...WAYS.flatMap(({ needs }) => needs.flat()),
    ...SHARING_ACTIONS,
    PASS_ROLE,
    ...Object.values(TAGGING_ACTIONS),
    ...Object.values(RENAMING_ACTIONS),
    'iam:CreateVirtualMFADevice',
    'iam:EnableMFADevice',
    'iam:CreateInstanceProfile',
    'iam:DeleteOpenIDConnectProvider',
    'iam:DeleteSAMLProvider',
  ]),
]

/** Which of the actions that ways need statements grant to whom, on anything: of the others nothing needs to be asked. */
export class PowerGrants {
  /** All actions that some way needs. */
  readonly wanted: ActionSet
  readonly #in: Exploration
  readonly #sides: HolderSides
  readonly #granted = new Map<string, ActionSet | null>()
  /** Whether an action is in a set, for the actions that are asked about again and again. */
  readonly #tests: ReadonlyMap<string, (set: ActionSet) => boolean>

  constructor(exploration: Exploration, sides: HolderSides) {
    this.#in = exploration
    this.#sides = sides
    const { actions } = exploration.reasoner
    this.wanted = actions.setOf({ negated: false, entries: ACTIONS })
    this.#tests = new Map(ACTIONS.map((action) => [action, actions.membershipOf(action)]))
  }

  /** Whether a statement grants an action to somebody, on anything, and no layer leaves it out as a whole. */
  has(holder: Holder, action: string): boolean {
    const id = holderKey(holder)
    let granted = this.#granted.get(id)
    if (granted === undefined) {
      granted = this.#speaksOfWays(holder) ? this.#grantedTo(holder) : null
      this.#granted.set(id, granted)
    }
    return granted !== null && this.#tests.get(action)?.(granted) === true
  }

  #grantedTo(holder: Holder): ActionSet {
    const sides = this.#sides
      .regionsOf(holder)
      .flatMap((region) => this.#sides.in(holder, region)?.now.side ?? [])
    return grantedBy(sides, this.wanted, this.#in.reasoner.actions)
  }

  /** Most hold no policy that is about any of the actions: nothing is reasoned about for them. */
  #speaksOfWays({ state }: Holder): boolean {
    const { actions } = this.#in.reasoner
    return (state.layers.identity ?? []).some(({ policy }) =>
      policy.statements.some(
        ({ effect, action }) => effect === 'Allow' && actions.haveCommon(actions.setOf(action), this.wanted),
      ),
    )
  }
}
