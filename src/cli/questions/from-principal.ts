import { DiagnosticError, errorOf, type SourceTexts } from '../../diagnostics/index.ts'
import { type FoundPrincipal, findPrincipal } from '../../evaluator/estate/find-principal.ts'
import { Refusal } from '../../evaluator/estate/refusal.ts'
import type { Estate } from '../../model/index.ts'
import { FailedWith } from '../command.ts'
import type { NamedAccount } from './asked-estate.ts'

/**
 * Whom `--from` means, as findings call principals: an ARN, `service:NAME`, `federated:PROVIDER`, `account:ID`, …
 * @param text an ARN, `user/NAME`, `role/NAME`, a service, a provider, `*`, or a name that a finding has
 * @param accounts the selected ones: a name without an account is meant in the only one
 * @throws FailedWith when there is no such principal
 */
export function fromPrincipal(
  text: string,
  estate: Estate,
  accounts: readonly NamedAccount[],
  texts: SourceTexts,
): string {
  if (/^(?:account|service|federated|canonical|id):.|^anonymous$/.test(text)) return text
  const states = new Map(estate.accounts.map((state) => [state.account.id, state]))
  const [first, second] = accounts
  const isName = /^(?:root$|(?:user|role|group|federated-user)\/)/.test(text)
  if (isName && second !== undefined)
    throw new FailedWith(
      new DiagnosticError(
        errorOf({
          code: 'evaluate.which-account',
          message: `\`${text}\` can be meant in several accounts`,
          help: `add \`--account NAME\`, one of ${accounts.map(({ name }) => `\`${name}\``).join(', ')}, or write an ARN`,
        }),
      ),
      texts,
    )
  try {
    return labelOf(findPrincipal(states, text, isName ? first?.account.id : undefined))
  } catch (error) {
    if (error instanceof Refusal) throw new FailedWith(new DiagnosticError(error.diagnostics), texts)
    throw error
  }
}

/** A session may do what its role may. */
function labelOf({ principal, facts, entity }: FoundPrincipal): string {
  if (entity !== null) return entity.arn
  switch (facts.kind) {
    case 'service':
      return `service:${principal}`
    case 'provider':
      return `federated:${principal}`
    case 'anonymous':
      return 'anonymous'
    default:
      return principal
  }
}
