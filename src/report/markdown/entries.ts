import { accountTitle } from '../layout/account-title.ts'
import { counted } from '../layout/paint.ts'
import type { ReviewEntry } from '../review/review.ts'
import { fenced } from './fenced.ts'
import { codeSpan, inline } from './inline.ts'

/** One line of a list: whom it is about, and what is said of them in short. */
export function shortItem(entry: ReviewEntry, showsAccount: boolean): string {
  const { who, short, account } = entry
  const where = showsAccount && account !== null ? ` in ${codeSpan(accountTitle(account))}` : ''
  return `- **${inline(who)}**${where}${short === '' ? '' : `: ${inline(short)}`}`
}

/** The same with everything there is to say below it. */
export function fullItem(entry: ReviewEntry, showsAccount: boolean): string {
  const item = shortItem(entry, showsAccount)
  if (entry.lines.length === 0) return item
  const block = fenced(entry.lines.join('\n')).split('\n')
  return [item, ...block.map((line) => `  ${line}`)].join('\n')
}

/** A change as `diff` shows it: what comes and what goes is told by how a line begins. */
export function diffLines({ sign, who, short, lines }: ReviewEntry): readonly string[] {
  const details = lines.length === 0 && short !== '' ? [short] : lines
  return [`${sign} ${who}`, ...details.map(signFirst)]
}

const signFirst = (line: string): string => {
  const [, indent = '', sign = ''] = /^( *)([+~±-]) /.exec(line) ?? []
  return sign === '' ? `    ${line}` : `${sign}   ${indent}${line.slice(indent.length + 2)}`
}

/** Entries that say the same of the same, as one each; in the order of the first ones. */
export function alikeAsOne(
  entries: readonly ReviewEntry[],
  keyOf: (entry: ReviewEntry) => string,
): readonly ReviewEntry[] {
  const groups = new Map<string, ReviewEntry[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [entry])
    else known.push(entry)
  }
  return [...groups.values()].flatMap((group) => {
    const [first, second] = group
    if (first === undefined) return []
    if (second === undefined) return [first]
    return [
      {
        ...first,
        who: `${first.who} and ${counted(group.length - 1, 'more', 'more')} alike`,
        principals: [...new Set(group.flatMap(({ principals }) => principals))],
        count: group.reduce((sum, { count }) => sum + count, 0),
      },
    ]
  })
}
