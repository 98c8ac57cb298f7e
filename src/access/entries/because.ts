import type { Layer } from '../../evaluator/decision.ts'
import type { AllowingStatement, Because, Direction } from '../access-entry.ts'
import type { FoundRequest, SideFinding } from '../sides/side-finding.ts'
import { type Decider, statementOf } from '../witness/decider.ts'
import type { Asked } from '../witness/decision.ts'
import { areaIn } from './extents.ts'

/** A layer that must allow as well as the one that grants. */
type Limiting = 'boundary' | 'scp' | 'rcp'

const LIMITING: readonly string[] = ['boundary', 'scp', 'rcp'] satisfies readonly Limiting[]
const isLimiting = (layer: Layer): layer is Limiting => LIMITING.includes(layer)

/** The side of a comparison that allows a request, and the one that doesn't. */
interface Sides {
  readonly allowing: Asked
  readonly denying: Asked
}

/** What decides on the side that doesn't allow a request; null: the statement that allows it on the other side is not there. */
export function becauseOf(
  direction: Direction,
  { allow }: Pick<SideFinding, 'allow'>,
  { allowing, denying }: Sides,
  request: FoundRequest,
  decider: Decider,
): Because | null {
  const verdict = decider.verdictOf(denying, request)
  if (verdict === null || verdict.decision === 'allow') return null
  // On the side that doesn't allow stands what came for a loss, and what went for a gain.
  const change = direction === 'lost' ? 'added' : 'removed'
  if (verdict.decision === 'explicit_deny') {
    const [reason] = verdict.reasons
    if (reason === undefined) return null
    const statement = statementOf(denying, reason)
    return {
      cause: 'deny',
      change,
      policy: reason.policy,
      sid: reason.sid,
      source: statement?.span ?? null,
      ...(statement === null ? {} : { area: areaIn(statement) }),
    }
  }
  const limits = verdict.reasons.find(({ layer }) => layer !== allow.layer && isLimiting(layer))
  if (limits === undefined || !isLimiting(limits.layer)) return null
  const cause = limits.layer
  const allowedBy = allowingStatement(cause, allowing, denying, request, decider)
  return {
    cause,
    change,
    policy: limits.policy === '' ? null : limits.policy,
    sid: null,
    source: null,
    ...(allowedBy === null ? {} : { allowedBy }),
  }
}

/** By what a layer lets a request through that it doesn't on the other side; null: it isn't there, or that isn't plain. */
function allowingStatement(
  cause: Limiting,
  allowing: Asked,
  denying: Asked,
  request: FoundRequest,
  decider: Decider,
): AllowingStatement | null {
  const known = new Set(policiesOf(denying, cause).flatMap(({ policy }) => policy.statements))
  for (const reason of decider.verdictOf(allowing, request)?.reasons ?? []) {
    const statement = reason.layer === cause ? statementOf(allowing, reason) : null
    if (statement === null || known.has(statement)) continue
    return { policy: reason.policy, sid: reason.sid, source: statement.span, area: areaIn(statement) }
  }
  return null
}

const policiesOf = ({ layers }: Asked, cause: Limiting) =>
  (cause === 'boundary' ? layers.boundary : layers[cause]?.flat()) ?? []
