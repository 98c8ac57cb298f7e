import type { Result } from '../../report/result.ts'
import { completedWords, isList } from '../arguments/completed-words.ts'
import { completionScript } from '../arguments/completion.ts'
import { flagText, type Invocation, NO_TEXTS, type Outcome } from '../command.ts'
import { EXIT } from '../exit-code.ts'

export async function run({ flags }: Invocation): Promise<Outcome> {
  const list = flagText(flags, 'list')
  if (list !== null && isList(list)) {
    const words = await completedWords(list, flagText(flags, 'dir'))
    return outcome({ type: 'completed words', words })
  }
  const script = completionScript(flagText(flags, 'shell') ?? '')
  return outcome({ type: 'completion script', script })
}

const outcome = (result: Result): Outcome => ({
  exitCode: EXIT.ok,
  result,
  diagnostics: [],
  texts: NO_TEXTS,
})
