import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  CHILD_KINDS,
  CHILDREN,
  entityRef,
  type IgnoredGrant,
  keysOf,
} from '../../model/index.ts'
import { desiredOf, entitiesOf, type Planning } from '../planning.ts'
import { toldAgainAt } from './unmanaged.ts'

/**
 * Of what is declared to be ignored, what there is nothing of any more, and what has come to its end: both look like protection,
 * and are none. Where nobody has read the account, only the second is known.
 */
export function idleIgnores(planning: Planning): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const kind of keysOf(planning.kinds))
    for (const entity of desiredOf(planning.desired, kind).values())
      for (const each of entity.ignored ?? []) {
        const isMatched = planning.matchedIgnores.has(each)
        if (!isMatched && isKnown(planning, entity, each)) diagnostics.push(withoutMatch(entity, each))
        else if (isOver(planning, each)) diagnostics.push(over(entity, each))
      }
  return diagnostics
}

/** Whether all was looked at that it might be. Who isn't there yet may be given it by hand. */
function isKnown(
  { observed }: Pick<Planning, 'observed'>,
  { kind, name }: AnyDesiredEntity,
  { key }: IgnoredGrant,
): boolean {
  const { undeclared } = observed
  if (undeclared === undefined || !entitiesOf(observed, kind).has(name)) return false
  const child = CHILD_KINDS.find((each) => key.startsWith(`${CHILDREN[each].section}/`))
  return child === undefined || undeclared.unread[child]?.has(name) !== true
}

const isOver = ({ at }: Pick<Planning, 'at'>, each: IgnoredGrant): boolean =>
  at !== undefined && at >= toldAgainAt(each)

const withoutMatch = ({ kind, name }: AnyDesiredEntity, { key, span }: IgnoredGrant): Diagnostic =>
  warningOf({
    code: 'plan.ignore-without-match',
    message: `\`${entityRef(kind, name)}\` has nothing that \`${key}\` could be: there is nothing to ignore`,
    help: 'remove the entry: what comes under that name later is to be told',
    span,
  })

const over = ({ kind, name }: AnyDesiredEntity, { key, until, span }: IgnoredGrant): Diagnostic =>
  warningOf({
    code: 'plan.ignore-over',
    message: `\`${key}\` of \`${entityRef(kind, name)}\` was to be ignored until ${until}, and is told again`,
    help: 'declare it (`iam-sync adopt`), take it away, or write another day and why',
    span,
  })
