import { printable } from '../layout/paint.ts'

/** What is said of one account: a line with its name, and the rest below. */
interface AccountText {
  readonly account: { readonly id: string; readonly name: string }
  readonly text: string
}

/** Less is as quickly read twice. */
const FEWEST_LINES = 4

/** What is said of each account; what is the same of several, but for ids, names and places, once. */
export const accountsText = (parts: readonly AccountText[]): string => accountTexts(parts).join('\n\n')

/** The same one by one, for whoever says them as they come. */
export function accountTexts(parts: readonly AccountText[]): readonly string[] {
  const groups: AccountText[][] = []
  const byMeaning = new Map<string, AccountText[]>()
  for (const part of parts) {
    const key = meaningOf(part)
    const known = key === null ? undefined : byMeaning.get(key)
    if (known !== undefined) {
      known.push(part)
      continue
    }
    const group = [part]
    groups.push(group)
    if (key !== null) byMeaning.set(key, group)
  }
  return groups.flatMap(([first, ...others]) => {
    if (first === undefined) return []
    if (others.length === 0) return [first.text]
    const names = others.map(({ account }) => `${printable(account.name)} (${account.id})`).join(', ')
    return [`${first.text}\n\nthe same, but for ids and places, of ${names}`]
  })
}

/** Equal for accounts of which the same is said; null: it is too short to be left out. */
function meaningOf({ account, text }: AccountText): string | null {
  const plain = text.replace(/\u001b\[[\d;]*m/g, '')
  if (plain.split('\n').length < FEWEST_LINES) return null
  return plain
    .replaceAll(account.id, '#')
    .replaceAll(account.name, '#')
    .replace(/\S+\.(?:ya?ml|json):\d+/g, '#')
    .replace(/; \d+ unchanged/g, '')
}
