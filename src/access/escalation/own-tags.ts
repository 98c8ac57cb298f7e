import { type Edge, stepBy, type World } from './edge.ts'
import { type Holder, identified } from './holder.ts'
import { TAGGING_ACTIONS } from './tagging.ts'
import type { Way } from './way.ts'

const PRINCIPAL_TAG = 'aws:principaltag/'

/** Gives oneself the tags that one's own policies ask for. @see IAM User Guide, "Controlling access based on tags" */
export function* taggingItself(from: Holder, { powers }: World): Iterable<Edge> {
  const kind = from.subject.principal.includes(':user/') ? 'user' : 'role'
  if (!asksForTags(from)) return
  const power = powers.on(from, TAGGING_ACTIONS[kind], from.subject.principal)
  if (power === null) return
  const { state } = from
  const way: Way = {
    id: TAGGING_ACTIONS[kind],
    needs: [[TAGGING_ACTIONS[kind]]],
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
export const asksForTags = ({ state, altered }: Holder): boolean =>
  !altered.includes('tagged') &&
  (state.layers.identity ?? []).some(({ policy }) =>
    policy.statements.some(({ conditions, resource }) =>
      [...conditions.flatMap(({ key, values }) => [key, ...values]), ...(resource?.entries ?? [])].some(
        (text) => text.toLowerCase().includes(PRINCIPAL_TAG),
      ),
    ),
  )
