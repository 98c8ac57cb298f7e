import {
  type Diagnostic,
  errorOf,
  type Located,
  nodeAt,
  type Span,
  spanAt,
  spanOf,
} from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  type EntityKind,
  entityRef,
  keysOf,
  type ListedBy,
  parseEntityArn,
} from '../../model/index.ts'
import { type EntityFacts, oneOf } from '../../model/kind-facts.ts'
import { withReplaced } from '../../model/replaced-entries.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { EntityManifests, Lists } from '../manifest-kind.ts'
import type { EntityContext } from './entity-reading.ts'

type Entities = { readonly [K in EntityKind]: ReadonlyMap<string, AnyDesiredEntity> }

/** A kind that may say who is in one of it, and the kind of whom it says so. */
interface Listing {
  readonly lists: Lists
  readonly by: EntityFacts
  readonly of: EntityFacts
}

/** The context of a reading, and how much may be in a list of somebody. */
type Context = Pick<EntityContext, 'names' | 'report'> & { readonly most: (quota: Lists['quota']) => number }

/**
 * Tells those who are listed by others that they are, and those who aren't, and have no list of their own: of whoever lists somebody,
 * all members are known. What both sides say must be the same.
 * @returns the maps of kinds in which somebody changed
 */
export function tellListed(
  kinds: EntityManifests,
  entities: Entities,
  context: Context,
): { readonly [K in EntityKind]?: ReadonlyMap<string, AnyDesiredEntity> } {
  const changed: { [K in EntityKind]?: ReadonlyMap<string, AnyDesiredEntity> } = {}
  for (const kind of keysOf(kinds)) {
    const { lists, facts } = kinds[kind]
    if (lists === undefined) continue
    const listing = { lists, by: facts, of: kinds[lists.of].facts }
    const listers = [...entities[kind].values()].filter((each) => listOf(each, lists.key) !== undefined)
    if (listers.length > 0) changed[lists.of] = toldOf(listing, listers, entities[lists.of], context)
  }
  return changed
}

function toldOf(
  listing: Listing,
  listers: readonly AnyDesiredEntity[],
  listed: ReadonlyMap<string, AnyDesiredEntity>,
  context: Context,
): ReadonlyMap<string, AnyDesiredEntity> {
  const { key, attribute } = listing.lists
  const by = new Map(listers.map((lister) => [lister.name, lister]))
  const names = new Set(by.keys())
  const of = new Map<string, string[]>()
  for (const lister of listers)
    for (const name of listOf(lister, key) ?? []) {
      const member = listed.get(name)
      if (member === undefined) {
        if (context.names.isComplete)
          context.report([unknownMember(listing, lister, name, listed.keys(), context)])
        continue
      }
      const own = listOf(member, attribute)
      if (own === undefined) of.set(name, [...(of.get(name) ?? []), lister.name])
      else if (!own.includes(lister.name))
        context.report([
          disagreement(listing, {
            says: `\`${entityRef(lister.kind, lister.name)}\` lists \`${shorten(name)}\`, whose \`${attribute}\` doesn't have it`,
            span: placeIn(lister.node, key, name),
            other: attribute,
            there: spanAt(member.node, [attribute]),
          }),
        ])
    }
  for (const member of listed.values())
    for (const name of listOf(member, attribute) ?? []) {
      const lister = by.get(name)
      if (lister === undefined || listOf(lister, key)?.includes(member.name) !== false) continue
      context.report([
        disagreement(listing, {
          says: `\`${entityRef(member.kind, member.name)}\` is to be in \`${shorten(name)}\`, whose \`${key}\` doesn't have it`,
          span: placeIn(member.node, attribute, name),
          other: key,
          there: spanAt(lister.node, [key]),
        }),
      ])
    }
  const most = context.most(listing.lists.quota)
  const told = [...listed.values()].flatMap((member) => {
    if (listOf(member, attribute) !== undefined) return []
    const groups = of.get(member.name) ?? []
    if (groups.length > most) context.report([tooMany(listing, member, groups.length, most)])
    return [[member.name, withListed(member, attribute, { in: groups, by: names })] as const]
  })
  return withReplaced(listed, told)
}

/** What is under a name of an entity, if that is a list. */
function listOf(entity: AnyDesiredEntity, key: string): readonly string[] | undefined {
  const value: unknown = Reflect.get(entity, key)
  return Array.isArray(value) ? value : undefined
}

/** By who was told: told the same again, it is the same. */
const known = new WeakMap<AnyDesiredEntity, { readonly listed: ListedBy; readonly told: AnyDesiredEntity }>()

function withListed(entity: AnyDesiredEntity, attribute: string, listed: ListedBy): AnyDesiredEntity {
  const before = known.get(entity)
  if (before !== undefined && sameListed(before.listed, listed)) return before.told
  const told = { ...entity, listed: new Map([...(entity.listed ?? []), [attribute, listed]]) }
  known.set(entity, { listed, told })
  return told
}

const sameListed = (a: ListedBy, b: ListedBy): boolean =>
  a.in.length === b.in.length &&
  a.by.size === b.by.size &&
  a.in.every((name, index) => b.in[index] === name) &&
  [...a.by].every((name) => b.by.has(name))

const disagreement = (
  { lists, by, of }: Listing,
  { says, span, other, there }: Record<'says' | 'other', string> & Record<'span' | 'there', Span>,
): Diagnostic =>
  errorOf({
    code: 'manifest.members-disagree',
    message: says,
    help: `say it on one side: in \`${lists.key}\` of the ${by.label}, or in \`${lists.attribute}\` of the ${of.label}`,
    span,
    related: [{ message: `\`${other}\` here`, span: there }],
  })

function unknownMember(
  { lists, of }: Listing,
  lister: AnyDesiredEntity,
  name: string,
  declared: Iterable<string>,
  { names: { suggestions } }: Context,
): Diagnostic {
  const word = parseEntityArn(name)?.name ?? name
  return errorOf({
    code: lists.unknown,
    message: `no ${of.label} \`${shorten(name)}\` is declared`,
    help: suggestions.help(
      of.label,
      word.slice(word.lastIndexOf('/') + 1),
      () => declared,
      `declare it under \`${of.section}\`: \`${lists.key}\` takes the names of those alone`,
      name,
    ),
    span: placeIn(lister.node, lists.key, name),
  })
}

const tooMany = (
  { lists, by, of }: Listing,
  { name, span }: AnyDesiredEntity,
  count: number,
  most: number,
): Diagnostic =>
  errorOf({
    code: 'manifest.quota',
    message: `${of.label} \`${shorten(name)}\` is in \`${lists.key}\` of ${count} ${by.section}; at most ${most} are allowed`,
    help: `list ${oneOf(of)} in fewer of them`,
    span: spanOf(span),
  })

/** Where a list names something, by name or ARN. */
function placeIn(node: Located, key: string, name: string): Span {
  const list = nodeAt(node, [key])
  const item =
    list?.kind === 'list'
      ? list.items.find(
          (each) =>
            each.kind === 'scalar' &&
            (each.value === name || parseEntityArn(String(each.value))?.name === name),
        )
      : undefined
  return item === undefined ? spanAt(node, [key]) : spanOf(item)
}
