import type { KnownNames } from '../../../catalog/known-names.ts'
import { OPERATION_WORDS, SERVICE_WORDS } from '../../../catalog/other-words.ts'
import { nearest } from '../../../diagnostics/index.ts'
import { ownValue } from '../../../model/index.ts'
import { matchesPattern } from '../../../model/name-pattern.ts'

/** Verbs that stand for one another: an API lists what another describes. The likeliest first. */
const VERBS: readonly (readonly string[])[] = [
  [
    'Get',
    'List',
    'Describe',
    'BatchGet',
    'Read',
    'View',
    'Search',
    'Query',
    'Lookup',
    'Fetch',
    'Download',
    'Show',
  ],
  ['Create', 'Put', 'Add', 'Register', 'Make', 'New', 'Run', 'Upload', 'Write', 'Insert'],
  ['Update', 'Modify', 'Put', 'Set', 'Change', 'Edit', 'Patch', 'Replace'],
  ['Delete', 'Remove', 'Terminate', 'Deregister', 'Destroy', 'Drop', 'BatchDelete'],
  ['Start', 'Run', 'Execute', 'Invoke', 'Begin', 'Send'],
  ['Stop', 'Cancel', 'Abort', 'End'],
  ['Attach', 'Associate', 'Add'],
  ['Detach', 'Disassociate', 'Remove'],
]

/** The action of a service that a name was meant for. @returns in AWS's spelling, or null */
export function nearestAction(prefix: string, name: string, { facts }: KnownNames): string | null {
  const word = OPERATION_WORDS[`${prefix}:${name}`.toLowerCase()]
  if (word !== undefined) return word
  const actions = facts.actionsOf(prefix)
  const names = actions.map((action) => action.slice(action.indexOf(':') + 1))
  const close = nearest(name, names) ?? onlyBeginning(name, names) ?? withOtherVerb(name, names)
  return close === null ? null : `${prefix.toLowerCase()}:${close}`
}

/** The one name that begins so. */
function onlyBeginning(begin: string, names: readonly string[]): string | null {
  const found = names.filter((name) => name.toLowerCase().startsWith(begin.toLowerCase()))
  return found.length === 1 ? (found[0] ?? null) : null
}

/** `DescribeRole` for `GetRole`: the same thing, in the singular or the plural, with a verb that is near. */
function withOtherVerb(name: string, names: readonly string[]): string | null {
  const [, verb = '', noun = ''] = /^((?:Batch)?[A-Z][a-z]+)([A-Z].*)$/.exec(name) ?? []
  if (noun === '') return null
  for (const verbs of VERBS) {
    if (!verbs.includes(verb)) continue
    for (const other of verbs)
      for (const form of [
        noun,
        `${noun}s`,
        noun.replace(/s$/, ''),
        noun.replace(/y$/, 'ies'),
        noun.replace(/ies$/, 'y'),
      ]) {
        const found = names.find((known) => known.toLowerCase() === `${other}${form}`.toLowerCase())
        if (found !== undefined) return found
      }
  }
  return null
}

/**
 * The pattern that one was meant for that stands for nothing: its text put right up to the wildcard.
 * @param pattern a name with wildcards
 */
export function nearestPattern(prefix: string, pattern: string, { facts }: KnownNames): string | null {
  const names = facts.actionsOf(prefix).map((action) => action.slice(action.indexOf(':') + 1))
  const [, begin = '', rest = ''] = /^([^*?]*)([*?].*)$/.exec(pattern) ?? []
  const [, end = ''] = /([^*?]*)$/.exec(rest) ?? []
  const candidates: string[] = []
  if (begin.length > 1)
    candidates.push(...nearestParts(begin, names, beginningsOf).map((word) => `${word}${rest}`))
  if (end.length > 2 && rest.startsWith('*'))
    candidates.push(
      ...nearestParts(end, names, endsOf).map(
        (word) => `${begin}${rest.slice(0, rest.length - end.length)}${word}`,
      ),
    )
  const found = candidates.find((each) =>
    names.some((name) => matchesPattern(each.toLowerCase(), name.toLowerCase())),
  )
  return found === undefined ? null : `${prefix.toLowerCase()}:${found}`
}

function nearestParts(
  text: string,
  names: readonly string[],
  partsOf: (name: string) => readonly string[],
): readonly string[] {
  const close = nearest(text, new Set(names.flatMap(partsOf)))
  return close === null ? [] : [close]
}

/** `Delete`, `DeleteObject`, `DeleteObjectTagging`. */
function beginningsOf(name: string): readonly string[] {
  const words = wordsOf(name)
  return words.map((_, index) => words.slice(0, index + 1).join(''))
}

function endsOf(name: string): readonly string[] {
  const words = wordsOf(name)
  return words.map((_, index) => words.slice(index).join(''))
}

const wordsOf = (name: string): readonly string[] =>
  name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z]/g) ?? []

/**
 * The service that a prefix was meant for.
 * @param hasName whether it has what stands after the colon: of several that are near, one that has it
 */
export function nearestService(
  prefix: string,
  known: KnownNames,
  hasName: (prefix: string) => boolean = () => false,
): string | null {
  const services = known.facts.services()
  const plain = plainWord(prefix)
  const named = ownValue(SERVICE_WORDS, plain)
  if (named !== undefined) return named
  const titled = services.find(
    (each) =>
      plainWord(each.prefix) === plain || plainWord(each.title.replace(/^(?:amazon|aws)\s/i, '')) === plain,
  )
  if (titled !== undefined) return titled.prefix
  // Of a single letter everything is near.
  if (plain.length < 2) return null
  const prefixes = services.map((each) => each.prefix)
  const having = nearest(prefix, prefixes.filter(hasName))
  return (
    having ??
    nearest(prefix, prefixes) ??
    prefixes.find((each) => plain.length > 2 && hasName(each) && each.startsWith(plain)) ??
    null
  )
}

const plainWord = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')
