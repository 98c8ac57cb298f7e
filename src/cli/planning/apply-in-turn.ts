import { parseEntityArn } from '../../model/index.ts'
import { applyOrder } from '../../reconcile/apply-order.ts'
import type { ShownElsewhere } from '../../reconcile/shown-elsewhere.ts'
import type { Preview } from './planning.ts'

/**
 * Applies the accounts that make whom another one waits for, in the midst of that one's own steps.
 * @param shown whom that one has deleted or moved so far
 * @returns whether all of them were applied
 */
export type MakeAwaited = (shown: ShownElsewhere) => Promise<boolean>

/**
 * Applies accounts one after the other, each once.
 * @param apply returns whether those that come after may be applied; is called for each all the same
 */
export async function applyInTurn(
  previews: readonly Preview[],
  apply: (preview: Preview, makeAwaited: MakeAwaited) => Promise<boolean>,
): Promise<void> {
  const left = [...applyOrder(previews)]
  let goesOn = true
  const applyNext = async (): Promise<void> => {
    const preview = left.shift()
    if (preview === undefined) return
    const makers = makersIn(preview)
    const went = await apply(preview, async () => {
      while (left.some(({ plan }) => makers.has(plan.account.id))) await applyNext()
      return goesOn
    })
    goesOn &&= went
  }
  while (left.length > 0) await applyNext()
}

/** Ids of the accounts that make whom steps of a plan wait for. */
const makersIn = ({ plan }: Preview): ReadonlySet<string> =>
  new Set(plan.steps.flatMap(({ awaits = [] }) => awaits.map((arn) => parseEntityArn(arn)?.account ?? '')))
