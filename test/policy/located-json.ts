import type { Located, LocatedEntry } from '../../src/diagnostics/index.ts'

/** Reads JSON into a tree with places. For tests: throws on what is not JSON. */
export function locatedJson(text: string, file = 'policy.json'): Located {
  let at = 0
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++
  }
  const expect = (character: string) => {
    skip()
    if (text[at] !== character) throw new Error(`expected ${character} at ${at} of ${text}`)
    at++
  }
  const scalar = (): Located => {
    const match = /^(?:"(?:[^"\\]|\\.)*"|[-+\w.]+)/.exec(text.slice(at))
    if (match === null) throw new Error(`no value at ${at} of ${text}`)
    const start = at
    at += match[0].length
    return {
      kind: 'scalar',
      value: JSON.parse(match[0]) as string | number | boolean | null,
      quoted: match[0].startsWith('"'),
      file,
      start,
      end: at,
    }
  }
  const members = (close: string, read: () => void) => {
    at++
    skip()
    while (text[at] !== close) {
      read()
      skip()
      if (text[at] !== close) expect(',')
      skip()
    }
    at++
  }
  const value = (): Located => {
    skip()
    const start = at
    if (text[at] === '{') {
      const entries: LocatedEntry[] = []
      members('}', () => {
        const key = scalar()
        expect(':')
        entries.push({ key: JSON.parse(text.slice(key.start, key.end)), keySpan: key, value: value() })
      })
      return { kind: 'map', entries, file, start, end: at }
    }
    if (text[at] === '[') {
      const items: Located[] = []
      members(']', () => items.push(value()))
      return { kind: 'list', items, file, start, end: at }
    }
    return scalar()
  }
  return value()
}
