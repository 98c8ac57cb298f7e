import type { RoleState, UserState } from '../../model/index.ts'
import { type Edge, stepBy, type World } from './edge.ts'
import { type Holder, identified } from './holder.ts'
import type { Given, Power, Powers } from './powers.ts'
import type { Way } from './way.ts'

const PRINCIPAL_TAG = 'aws:principaltag/'
const isResourceTag = (key: string): boolean => /^(?:aws|iam):resourcetag\//.test(key)

/**
 * A request about an entity that its tags stand in the way of, by whoever may tag it first.
 * @param facts what is known of the entity as it is
 * @returns the request, and that by which it is tagged; null: tags don't help, or can't be set
 */
export function powerOnceTagged(
  from: Holder,
  action: string,
  entity: UserState | RoleState,
  facts: Given,
  powers: Powers,
): readonly [Power, Power] | null {
  if (![...facts.keys()].some(isResourceTag)) return null
  const tagging = powers.on(from, TAGGING[entity.kind], entity.arn, facts)
  if (tagging === null) return null
  const open = new Map([...facts].filter(([key]) => !isResourceTag(key)))
  const power = powers.on(from, action, entity.arn, open)
  return power === null ? null : [power, tagging]
}

const TAGGING = { user: 'iam:TagUser', role: 'iam:TagRole' } as const

/** Gives oneself the tags that one's own policies ask for. @see IAM User Guide, "Controlling access based on tags" */
export function* taggingItself(from: Holder, { powers }: World): Iterable<Edge> {
  const kind = from.subject.principal.includes(':user/') ? 'user' : 'role'
  if (!asksForTags(from)) return
  const power = powers.on(from, TAGGING[kind], from.subject.principal)
  if (power === null) return
  const { state } = from
  const way: Way = {
    id: TAGGING[kind],
    needs: [[TAGGING[kind]]],
    reaches: { type: 'writes', of: kind, what: 'inline' },
    does: 'gives itself tags that policies ask for',
  }
  yield {
    steps: [stepBy(way, from, from.subject.principal, [power])],
    power,
    to: identified({
      ...from,
      altered: `${from.altered} tagged`.trim(),
      state: {
        ...state,
        pins: {
          valueOf: (key) => (key.startsWith(PRINCIPAL_TAG) ? undefined : state.pins.valueOf(key)),
        },
        context: new Map([...state.context].filter(([key]) => !key.toLowerCase().startsWith(PRINCIPAL_TAG))),
        keys: {
          id: `${state.keys.id} free of tags`,
          factsOf: (key) => (key.startsWith(PRINCIPAL_TAG) ? { maySeveral: false } : state.keys.factsOf(key)),
        },
      },
    }),
    target: from.subject.principal,
    class: 'changes-permissions',
    isPotential: false,
    undeclared: null,
  }
}

/** Whether conditions, or variables, of somebody's policies speak of the tags of whoever asks. */
const asksForTags = ({ state, altered }: Holder): boolean =>
  !altered.includes('tagged') &&
  (state.layers.identity ?? []).some(({ policy }) =>
    policy.statements.some(({ conditions, resource }) =>
      [...conditions.flatMap(({ key, values }) => [key, ...values]), ...(resource?.entries ?? [])].some(
        (text) => text.toLowerCase().includes(PRINCIPAL_TAG),
      ),
    ),
  )
