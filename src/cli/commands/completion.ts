import { flagText, type Invocation, NO_TEXTS, type Outcome } from '../command.ts'
import { completedWords, isList } from '../completed-words.ts'
import { completionScript } from '../completion.ts'
import { EXIT } from '../exit-code.ts'

export async function run({ flags }: Invocation): Promise<Outcome> {
  const list = flagText(flags, 'list')
  if (list !== null && isList(list)) {
    const words = await completedWords(list, flagText(flags, 'dir'))
    return outcome({ script: null, words }, words.join('\n'))
  }
  const script = completionScript(flagText(flags, 'shell') ?? '')
  return outcome({ script }, script.trimEnd())
}

const outcome = (body: object, text: string): Outcome => ({
  exitCode: EXIT.ok,
  body,
  text: text === '' ? null : text,
  diagnostics: [],
  texts: NO_TEXTS,
})
