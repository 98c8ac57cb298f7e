import type { Literal } from '../symbolic/atom.ts'
import { variableMarker } from '../symbolic/compile-text.ts'
import type { Symbols } from '../symbolic/symbols.ts'
import type { SessionTags, TagWay } from './session-tags.ts'
import { PRINCIPAL_TAG } from './tag-keys.ts'
import { keyAtomOf } from './tag-way.ts'

/**
 * Whether a tag that is passed by a way has, by what the way asks for, the value that the principal has: as with
 * `aws:RequestTag/team` = `${aws:PrincipalTag/team}`. It can't be left out then.
 * @param key in lower case
 */
export const keepsTag = ({ tagger, ofTag }: TagWay, key: string, symbols: Symbols): boolean =>
  tagger.isTagged && (ofTag.get(key) ?? []).some((each) => isOfPrincipal(each, key, symbols))

function isOfPrincipal(literal: Literal, key: string, symbols: Symbols): boolean {
  const { predicate, whenAbsent } = keyAtomOf(literal, symbols)
  const variable = { kind: 'variable', name: `${PRINCIPAL_TAG}${key}`, fallback: null } as const
  const marker = variableMarker(variable, symbols)
  return (
    literal > 0 &&
    !whenAbsent &&
    predicate?.kind === 'text' &&
    predicate.lang.globs.every((glob) => glob.length === 1 && glob[0] === marker)
  )
}

const keepsAll = (way: TagWay, keys: ReadonlySet<string>, symbols: Symbols): boolean =>
  keys.size > 0 && [...keys].every((key) => keepsTag(way, key, symbols))

/**
 * Where the tags of a role's sessions come from: the sessions of a role that are started with the tags of others' sessions
 * have no tags but those, whether roles assume each other, or themselves, again and again.
 * @returns roles whose sessions' tags are tags of this one's, itself first, each with the ways by which tags are given that
 * aren't the principal's already; null: there may be more
 */
export function sourcesOf(
  tags: SessionTags,
  keys: ReadonlySet<string>,
  symbols: Symbols,
): readonly (readonly [SessionTags, readonly TagWay[]])[] | null {
  const found = new Set([tags])
  const sources: (readonly [SessionTags, readonly TagWay[]])[] = []
  for (const each of found) {
    if (each.isOpen) return null
    const others: TagWay[] = []
    for (const way of each.ways) {
      const before = keepsAll(way, keys, symbols) ? way.tagger.tags() : null
      if (before === null) others.push(way)
      // What is added while it is walked through is walked through as well.
      else found.add(before)
    }
    sources.push([each, others])
  }
  return sources
}
