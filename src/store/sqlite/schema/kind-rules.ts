import type { DocumentSlot, EntityStore, LinkTarget } from '../../store-kind.ts'
import type { Connection } from '../connection.ts'
import { EARLIER_RULES } from './earlier-rows.ts'
import type { KindRegistry } from './kind-registry.ts'
import { FIRST_OF_ENTITIES } from './migrations.ts'
import {
  IS_NO_PATH,
  isNoName,
  isNoPolicy,
  isNoTime,
  JOURNAL_TEXTS,
  ODD_CHARACTERS,
  type RowRules,
  UNPRINTABLE,
} from './senseless.ts'

/** @see IAM API Reference: the length of PolicyName */
const LONGEST_POLICY_NAME = '128'

/** @param version of the schema */
export const rulesOf = <E, S>(version: number, kinds: KindRegistry<E, S>): RowRules =>
  version < FIRST_OF_ENTITIES ? EARLIER_RULES : rulesOfKinds(kinds)

function rulesOfKinds<E, S>(kinds: KindRegistry<E, S>): RowRules {
  const entities = [...kinds.entities]
  return {
    senseless: [
      ['entities', entityRows(entities)],
      ...parentRows(entities),
      ...slotsOf(entities).flatMap(missingDocuments),
      ['links', foreignRows('links', 'relation', entities, ({ links }) => Object.keys(links))],
      ...linksOf(entities).map(([relation, target]) => ['links', linkRows(relation, target)] as const),
      ['documents', foreignRows('documents', 'slot', entities, ({ documents }) => Object.keys(documents))],
      ...slotsOf(entities).map(({ slot, names }) => ['documents', documentRows(slot, names)] as const),
    ],
    texts: [['documents', 'text', 'Statement'], ...JOURNAL_TEXTS],
    assertReadable: (connection) => assertReadable(connection, kinds),
  }
}

type Entities = readonly (readonly [kind: string, store: EntityStore<unknown>])[]

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`
const list = (values: readonly string[]): string => `(${values.map(text).join(', ')})`

function entityRows(entities: Entities): string {
  const kinds = list(entities.map(([kind]) => kind))
  const children = entities.filter(([, { parent }]) => parent !== null)
  const owned = list(children.map(([kind]) => kind))
  const always = list(
    children.flatMap(([kind, { isParentOptional }]) => (isParentOptional === true ? [] : [kind])),
  )
  const longest = entities.map(([kind, { longestName }]) => `WHEN ${text(kind)} THEN ${longestName}`)
  const printable = list(entities.flatMap(([kind, { names }]) => (names === undefined ? [] : [kind])))
  const odd = `CASE WHEN kind IN ${printable} THEN ${UNPRINTABLE} ELSE ${ODD_CHARACTERS} END`
  return `SELECT 1 FROM entities WHERE kind NOT IN ${kinds} OR (kind NOT IN ${owned} AND parent_id IS NOT NULL)
    OR (kind IN ${always} AND parent_id IS NULL)
    OR name_key <> lower(name) OR ${isNoName('name', `CASE kind ${longest.join(' ')} END`, odd)}
    OR ${IS_NO_PATH} OR ${isNoTime('created')}`
}

const parentRows = (entities: Entities): RowRules['senseless'] =>
  entities.flatMap(([kind, { parent }]) =>
    parent === null
      ? []
      : [
          [
            'entities',
            `SELECT 1 FROM entities e JOIN entities p ON p.id = e.parent_id
             WHERE e.kind = ${text(kind)} AND p.kind <> ${text(parent)}`,
          ] as const,
        ],
  )

/** Links or documents of a sort that their owner's kind has none of. */
function foreignRows(
  table: 'links' | 'documents',
  column: 'relation' | 'slot',
  entities: Entities,
  sortsOf: (store: EntityStore<unknown>) => readonly string[],
): string {
  const known = entities.map(
    ([kind, store]) => `WHEN ${text(kind)} THEN t.${column} NOT IN ${list(sortsOf(store))}`,
  )
  return `SELECT 1 FROM ${table} t JOIN entities e ON e.id = t.owner_id WHERE CASE e.kind ${known.join(' ')} ELSE 1 END`
}

const linksOf = (entities: Entities): readonly (readonly [string, LinkTarget])[] => [
  ...new Map(entities.flatMap(([, { links }]) => Object.entries(links))),
]

function linkRows(relation: string, target: LinkTarget): string {
  const ofSort = `relation = ${text(relation)}`
  switch (target.to) {
    case 'policy': {
      const wrong = `SELECT 1 FROM links WHERE ${ofSort} AND (target_id IS NOT NULL OR ${isNoPolicy('target')})`
      return target.most === 'many' ? wrong : orSeveral(wrong, ofSort)
    }
    case 'entity': {
      const wrong = `SELECT 1 FROM links l LEFT JOIN entities e ON e.id = l.target_id
        WHERE ${ofSort} AND (l.target_id IS NOT l.target OR e.kind IS NOT ${text(target.kind)})`
      return target.most === undefined ? wrong : orSeveral(wrong, ofSort)
    }
    case 'id':
      return `SELECT 1 FROM links WHERE ${ofSort} AND target_id IS NOT NULL`
  }
}

/** Also whoever has more than one link of a sort. */
const orSeveral = (wrong: string, ofSort: string): string =>
  `SELECT * FROM (${wrong})
   UNION ALL SELECT 1 FROM links WHERE ${ofSort} GROUP BY owner_id HAVING count(*) > 1`

interface Slot {
  readonly kind: string
  readonly slot: string
  readonly names: DocumentSlot
}

const slotsOf = (entities: Entities): readonly Slot[] =>
  entities.flatMap(([kind, { documents }]) =>
    Object.entries(documents).map(([slot, names]) => ({ kind, slot, names })),
  )

function documentRows(slot: string, { names }: DocumentSlot): string {
  const ofSort = `SELECT 1 FROM documents WHERE slot = ${text(slot)}`
  switch (names) {
    case 'none':
      return `${ofSort} AND name <> ''`
    case 'policy':
      return `${ofSort} AND (${isNoName('name', LONGEST_POLICY_NAME)} OR size IS NULL)`
    case 'number':
      return `${ofSort} AND (CAST(CAST(name AS INTEGER) AS TEXT) <> name OR CAST(name AS INTEGER) < 1
        OR created IS NULL OR ${isNoTime('created')})`
  }
}

/** Entities without a document that each of their kind has. */
function missingDocuments({ kind, slot, names }: Slot): RowRules['senseless'] {
  if (names.names === 'policy') return []
  const there = `EXISTS (SELECT 1 FROM documents d WHERE d.owner_id = e.id AND d.slot = ${text(slot)}`
  const isMissing =
    names.names === 'none'
      ? `NOT ${there})`
      : // `json_extract` ends the query on what is no JSON.
        `CASE WHEN json_valid(e.body) THEN NOT ${there} AND d.name = CAST(json_extract(e.body, ${text(`$.${names.current}`)}) AS TEXT)) ELSE 1 END`
  return [['entities', `SELECT 1 FROM entities e WHERE e.kind = ${text(kind)} AND ${isMissing}`]]
}

function assertReadable<E, S>(connection: Connection, kinds: KindRegistry<E, S>): void {
  const bodies = connection.all<{ readonly kind: string; readonly body: string }>(
    'SELECT kind, body FROM entities',
  )
  for (const { kind, body } of bodies) kinds.assertBody(kind, body)
  const values = connection.all<{ readonly name: string; readonly value: string }>(
    'SELECT name, value FROM settings',
  )
  for (const { name, value } of values) kinds.assertValue(name, value)
}
