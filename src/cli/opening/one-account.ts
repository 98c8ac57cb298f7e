import { DiagnosticError, errorOf } from '../../diagnostics/index.ts'
import { refuseUnknownAccounts } from './project.ts'

/**
 * Finds the one account that a command is about.
 * @param named after `--account`; a name may stand there twice
 * @param project its accounts, in the order of the project file
 * @param choice `only`: the account of a project that has one needs no name; `named`: it has to be named
 * @throws DiagnosticError when an unknown one is named, none, or several (`cli.one-account`)
 */
export function oneAccount<Account extends { readonly name: string }>(
  named: readonly string[],
  project: readonly Account[],
  choice: 'only' | 'named',
): Account {
  const names = project.map(({ name }) => name)
  refuseUnknownAccounts(named, names)
  const wanted = new Set(named.length > 0 ? named : choice === 'only' && names.length === 1 ? names : [])
  const account = project.find(({ name }) => wanted.has(name))
  if (account !== undefined && wanted.size === 1) return account
  throw new DiagnosticError(
    errorOf({
      code: 'cli.one-account',
      message: wanted.size > 1 ? 'more than one account is named' : 'the account is not named',
      help: `name one with \`--account\`: ${names.map((name) => `\`${name}\``).join(', ')}`,
    }),
  )
}
