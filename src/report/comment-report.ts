import { printable } from './layout/paint.ts'

/** What became of the comment on a pull request. */
export interface CommentReport {
  /**
   * `equal`: it says this already. `none`: nothing was to be said. `moved`: the pull request has another commit by now.
   * `planned`: nothing was sent.
   */
  readonly outcome: 'created' | 'edited' | 'equal' | 'none' | 'moved' | 'failed' | 'planned'
  /** Which pull request; null: none is named. */
  readonly where: string | null
  /** All of it, marker included. */
  readonly body: string
  readonly labels: { readonly add: readonly string[]; readonly remove: readonly string[] }
  /** What would be called; null: it was. */
  readonly calls: readonly { readonly method: string; readonly url: string }[] | null
}

const OUTCOMES: Readonly<Record<CommentReport['outcome'], string>> = {
  created: 'commented',
  edited: 'edited the comment',
  equal: 'the comment says it already',
  none: 'nothing to say, and no comment',
  moved: 'there is another commit by now: nothing was written',
  failed: 'no comment was written',
  planned: 'nothing was sent',
}

export function commentText({ outcome, where, body, labels, calls }: CommentReport): string {
  const on = where === null ? '' : ` on ${printable(where)}`
  const changed = [...labels.add.map((label) => `+ ${label}`), ...labels.remove.map((label) => `- ${label}`)]
  return [
    ...(calls === null ? [] : [body, '']),
    `${OUTCOMES[outcome]}${on}`,
    ...(changed.length === 0 ? [] : [`labels: ${changed.join(', ')}`]),
    ...(calls ?? []).map(({ method, url }) => `would call ${method} ${printable(url)}`),
  ].join('\n')
}

export const commentJson = ({ outcome, where, body, labels, calls }: CommentReport): object => ({
  outcome,
  where,
  body,
  labels,
  calls,
})
