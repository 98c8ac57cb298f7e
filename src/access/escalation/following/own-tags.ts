import { literalGlob } from '../../symbolic/tokens.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { tagsAskedOf } from '../powers/asked-tags.ts'
import { type Holder, identified } from '../powers/holder.ts'
import type { Power } from '../powers/powers.ts'
import { TAGGING_ACTIONS } from '../ways/altering-actions.ts'
import type { Way } from '../ways/way.ts'

const PRINCIPAL_TAG = 'aws:principaltag/'
/** A tag's values that are tried: of a list that is longer the first. */
const MOST_VALUES = 20

/** A tag that somebody may give themselves. */
interface OwnTag {
  readonly power: Power
  /** null: any, as far as policies ask for some. */
  readonly values: readonly string[] | null
}

/** Gives oneself the tags that policies ask for. @see IAM User Guide, "Controlling access based on tags" */
export function* taggingItself(from: Holder, world: World): Iterable<Edge> {
  const kind = from.principal.name.includes(':user/') ? 'user' : 'role'
  if (from.altered.includes(TAGGED) || !world.powers.isGranted(from, TAGGING_ACTIONS[kind])) return
  const tags = new Map<string, OwnTag>()
  for (const [key, values] of tagsAskedOf(from, world)) {
    const tag = ownTag(from, TAGGING_ACTIONS[kind], key, [...values].slice(0, MOST_VALUES), world)
    if (tag !== null) tags.set(`${PRINCIPAL_TAG}${key.toLowerCase()}`, tag)
  }
  const [first] = tags.values()
  if (first === undefined) return
  const { state } = from
  const way: Way = {
    id: TAGGING_ACTIONS[kind],
    needs: [[TAGGING_ACTIONS[kind]]],
    reaches: { type: 'writes', of: kind, what: 'inline' },
    does: 'gives itself tags that policies ask for',
  }
  const free = [...tags].map(([key, { values }]) => `${key}=${values?.join() ?? '*'}`).join(' ')
  yield {
    steps: [stepBy(way, from, from.principal.name, [first.power])],
    power: first.power,
    to: identified({
      ...from,
      altered: `${from.altered} ${TAGGED}`.trim(),
      state: {
        ...state,
        pins: { valueOf: (key) => (tags.has(key) ? undefined : state.pins.valueOf(key)) },
        context: new Map([...state.context].filter(([key]) => !tags.has(key.toLowerCase()))),
        keys: {
          id: `${state.keys.id} free of ${free}`,
          factsOf: (key) => {
            const tag = tags.get(key)
            if (tag === undefined) return state.keys.factsOf(key)
            return tag.values === null
              ? { maySeveral: false }
              : { maySeveral: false, within: tag.values.map(literalGlob) }
          },
        },
      },
    }),
    target: from.principal.name,
    class: 'changes-permissions',
    isPotential: false,
    undeclared: null,
  }
}

export const TAGGED = 'tagged'

/** With which of some values somebody may put a tag on themselves; null: with none. */
function ownTag(
  from: Holder,
  action: string,
  key: string,
  values: readonly string[],
  { powers }: World,
): OwnTag | null {
  const found = values.flatMap((value) => {
    const given = new Map([
      [`aws:requesttag/${key.toLowerCase()}`, [value]],
      ['aws:tagkeys', [key]],
    ])
    const power = powers.on(from, action, from.principal.name, given)
    return power === null ? [] : [{ power: spelled(power, key), value }]
  })
  const [first] = found
  if (first === undefined) return null
  const isAny = found.length === values.length
  return { power: first.power, values: isAny ? null : found.map(({ value }) => value) }
}

/** With the tag as the policies that ask for it write it. */
function spelled(power: Power, tag: string): Power {
  const given = `aws:requesttag/${tag.toLowerCase()}`
  const context = [...power.request.context].map(
    ([key, values]) => [key.toLowerCase() === given ? `aws:RequestTag/${tag}` : key, values] as const,
  )
  return { ...power, request: { ...power.request, context: new Map(context) } }
}
