import type { Reasoner } from '../reasoner.ts'
import type { PrincipalSide } from '../sides/side.ts'
import type { PlacedStatement } from '../sides/statement-compiler.ts'

type Layer = readonly PlacedStatement[]

/**
 * What sessions may do, those without tags of their own and those with: allowed in either is allowed.
 * @param untagged decided with the role's own tags; null: there are no such sessions
 * @param tagged decided with tags that are open
 * @param sessions what the tags of sessions can be
 * @param own that tags are the role's own; null: what is allowed without tags counts as allowed with any
 */
export function sideOfSessions(
  untagged: PrincipalSide | null,
  tagged: PrincipalSide,
  sessions: Layer,
  own: Layer | null,
  reasoner: Reasoner,
): PrincipalSide {
  // Where tags decide nothing, all sessions are alike.
  if (untagged !== null && isSame(untagged, tagged)) return untagged
  if (sessions.length === 0 && untagged !== null) return untagged
  if (untagged === null) return { ways: tagged.ways.map((way) => [...way, sessions]), denies: tagged.denies }
  const identities = (denies: Layer) => new Set(denies.map(({ identity }) => identity))
  const [one, other] = [identities(untagged.denies), identities(tagged.denies)]
  const failing = (denies: Layer, others: ReadonlySet<number>) =>
    denies.filter(({ identity }) => !others.has(identity)).map((deny) => notDenied(deny, reasoner))
  const withoutTags = failing(untagged.denies, other)
  const withTags = failing(tagged.denies, one)
  return {
    ways: [
      ...untagged.ways.map((way) => [...way, ...(own === null ? [] : [own]), ...withoutTags]),
      ...tagged.ways.map((way) => [...way, sessions, ...withTags]),
    ],
    denies: untagged.denies.filter(({ identity }) => other.has(identity)),
  }
}

function isSame(a: PrincipalSide, b: PrincipalSide): boolean {
  const key = (side: PrincipalSide) =>
    JSON.stringify([...side.ways, [side.denies]].map((way) => way.map((layer) => layer.map(identityOf))))
  return key(a) === key(b)
}

const identityOf = ({ identity }: PlacedStatement): number => identity

/** A deny that holds of some sessions only, as a layer: it allows whatever the deny doesn't match. */
function notDenied(deny: PlacedStatement, reasoner: Reasoner): Layer {
  const others = reasoner.actions.complementOf(deny.actions)
  return [reasoner.compiler.madeOf([], EVERYWHERE, others), ...notMatching(deny, reasoner)]
}

/** Statements of which one holds of each request that a deny doesn't match, whatever the action. */
export function notMatching({ symbolic }: PlacedStatement, { actions, compiler }: Reasoner): Layer {
  const any = actions.setOf({ negated: false, entries: ['*'] })
  const { literals, resource, never, coversStar, coversBuckets } = symbolic
  // Requests for `*` are decided by the flags, those for an ARN by the test.
  const elsewhere = { coversStar: !coversStar, coversBuckets: !coversBuckets }
  return [
    ...literals
      .filter((literal) => literal !== resource)
      .map((literal) => compiler.madeOf([-literal], EVERYWHERE, any)),
    ...(resource !== null
      ? [compiler.madeOf([-resource], { resource: -resource, ...elsewhere }, any)]
      : never
        ? [compiler.madeOf([], { resource: null, ...elsewhere }, any)]
        : []),
  ]
}

const EVERYWHERE = { resource: null, coversStar: true, coversBuckets: true }
