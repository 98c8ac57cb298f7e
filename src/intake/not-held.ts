import { type Diagnostic, infoOf } from '../diagnostics/index.ts'
import type { Unseen } from '../model/index.ts'
import type { Intake } from './intake.ts'

const NOT_HELD = 'intake.not-held'

const UNSEEN_WORDS: Readonly<Record<Unseen, string>> = {
  principals: 'some principals',
  resourcePolicies: 'resource policies other than trust policies',
  controlPolicies: 'control policies',
  providers: 'identity providers',
  accessKeys: 'access keys',
  passwords: 'passwords',
  changes: 'all that changes',
}

/** What such an input never has, as a note; none where it has everything. @param file with what it is put on after ` on ` */
export const notHeld = (file: string, unseen: readonly Unseen[]): readonly Diagnostic[] =>
  unseen.length === 0
    ? []
    : [
        infoOf({
          code: NOT_HELD,
          message: `\`${file}\` does not hold ${listed(unseen.map((each) => UNSEEN_WORDS[each]))}: answers are by what it holds`,
        }),
      ]

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** The same findings, with the note as it is now that more is known. */
export function noting(file: string, intake: Intake): Intake {
  const unseen = [...(intake.estate.unseen ?? [])].filter((each) => each !== 'principals')
  const others = intake.findings.filter(({ code }) => code !== NOT_HELD)
  return { ...intake, findings: [...notHeld(file, unseen), ...others] }
}
