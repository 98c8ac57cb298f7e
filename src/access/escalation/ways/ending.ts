import type { OrganizationNode } from '../../../model/index.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import type { EscalationClass } from '../escalation.ts'
import type { Holder } from '../powers/holder.ts'
import { type Narrowed, NOT_NARROWED } from '../powers/narrowed.ts'
import type { Power } from '../powers/powers.ts'
import { SHARING_ACTIONS } from './other-ways.ts'
import type { Way } from './way.ts'
import { waysTo } from './ways.ts'

/** Of whoever may do all that control policies leave: only these policies are left to take away. */
export function* endingControls(from: Holder, world: World): Iterable<Edge> {
  for (const edge of endingElsewhere(from, world)) if (edge.class === 'weakens-guardrail') yield edge
}

const CENTER = waysTo('identityCenter')
const ORGANIZATION = waysTo('organization')
const ROOT = waysTo('root')

/**
 * Each request names the task that root is borrowed for. By one of them root gets a password; the others look at its
 * credentials, delete them, or delete the policy of one bucket or queue.
 * @see AWS STS API Reference, AssumeRoot: TaskPolicyArn
 */
const asRoot = (partition: string | null): Narrowed => ({
  ...NOT_NARROWED,
  given: new Map([
    ['sts:taskpolicyarn', [`arn:${partition ?? 'aws'}:iam::aws:policy/root-task/IAMCreateRootUserPassword`]],
  ]),
})

/** Ways that end in no identity: in the organization, or in letting others in. */
export function* endingElsewhere(from: Holder, world: World): Iterable<Edge> {
  const { powers, view } = world
  const { organization } = view.estate
  const isManaging = organization === null ? null : organization.managementAccount === from.account
  const end = (
    way: Way,
    held: readonly Power[],
    of: Pick<Edge, 'isPotential'> & { readonly weight: number; readonly class: EscalationClass },
  ): readonly Edge[] => {
    const [first, ...besides] = held
    if (first === undefined) return []
    const steps = [stepBy(way, from, null, [first, ...besides])]
    return [{ steps, power: first, to: null, target: null, undeclared: null, ...of }]
  }
  for (const way of CENTER) {
    const held = powers.allOf(from, way.needs)
    // Whether an account administrates IAM Identity Center for the organization isn't known.
    const of = { class: 'administrator', weight: 85, isPotential: isManaging !== true } as const
    if (held !== null) yield* end(way, held, of)
  }
  for (const way of ROOT) {
    const held = isManaging === false ? null : powers.allOf(from, way.needs, () => asRoot(view.partition))
    const of = { class: 'administrator', weight: 85, isPotential: isManaging === null } as const
    if (held !== null) yield* end(way, held, of)
  }
  for (const way of ORGANIZATION) {
    const isAble = isManaging === null || isManaging === (way.reaches.from === 'management')
    const isOpen = way.isUnderLists !== true || (organization !== null && hasLists(organization.root))
    const held = isAble && isOpen ? powers.allOf(from, way.needs) : null
    const of = { class: 'weakens-guardrail', weight: 70, isPotential: isManaging === null } as const
    if (held !== null) yield* end(way, held, of)
  }
  // Of others it is their own affair; of a difference what is gained says it.
  const isSaid = !world.isListed || from.credentials !== 'own' || from.altered !== ''
  for (const action of isSaid ? [] : SHARING_ACTIONS) {
    const power = powers.anyOf(from, [action])
    const way: Way = {
      id: action,
      needs: [[action]],
      reaches: { type: 'sharing' },
      does: `can let others in: ${action}`,
    }
    const of = { class: 'can-let-others-in', weight: 30, isPotential: false } as const
    if (power !== null) yield* end(way, [power], of)
  }
}

/** AWS's own policy, which allows everything, is what a level has until it lists what it allows. */
const hasLists = ({ serviceControlPolicies, children }: OrganizationNode): boolean =>
  !serviceControlPolicies.some(({ name }) => name === 'FullAWSAccess') || children.some(hasLists)
