import type { Escalation, EscalationStep } from '../../access/escalation/escalation.ts'
import type { Request } from '../../evaluator/decision.ts'
import { type Account, isPrincipalEntityArn } from '../../model/index.ts'
import { packedLines } from '../layout/packed-lines.ts'
import { type Paint, printable } from '../layout/paint.ts'
import { shortPrincipal, shortResource } from '../questions/principals-text.ts'

const MOST_KEYS = 4
/** Requests of one step besides the one that carries it. */
const MOST_BESIDES = 4

/** `may become administrator: joins group/admins`. */
export const whyText = ({ why, isPotential }: Escalation): string =>
  `${printable(why)}${isPotential ? '  (potential)' : ''}`

/** Each step with the requests that it takes. */
export const stepsLines = ({ path }: Escalation, account: Account | null, paint: Paint): readonly string[] =>
  path.flatMap((step, index) => [
    `${index + 1}. ${shortPrincipal(step.actor, account)} ${printable(step.does)}`,
    ...requestsOf(step, hasGivenTags(path.slice(0, index), step.actor), account, paint).map(
      (line) => `   ${line}`,
    ),
  ])

/** Whether somebody has tags that they didn't bring along. */
const hasGivenTags = (earlier: readonly EscalationStep[], actor: string): boolean =>
  earlier.some((step) => /^iam:Tag(?:User|Role)$/.test(step.way) && step.reaches === actor)

function requestsOf(
  { witness, besides, actor }: EscalationStep,
  showsTags: boolean,
  account: Account | null,
  paint: Paint,
): readonly string[] {
  const shown = besides.slice(0, MOST_BESIDES)
  const more = besides.length - shown.length
  return [
    ...requestLines('e.g.', witness, actor, showsTags, account, paint),
    ...shown.flatMap((request) => requestLines('and', request, actor, showsTags, account, paint)),
    ...(more > 0 ? [paint('dim', `and ${more} more; \`--json\` has them all`)] : []),
  ]
}

/** A request that the evaluator allows. What its principal brings along need not be said, nor who it is if it's the actor. */
function requestLines(
  lead: string,
  { principal, action, resource, context }: Request,
  actor: string,
  showsTags: boolean,
  account: Account | null,
  paint: Paint,
): readonly string[] {
  const who = principal === actor ? '' : `${shortPrincipal(principal, account)} `
  const isEntity = isPrincipalEntityArn(principal)
  const brought = showsTags ? /^aws:principal(?!tag\/)/i : /^aws:principal/i
  const given = [...context].filter(([key]) => !(isEntity && brought.test(key)))
  const shown = given
    .slice(0, MOST_KEYS)
    .map(([key, values]) => `${printable(key)}=${values.map(printable).join(',')}`)
  const more = given.length - shown.length
  return packedLines([
    { text: `${lead} ${who}${printable(action)} ${shortResource(resource, account)}` },
    {
      text: shown.length === 0 ? '' : `with ${shown.join(' ')}${more > 0 ? ` and ${more} more keys` : ''}`,
    },
    { text: '[verified]', painted: paint('dim', '[verified]') },
  ])
}
