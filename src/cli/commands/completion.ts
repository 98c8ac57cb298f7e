import type { Result } from '../../report/result.ts'
import { completedWords, isList } from '../arguments/completed-words.ts'
import { completionScript } from '../arguments/completion.ts'
import { type CommandOutcome, flagText, type Invocation, NO_TEXTS } from '../command.ts'
import { EXIT } from '../exit-code.ts'

export async function run({ flags }: Invocation): Promise<CommandOutcome> {
  const list = flagText(flags, 'list')
  if (list !== null && isList(list)) {
    const words = await completedWords(list, flagText(flags, 'dir'))
    return outcome({ type: 'completed words', words })
  }
  const script = completionScript(flagText(flags, 'shell') ?? '')
  return outcome({ type: 'completion script', script })
}

const outcome = (result: Result): CommandOutcome => ({
  exitCode: EXIT.ok,
  result,
  diagnostics: [],
  texts: NO_TEXTS,
})
