import type { Change, Plan } from '../../plan/plan.ts'
import { printable } from '../layout/paint.ts'
import { CHANGE_SYMBOLS } from '../plans/plan-text.ts'
import type { PreviewedPlan } from '../plans/previewed-plan.ts'
import type { ReportKinds } from '../report-kind.ts'
import { awsCommand } from './aws-command.ts'
import { comment } from './script.ts'

/** The steps of an account's plan in their order, below the change that each belongs to. */
export function planScript({ plan, against = null }: PreviewedPlan, kinds: ReportKinds): string {
  const owners = ownersOf(plan)
  const lines = [
    comment(`${plan.account.name} (${plan.account.id}), plan ${plan.digest}`),
    ...(against === null
      ? []
      : [
          comment(
            `compared with what ${against.ref} (${against.commit.slice(0, 12)}) declares; no target was read`,
          ),
        ]),
    ...(plan.steps.length === 0 ? [comment('no changes')] : []),
  ]
  for (const [number, step] of plan.steps.entries()) {
    const owner = owners.get(number)
    if (owner !== undefined && owner !== owners.get(number - 1))
      lines.push('', comment(titleOf(owner, kinds)))
    if (step.awaits !== undefined)
      lines.push(comment(`once there are, in other accounts: ${step.awaits.map(printable).join(', ')}`))
    lines.push(awsCommand(step))
  }
  return lines.join('\n')
}

const ownersOf = ({ changes }: Plan): ReadonlyMap<number, Change> =>
  new Map(changes.flatMap((change) => change.steps.map((number) => [number, change] as const)))

function titleOf({ action, kind, name }: Change, kinds: ReportKinds): string {
  const { facts, isNamed } = kinds[kind]
  return `${CHANGE_SYMBOLS[action][0]} ${facts.label}${isNamed ? ` ${printable(name)}` : ''}`
}
