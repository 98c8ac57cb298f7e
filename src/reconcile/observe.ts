import {
  type Account,
  type AccountState,
  type AnyEntityState,
  type EntityKind,
  type EntityStates,
  keysOf,
} from '../model/index.ts'
import type { IamReader } from '../target/ports.ts'
import { withOneReport } from './credential-report.ts'
import { DocumentReader } from './document-reader.ts'
import { type AskedParents, type Claims, readChildren } from './observe-children.ts'
import type { DetailsPage, EntityObservation, ObserveKinds } from './observe-kind.ts'
import { readUndeclared, undeclaredIn } from './observe-undeclared.ts'
import { eachPage } from './pages.ts'

/**
 * Everything that an account holds of the given kinds: of managed policies the customer's own only, of roles the
 * service-linked ones too. What somebody else deletes while this reads is left out.
 * @param asked of whom what is named under them is read; absent: of nobody
 * @param claims whose other credentials are looked for; null: nobody's
 * @throws IamError as the target refuses; `ServiceFailure` for an answer that makes no sense
 */
export async function observe(
  of: IamReader,
  account: Account,
  kinds: ObserveKinds,
  asked: (entities: EntityStates) => AskedParents = () => NOBODY,
  claims: Pick<Claims, 'desired'> | null = null,
): Promise<AccountState> {
  const reader = withOneReport(of)
  const documents = new DocumentReader()
  const begun = keysOf(kinds.entities).map((kind) => begin(kind, kinds.entities[kind], documents))
  await eachPage(
    (page) =>
      reader.read('GetAccountAuthorizationDetails', {
        Filter: Object.values(kinds.entities).flatMap(({ filter }) => filter ?? []),
        ...page,
      }),
    (page) => {
      for (const { take } of begun) take(page)
    },
  )
  const [entities, settings] = await Promise.all([
    readEach(Object.fromEntries(begun.map(({ kind, finish }) => [kind, finish])), async (finish) =>
      byName(await finish(reader)),
    ),
    readEach(kinds.settings, ({ read }) => read(reader)),
  ])
  // Each kind reads states of its own: `ObserveKinds` says so, a table by kind can't.
  const states = entities as EntityStates
  const read = asked(states)
  return {
    account,
    entities: states,
    // And a setting its own value.
    settings: settings as AccountState['settings'],
    children: await readChildren(reader, kinds.children, read),
    ...(claims === null
      ? {}
      : {
          undeclared: await readUndeclared(reader, kinds.children, undeclaredIn(states, claims, read)),
        }),
  }
}

const NOBODY: AskedParents = {}

interface Begun {
  readonly kind: EntityKind
  readonly take: (page: DetailsPage) => void
  readonly finish: (reader: IamReader) => Promise<readonly AnyEntityState[]>
}

const begin = (
  kind: EntityKind,
  observation: EntityObservation<AnyEntityState>,
  documents: DocumentReader,
): Begun =>
  observation.filter === null
    ? { kind, take: () => {}, finish: (reader) => observation.read({ reader }) }
    : { kind, ...observation.begin(documents) }

/** Of all kinds at once. */
async function readEach<K extends string, Kind>(
  kinds: Readonly<Record<K, Kind>>,
  read: (kind: Kind) => Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  const values = await Promise.all(
    keysOf(kinds).map(async (kind) => [kind, await read(kinds[kind])] as const),
  )
  return Object.fromEntries(values)
}

const byName = <T extends { readonly name: string }>(entities: readonly T[]): ReadonlyMap<string, T> =>
  new Map(entities.map((entity) => [entity.name, entity]))
