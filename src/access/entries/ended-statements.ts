import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import { parsePolicy } from '../../policy/parse.ts'
import { endOf } from './ended.ts'
import { conditionPlace, type HeldDocument } from './never-met.ts'

/** Statements whose time is over: no request to come meets their conditions. */
export function endedStatements(documents: readonly HeldDocument[], now: Date): readonly Diagnostic[] {
  return documents.flatMap(({ document, use }) => {
    const { policy } = parsePolicy(document.json, document.located, use, 'evaluate')
    return (policy?.statements ?? []).flatMap((statement) => {
      const over = statement.conditions.find((condition) => endOf([condition], now) !== null)
      if (over === undefined) return []
      const does = statement.effect === 'Allow' ? 'grants' : 'denies'
      return [
        warningOf({
          code: 'policy.ended',
          message: `\`${over.key}\` was over at ${endOf([over], now)}: the statement ${does} nothing any more`,
          help: 'remove the statement, or give it a later time',
          span: conditionPlace(over, statement, document.located),
        }),
      ]
    })
  })
}
