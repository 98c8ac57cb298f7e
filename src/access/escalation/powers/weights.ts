import type { EscalationClass, EscalationRule } from '../escalation.ts'
import type { Gained } from '../reach.ts'
import type { Surplus } from './surplus.ts'

/** By how much more may be done. */
const BY_SURPLUS: Readonly<Record<Surplus, number>> = {
  administrator: 95,
  permissions: 75,
  write: 60,
  read: 35,
}
/** A role that one is trusted with is what a role is for. */
const ASSUMED = 15
const EACH_STEP = 5
const POTENTIAL = 20
/** Nobody known is reached. */
const UNKNOWN_POWER = 75

export function weightOf({ edge, path, surplus }: Gained): number {
  const whole = surplus !== null ? BY_SURPLUS[surplus] : (edge.weight ?? UNKNOWN_POWER)
  const isAssumed = path.every(({ way }) => way === 'sts:AssumeRole')
  const less = (isAssumed ? ASSUMED : 0) + EACH_STEP * (path.length - 1) + (edge.isPotential ? POTENTIAL : 0)
  return Math.max(0, Math.min(edge.atMost ?? 100, whole - less))
}

export const classOf = ({ edge, surplus }: Gained): EscalationClass =>
  surplus === 'administrator' ? 'administrator' : edge.class

export function ruleOfWay({ edge, path }: Gained): EscalationRule {
  const ways = path.map(({ way }) => way)
  if (edge.class === 'weakens-guardrail') return 'scp-weakened'
  if (ways.every((way) => way === 'sts:AssumeRole')) return 'assume-role'
  if (edge.class === 'runs-code-as-role') return 'pass-role'
  return ways.some((way) => /^(?:iam|sso|identitystore|sts|organizations):/.test(way)) ||
    edge.class === 'can-let-others-in'
    ? 'permissions-management'
    : 'pass-role'
}

/** For people, before the path. */
export const MAY: Readonly<Record<EscalationClass, string>> = {
  administrator: 'may become administrator',
  'takes-over-identity': 'may act as somebody else',
  'changes-permissions': 'may change permissions',
  'runs-code-as-role': 'may run code as a role',
  'lets-outsiders-in': 'lets outsiders in',
  'weakens-guardrail': 'may take away what stands in the way',
  'can-let-others-in': 'may let others in',
}
