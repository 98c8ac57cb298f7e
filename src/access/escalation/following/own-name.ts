import type { ParsedStatement } from '../../../policy/parsed.ts'
import { WORD } from '../../principals/principal-keys.ts'
import { keysIn } from '../../sides/changed-values.ts'
import { literalGlob } from '../../symbolic/tokens.ts'
import { type Edge, stepBy, type World } from '../edge.ts'
import { type Holder, identified } from '../powers/holder.ts'
import { RENAMING_ACTIONS } from '../ways/altering-actions.ts'
import type { Way } from '../ways/way.ts'

const USERNAME = 'aws:username'
const RENAMED = 'renamed'
const RENAMES: Way = {
  id: RENAMING_ACTIONS.user,
  needs: [[RENAMING_ACTIONS.user]],
  reaches: { type: 'writes', of: 'user', what: 'inline' },
  does: 'gives itself another name, by which policies allow it more',
}

/**
 * Gives oneself another name, where policies allow by `${aws:username}`: somebody else's folder, or queue. What IAM allows by name
 * doesn't count: whoever has a name is who it is about. Where one name that nobody has may be taken, any is taken to be: patterns of
 * users end in a star.
 * @see IAM API Reference, UpdateUser: permissions on both the source and the target are needed; no two users have one name
 */
export function* renamingItself(from: Holder, world: World): Iterable<Edge> {
  const { powers, reasoner } = world
  const own = from.principal.name
  if (!own.includes(':user/') || from.altered.includes(RENAMED)) return
  if (!powers.isGranted(from, RENAMING_ACTIONS.user)) return
  const only = actionsByName(from, () => reasoner.actions.facts.services().map(({ prefix }) => `${prefix}:*`))
  if (only.length === 0) return
  const leaving = powers.on(from, RENAMING_ACTIONS.user, own)
  const arriving = leaving === null ? null : powers.beyond(from, RENAMING_ACTIONS.user, 'users')
  if (leaving === null || arriving === null) return
  const taken = [...(world.view.accounts.get(from.account)?.entities.user.keys() ?? [])].map(literalGlob)
  const { state } = from
  yield {
    steps: [stepBy(RENAMES, from, own, [leaving, arriving])],
    power: leaving,
    to: identified({
      ...from,
      altered: `${from.altered} ${RENAMED}`.trim(),
      state: {
        ...state,
        pins: { valueOf: (key) => (key === USERNAME ? undefined : state.pins.valueOf(key)) },
        context: new Map([...state.context].filter(([key]) => key.toLowerCase() !== USERNAME)),
        keys: {
          id: `${state.keys.id} renamed`,
          factsOf: (key) =>
            key === USERNAME
              ? { mayBeAbsent: false, maySeveral: false, within: [WORD], without: taken }
              : state.keys.factsOf(key),
        },
      },
    }),
    target: own,
    only,
    class: 'changes-permissions',
    isPotential: false,
    undeclared: null,
  }
}

/** Patterns of actions that somebody's own policies allow by name, but for those of IAM. @param all of each service */
function actionsByName({ state: { layers } }: Holder, all: () => readonly string[]): readonly string[] {
  const found = new Set<string>()
  for (const { policy } of layers.identity ?? [])
    for (const statement of policy.statements)
      if (statement.effect === 'Allow' && speaksOfName(statement))
        for (const entry of statement.action.negated ? ['*'] : statement.action.entries)
          for (const pattern of /^[a-z0-9-]+:/i.test(entry) ? [entry] : all())
            if (!/^iam:/i.test(pattern)) found.add(pattern)
  return [...found].sort()
}

const speaksOfName = (statement: ParsedStatement): boolean =>
  keysIn(statement).some((key) => key.toLowerCase() === USERNAME)
