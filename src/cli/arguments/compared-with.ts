import { DiagnosticError, didYouMean, errorOf } from '../../diagnostics/index.ts'
import { type Flags, flagText } from '../command.ts'
import { stateNamed } from './state-words.ts'

/** What a project is compared with. */
export type ComparedWith =
  /** What is applied. `base`: a commit whose declarations may be deleted once they are gone; null: only the journal's. */
  | { readonly type: 'target'; readonly base: string | null }
  /** What a commit declares, as if that were applied and nothing else: no target is opened. */
  | { readonly type: 'commit'; readonly ref: string }

const TARGET = 'target'

/**
 * What `--against` and `--base` say of what there was.
 * @throws DiagnosticError `cli.invalid-value`, `cli.conflicting-flags`
 */
export function comparedWith(flags: Flags): ComparedWith {
  const [against, base] = [flagText(flags, 'against') ?? TARGET, flagText(flags, 'base')]
  if (against === TARGET) return { type: 'target', base }
  const state = stateNamed(against)
  if (state?.type !== 'git' || state.ref === '')
    throw new DiagnosticError(
      errorOf({
        code: 'cli.invalid-value',
        message: `\`--against ${against}\` names nothing that a plan is compared with`,
        help: didYouMean(
          against,
          [TARGET],
          'write `target`, or `git:` and a commit, branch or tag: `git:origin/main`',
        ),
      }),
    )
  if (base !== null)
    throw new DiagnosticError(
      errorOf({
        code: 'cli.conflicting-flags',
        message: `\`--against ${against}\` says already what was declared before, and \`--base ${base}\` says it too`,
        help: 'leave `--base` out: what the compared commit declared is what may be deleted',
      }),
    )
  return { type: 'commit', ref: state.ref }
}
