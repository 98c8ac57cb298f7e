import { warningOf } from '../../diagnostics/index.ts'
import { type AnyDesiredEntity, entityRef, type PlacedDocument, parseEntityArn } from '../../model/index.ts'
import type { Planning } from '../planning.ts'
import { trustedElsewhere } from './trust.ts'
import { yetToCome } from './trust-change.ts'

type Trusting = Pick<AnyDesiredEntity, 'kind' | 'name' | 'span'> & { readonly trustPolicy: PlacedDocument }

/** @see IAM User Guide, "AWS JSON policy elements: Principal": a principal made again is trusted once it is named again */
export function noteLaterTrust(planning: Planning, { kind, name, span, trustPolicy }: Trusting): void {
  const { others, observed } = planning
  const coming = trustedElsewhere(trustPolicy.json, observed.account).filter(
    (arn) => others.fateOf(arn) === 'comes',
  )
  planning.diagnostics.push(
    warningOf({
      code: 'plan.trust-of-the-deleted',
      message: `\`${entityRef(kind, name)}\` still trusts what was deleted, and not ${coming.map((arn) => `\`${arn}\``).join(', ')}, which is yet to be made anew`,
      help: 'once it is there, plan again: the trust then has to be stored anew',
      span,
    }),
  )
}

/** @see IAM User Guide, "AWS JSON policy elements: Principal": a policy that names who isn't there can't be stored */
export function noteIncompleteTrust(planning: Planning, desired: Trusting): void {
  const absent = yetToCome(planning, desired, 'not')
  const owners = absent.map((arn) => planning.others.nameOf(parseEntityArn(arn)?.account ?? ''))
  if (absent.length > 0)
    planning.diagnostics.push(
      warningOf({
        code: 'plan.incomplete-trust',
        message: `\`${entityRef(desired.kind, desired.name)}\` doesn't trust ${absent.map((arn) => `\`${arn}\``).join(', ')} yet: ${absent.length === 1 ? "it isn't there" : "they aren't there"}, and this plan is not about ${[...new Set(owners)].map((owner) => `\`${owner}\``).join(', ')}`,
        help: 'apply all of these accounts at once, or this one again once they are there',
        span: desired.span,
      }),
    )
}
