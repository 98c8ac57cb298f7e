import type { Request } from '../decision.ts'
import type { EstateAnswer } from './estate-question.ts'
import { Refusal } from './refusal.ts'
import { refuseOwner } from './unknown-policy.ts'

/** Stands for all accounts that aren't known. */
const NOBODYS_ACCOUNT = '000000000000'

/**
 * An answer about a resource of which nothing says who owns it.
 * @param own the account of whoever asks; null: it has none
 * @param accounts those that may own it, beside that one and others that aren't known
 * @param request as asked
 * @param answerFor the answer if it belongs to an account
 * @throws Refusal when it hangs on the owner
 */
export function sameForEachOwner(
  own: string | null,
  accounts: Iterable<string>,
  request: Request,
  answerFor: (owner: string) => EstateAnswer,
): EstateAnswer {
  const owners = [...new Set([...(own === null ? [] : [own]), ...accounts, NOBODYS_ACCOUNT])]
  const answers = owners.map((owner) => answerOrRefusal(() => answerFor(owner)))
  const refusals = answers.flatMap((answer) => (answer instanceof Refusal ? [answer] : []))
  const decided = answers.flatMap((answer) => (answer instanceof Refusal ? [] : [answer]))
  const [first] = decided
  // The same is missing whoever owns it.
  if (first === undefined && refusals[0] !== undefined) throw refusals[0]
  const isAllowed = first?.decision === 'allow'
  if (
    first === undefined ||
    refusals.length > 0 ||
    decided.some(({ decision }) => (decision === 'allow') !== isAllowed)
  )
    throw refuseOwner(request)
  return { ...first, request }
}

function answerOrRefusal(answer: () => EstateAnswer): EstateAnswer | Refusal {
  try {
    return answer()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
