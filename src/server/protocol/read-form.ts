import { malformedQuery } from './protocol-error.ts'

/** More than any operation takes: the longest lists have some hundred items of two members each. */
const MOST_PARAMETERS = 10_000
/** The deepest member of any operation is one of a list of structures. */
const DEEPEST = 12

/** What a form says, by the parts of its names. */
export interface FormNode {
  /** null: nothing but what is below it */
  value: string | null
  readonly children: Map<string, FormNode>
}

/** `application/x-www-form-urlencoded`: names and values, in their order. */
export function readPairs(text: string): readonly (readonly [name: string, value: string])[] {
  if (text === '') return []
  let many = 1
  for (let place = text.indexOf('&'); place >= 0; place = text.indexOf('&', place + 1))
    if (++many > MOST_PARAMETERS) throw malformedQuery('The request has too many parameters.')
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0
        ? [decoded(pair), '']
        : [decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))]
    })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw malformedQuery('The query string contains a syntax error.')
  }
}

/** Names of members go down by dots. */
export function treeOf(pairs: Iterable<readonly [name: string, value: string]>): FormNode {
  const root: FormNode = { value: null, children: new Map() }
  for (const [name, value] of pairs) {
    const parts = name.split('.', DEEPEST + 1)
    if (parts.length > DEEPEST) throw malformedQuery('A parameter is nested too deeply.')
    let node = root
    for (const part of parts) {
      let below = node.children.get(part)
      if (below === undefined) {
        below = { value: null, children: new Map() }
        node.children.set(part, below)
      }
      node = below
    }
    if (node.value !== null) throw malformedQuery(`Duplicate parameter ${name.slice(0, 100)}.`)
    node.value = value
  }
  return root
}
