/** One character of a name, or, with `many`, one or more of a kind. null: one that no pattern spells out. */
export interface NamePart {
  readonly of: RegExp | string | null
  readonly many: boolean
}

/** No pattern holds it. */
const OPAQUE = '\uE000'

/**
 * What a pattern of IAM says of names that begin alike, each as a text that is the same for those of which it says the same, whatever
 * comes behind them. Policy variables are taken as `*`.
 * @param before what stands before the name
 * @param behind what something may begin with that comes behind it: `/`
 * @returns two where there are more; null: there are too many to go through
 */
export function answersOf(
  pattern: string,
  before: string,
  form: readonly NamePart[],
  behind: readonly string[],
): ReadonlySet<string> | null {
  const tokens = [...pattern]
  const spelt = [...new Set(tokens)].filter((each) => each !== '*' && each !== '?')
  const answers = new Set<string>()
  const seen = new Set<string>()
  const open: [part: number, at: readonly number[]][] = [[0, stepped(tokens, before)]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [index, at] = next
    const part = form[index]
    if (part === undefined) {
      answers.add(answerAt(tokens, at, behind))
      if (answers.size > 1) return answers
      continue
    }
    for (const character of charactersOf(part, spelt)) {
      const then = step(tokens, at, character)
      for (const to of part.many ? [index, index + 1] : [index + 1]) {
        const key = `${to} ${then.join()}`
        if (seen.has(key)) continue
        if (seen.size >= MOST_STATES) return null
        seen.add(key)
        open.push([to, then])
      }
    }
  }
  return answers
}

/** What a pattern says of one text, in the words of `answersOf`. */
export function answerOf(pattern: string, text: string, behind: readonly string[]): string {
  const tokens = [...pattern]
  return answerAt(tokens, stepped(tokens, text), behind)
}

/** Enough for any pattern that somebody writes. */
const MOST_STATES = 5_000

const charactersOf = ({ of }: NamePart, spelt: readonly string[]): readonly string[] =>
  of === null ? [OPAQUE] : typeof of === 'string' ? [of] : [...spelt.filter((each) => of.test(each)), OPAQUE]

function answerAt(tokens: readonly string[], at: readonly number[], behind: readonly string[]): string {
  const rest = (places: readonly number[]) =>
    JSON.stringify(places.map((place) => tokens.slice(place).join('')))
  return [at.includes(tokens.length), ...behind.map((each) => rest(step(tokens, at, each)))].join(' ')
}

const stepped = (tokens: readonly string[], text: string): readonly number[] =>
  [...text].reduce<readonly number[]>((at, character) => step(tokens, at, character), closed(tokens, [0]))

function step(tokens: readonly string[], at: readonly number[], character: string): readonly number[] {
  return closed(
    tokens,
    at.flatMap((place) => {
      const token = tokens[place]
      if (token === '*') return [place]
      return token === '?' || token === character ? [place + 1] : []
    }),
  )
}

/** What comes before the last `*` that is reached says nothing more: the star takes all that it would. */
function closed(tokens: readonly string[], places: readonly number[]): readonly number[] {
  const all = new Set<number>()
  for (let place of places) {
    all.add(place)
    while (tokens[place] === '*') all.add(++place)
  }
  const sorted = [...all].sort((a, b) => a - b)
  const last = sorted.findLast((place) => tokens[place] === '*') ?? 0
  return sorted.filter((place) => place >= last)
}
