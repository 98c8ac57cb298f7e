// Holds what an answer lists against the evaluator: for each principal that an entry names, a request must be allowed on the
// side that it is about, and denied on the other.
import type { AccessEntry } from '../../src/access/access-diff.ts'
import { allowedWords, type Denied } from './listing-words.ts'
import type { Oracle } from './oracle.ts'
import type { Question } from './questions.ts'
import { contradictionIn } from './reality.ts'
import type { Requester } from './requesters.ts'

export interface ListingProblem {
  readonly way: 'wrong' | 'unreal'
  readonly about: string
  readonly detail: string
}

/** @param denying null: there is no other side */
export function* problemsOf(
  entry: AccessEntry,
  allowing: Oracle,
  denying: Oracle | null,
  everybody: readonly Requester[],
): Iterable<ListingProblem> {
  if (entry.tier === 'future' || entry.via.length > 0) return
  const { witness } = entry
  const unreal = entry.tier === 'typed' ? contradictionIn(witness, allowing.spec) : null
  if (unreal !== null)
    yield {
      way: 'unreal',
      about: `${unreal}`,
      detail: JSON.stringify({ ...witness, context: [...witness.context] }),
    }
  for (const label of entry.principals) {
    const verdicts: Denied[] = []
    for (const [principal, requester] of standInsFor(label, witness.principal, everybody)) {
      const question: Question = {
        requester,
        action: witness.action,
        resource: witness.resource,
        context: witness.context,
      }
      const verdict = verdictOf(principal, question, witness.resourceAccount, allowing, denying)
      verdicts.push(verdict)
      if (verdict === 'fine') break
    }
    if (verdicts.includes('fine') || verdicts.length === 0) continue
    if (entry.isPotential && verdicts.includes('undecided')) continue
    yield {
      way: 'wrong',
      about: allowedWords(label, verdicts, entry),
      detail: JSON.stringify([
        label,
        entry.kind,
        entry.policy,
        { ...witness, context: [...witness.context] },
      ]),
    }
  }
}

function verdictOf(
  principal: string,
  question: Question,
  owner: string | undefined,
  allowing: Oracle,
  denying: Oracle | null,
): Denied {
  const isSame = (oracle: Oracle) => {
    const { requester } = question
    return requester[oracle.state] !== null &&
      (requester.kind === 'own user' || requester.kind === 'own role')
      ? (requester[oracle.state] ?? principal)
      : principal
  }
  for (const context of contextsOf(question)) {
    const asked = { ...question, context }
    const now = allowing.ask(isSame(allowing), asked, owner)
    if (now !== 'allow') {
      if (context === question.context) continue
      return now === 'undecided' ? 'undecided' : 'denied'
    }
    if (denying === null) return 'fine'
    if (question.requester[denying.state] === null) return 'fine'
    const was = denying.ask(isSame(denying), asked, owner)
    return was === 'allow' ? 'allowed before' : 'fine'
  }
  return 'denied'
}

/** As it stands; and without what another principal of the same entry has of its own. */
function contextsOf({ context }: Question): readonly Question['context'][] {
  const others = new Map(
    [...context].filter(([key]) => !/^aws:(?:principal(?!org|tag)|userid|username)/i.test(key)),
  )
  return others.size === context.size ? [context, new Map(context)] : [context, others]
}

/** Who a finding may mean by a name: of an account any of those that are tried. */
function standInsFor(
  label: string,
  witness: string,
  everybody: readonly Requester[],
): readonly (readonly [string, Requester])[] {
  const named = everybody.find(({ before, after }) => before === label || after === label)
  const stranger = (principal: string): Requester => ({
    kind: 'stranger role',
    before: principal,
    after: principal,
    account: null,
    labels: new Set(),
  })
  const one = (principal: string) => [principal, named ?? stranger(principal)] as const
  if (label === 'anonymous') return [one('*')]
  if (label === 'service:*') return [one(witness.includes('.amazonaws.com') ? witness : 'any.amazonaws.com')]
  if (label.startsWith('service:')) return [one(label.slice(8))]
  if (label.startsWith('federated:')) {
    const provider = label.slice(10)
    return [one(provider.startsWith('arn:') ? provider : label)]
  }
  if (!label.startsWith('account:')) return [one(label)]
  const id = label.slice(8)
  const inAccount = everybody.filter(
    ({ account, kind }) =>
      (account === id || (id === '*' && kind.startsWith('stranger'))) && !kind.includes('partition'),
  )
  const isOwnWitness = id === '*' ? witness.includes('999999999999') : witness.includes(id)
  return [
    ...(isOwnWitness ? [one(witness)] : []),
    ...inAccount.map((each) => [each.after ?? each.before ?? '', each] as const),
  ]
}
