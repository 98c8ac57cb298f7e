import { flagText, type Invocation, type Outcome } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { openProject } from '../project.ts'

export async function run({ folder, accounts, flags }: Invocation): Promise<Outcome> {
  const opened = await openProject({ folder, accounts, ref: flagText(flags, 'ref') })
  const lines = opened.accounts.map(({ name, account, desired }) => {
    const counts = [
      [desired.users.size, 'user'],
      [desired.groups.size, 'group'],
      [desired.roles.size, 'role'],
      [desired.policies.size, 'policy'],
      [desired.tests.length, 'test'],
      ...(desired.invariants.length > 0 ? ([[desired.invariants.length, 'invariant']] as const) : []),
    ] as const
    const parts = counts.map(
      ([count, noun]) => `${count} ${count === 1 ? noun : noun === 'policy' ? 'policies' : `${noun}s`}`,
    )
    return `${name} (${account.id}): ${parts.join(', ')}`
  })
  return {
    exitCode: EXIT.ok,
    body: {},
    text: [...lines, 'valid'].join('\n'),
    diagnostics: opened.diagnostics,
    texts: opened.texts,
  }
}
