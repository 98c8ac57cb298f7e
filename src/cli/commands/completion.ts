import { flagText, type Invocation, NO_TEXTS, type Outcome } from '../command.ts'
import { completionScript } from '../completion.ts'
import { EXIT } from '../exit-code.ts'

export async function run({ flags }: Invocation): Promise<Outcome> {
  const script = completionScript(flagText(flags, 'shell') ?? '')
  return { exitCode: EXIT.ok, body: { script }, text: script.trimEnd(), diagnostics: [], texts: NO_TEXTS }
}
