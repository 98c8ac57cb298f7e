// Looks a question up in an answer: whether an entry is about it, or it is said to be unknown.

import type { AccessEntry, UnknownAccess } from '../../src/access/access-entry.ts'
import type { Question } from './questions.ts'
import { ORGANIZATION } from './world.ts'

type LookedUp = 'listed' | 'unknown' | 'missed'

export function lookUp(
  question: Question,
  entries: readonly AccessEntry[],
  unknown: readonly UnknownAccess[],
  isCovered: (entry: AccessEntry, question: Question) => boolean = isAbout,
): LookedUp {
  const labels = labelsOf(question)
  const isTold = (principals: readonly string[]) => principals.some((label) => labels.has(label))
  if (entries.some((entry) => isTold(entry.principals) && isCovered(entry, question))) return 'listed'
  return unknown.some(({ principals }) => isTold(principals)) ? 'unknown' : 'missed'
}

/**
 * Whoever a canonical or unique id is, or has a session by a provider, is of the account that the request tells; and who says that
 * they are of our organization, and not of which account, of one that belongs to it. A federated user of no told account is of any.
 */
export function labelsOf({
  requester: { kind, labels, members },
  resource,
  context,
}: Question): ReadonlySet<string> {
  if (!/^(?:canonical user|unique id|provider)$/.test(kind)) return labels
  const said = ['aws:principalarn', 'aws:principalaccount'].flatMap((key) => context.get(key) ?? [])
  const isOurs = context.get('aws:principalorgid')?.[0] === ORGANIZATION
  const told = said.length === 0 && isOurs ? (members ?? []) : said
  const isFederated = context.get('aws:principaltype')?.[0] === 'FederatedUser'
  return new Set([
    ...labels,
    ...told,
    ...(isFederated ? [`arn:${resource.split(':')[1] ?? 'aws'}:sts::*:federated-user/*`] : []),
    ...told.flatMap((value) =>
      [...value.matchAll(/\d{12}/g)].flatMap(([id]) => [
        `account:${id}`,
        `${value.split(':').slice(0, 5).join(':')}:federated-user/*`,
      ]),
    ),
  ])
}

/** Whether an entry is about the action and, by the patterns of its statement, the resource. */
export function isAbout(entry: AccessEntry, { action, resource, context }: Question): boolean {
  const lower = action.toLowerCase()
  // Whoever passes tags must be allowed that too, which is told as an action of its own.
  const asked = lower === 'sts:assumerole' && passesTags(context) ? [lower, 'sts:tagsession'] : [lower]
  if (!entry.actions.some((each) => asked.includes(each.toLowerCase()))) return false
  if (resource === '*' || entry.notResources.length > 0 || entry.resources.length === 0) return true
  return entry.resources.some((pattern) => matches(pattern, resource))
}

const passesTags = (context: Question['context']): boolean =>
  [...context.keys()].some((key) => /^(?:aws:requesttag\/|aws:tagkeys$|sts:transitivetagkeys$)/i.test(key))

/** A pattern of fewer than six segments, or with a variable, is taken to; what lies in a resource belongs to it. */
const matches = (pattern: string, text: string): boolean =>
  pattern.includes('${') ||
  pattern.split(':').length < 6 ||
  text.startsWith(`${pattern}/`) ||
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(text)
