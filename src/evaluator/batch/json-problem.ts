const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d

/** Whatever goes through JSON level by level would run out of stack much deeper; no policy comes near. */
const MOST_LEVELS = 500
const TOO_DEEP = `lists and objects stand more than ${MOST_LEVELS} deep in each other`

/**
 * What is wrong with a JSON text that a parser takes, or null: a key that stands twice in one object (a parser would
 * keep the last of them silently, which in a policy is another policy), or more than 500 levels.
 * @param text what `JSON.parse` takes
 */
export function jsonProblem(text: string): string | null {
  // Of each list and object around: its keys so far, or null for a list.
  const around: (Set<string> | null)[] = []
  let keys: Set<string> | null = null
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
        if (around.push(keys) > MOST_LEVELS) return TOO_DEEP
        keys = new Set()
        break
      case OPEN_LIST:
        if (around.push(keys) > MOST_LEVELS) return TOO_DEEP
        keys = null
        break
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        keys = around.pop() ?? null
        break
      case QUOTE: {
        const end = endOfString(text, at)
        if (keys !== null && isFollowedByColon(text, end)) {
          const written = text.slice(at, end)
          const key = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
          if (keys.has(key)) return `the key \`${key}\` stands twice in one object`
          keys.add(key)
        }
        at = end - 1
        break
      }
      default:
    }
  }
  return null
}

/** @returns the place behind the closing quote */
function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++
  return at + 1
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === COLON
}
