import {
  type AnyDesiredEntity,
  type AnyEntityState,
  CHILD_KINDS,
  CHILDREN,
  type ChildKind,
  type ChildState,
  ENTITY_KINDS,
  type EntityStates,
  entityRef,
  type UndeclaredCredentials,
} from '../model/index.ts'
import type { IamReader } from '../target/ports.ts'
import { orWhenMissing } from './api-values.ts'
import { type ReportRow, readCredentialReport, whoseRow } from './credential-report.ts'
import { mapAtOnce } from './map-at-once.ts'
import type { AskedParents, Claims } from './observe-children.ts'
import type { ChildObservation, ObserveKinds } from './observe-kind.ts'

/** Whom credentials are looked for of that they don't declare: of each kind the names, and all of them by `entityRef`. */
interface LookedFor {
  readonly of: ReadonlySet<string>
  readonly asked: AskedParents
}

/** Those who are declared, of each kind that is not read of them anyway. */
export function undeclaredIn(
  entities: EntityStates,
  { desired }: Pick<Claims, 'desired'>,
  read: AskedParents,
): LookedFor {
  const of = new Set<string>()
  const asked: Partial<Record<ChildKind, string[]>> = {}
  for (const parent of ENTITY_KINDS) {
    const kinds = CHILD_KINDS.filter((kind) => CHILDREN[kind].parent === parent)
    if (kinds.length === 0) continue
    const states: ReadonlyMap<string, AnyEntityState> = entities[parent]
    const declared: ReadonlyMap<string, AnyDesiredEntity> = desired.entities[parent]
    const names = [...declared.keys()].filter((name) => states.has(name)).sort()
    for (const name of names) of.add(entityRef(parent, name))
    for (const kind of kinds) {
      const known = new Set(read[kind])
      const others = names.filter((name) => !known.has(name))
      if (others.length > 0) asked[kind] = others
    }
  }
  return { of, asked }
}

/** Whether it was looked at of all who are declared. */
export const wasLookedFor = (
  entities: EntityStates,
  { desired }: Pick<Claims, 'desired'>,
  undeclared: UndeclaredCredentials | undefined,
): boolean =>
  undeclared === undefined ||
  ENTITY_KINDS.filter((parent) => PARENTS.has(parent)).every((parent) => {
    const states: ReadonlyMap<string, AnyEntityState> = entities[parent]
    const declared: ReadonlyMap<string, AnyDesiredEntity> = desired.entities[parent]
    for (const name of declared.keys())
      if (states.has(name) && !undeclared.of.has(entityRef(parent, name))) return false
    return true
  })

const PARENTS: ReadonlySet<string> = new Set(CHILD_KINDS.map((kind) => CHILDREN[kind].parent))

/**
 * Looks for credentials with as few calls as there can be: those of everybody by one listing, those that a credential report
 * counts by a call for each who has any, and of what neither shows the first so many.
 * @throws IamError
 */
export async function readUndeclared(
  reader: IamReader,
  kinds: ObserveKinds['children'],
  { of, asked }: LookedFor,
): Promise<UndeclaredCredentials> {
  const states: Partial<Record<ChildKind, ReadonlyMap<string, readonly ChildState[]>>> = {}
  const unread: Partial<Record<ChildKind, ReadonlySet<string>>> = {}
  const askedKinds = CHILD_KINDS.filter((kind) => asked[kind] !== undefined)
  const isReported = askedKinds.some((kind) => isInReports(kind))
  const report = isReported ? await readCredentialReport(reader) : []
  for (const kind of askedKinds) {
    const names = asked[kind] ?? []
    const { everybody } = kinds[kind]
    const known = everybody === undefined ? null : await everybody(reader)
    const reported = isInReports(kind) ? holdersIn(report, kind) : null
    const open = names.filter((name) => known?.has(name) !== true && reported?.has(name) !== false)
    // Where a listing has everybody, and no report says otherwise, nobody else has any.
    const single = known !== null && reported === null ? [] : open
    const most = reported === null ? MOST_ASKED : single.length
    const read = await listOfEach(reader, kinds[kind], single.slice(0, most))
    const found = names.flatMap((name) => {
      const each = known?.get(name) ?? read.get(name) ?? []
      return each.length === 0 ? [] : [[name, each] as const]
    })
    if (found.length > 0) states[kind] = new Map(found)
    if (single.length > most) unread[kind] = new Set(single.slice(most))
  }
  return { of, states, unread }
}

/**
 * Of how many users is asked one by one what no listing has: with five calls at once some seconds.
 * @see IAM publishes no rates
 */
const MOST_ASKED = 200
const AT_ONCE = 5

async function listOfEach(
  reader: IamReader,
  { read, listed = read }: ChildObservation,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly ChildState[]>> {
  const all = await mapAtOnce(
    names,
    AT_ONCE,
    // Whoever is gone has none.
    async (name) => [name, await orWhenMissing([], listed(reader, name))] as const,
  )
  return new Map(all)
}

const isInReports = (kind: ChildKind): boolean =>
  (CHILDREN[kind].reportedAs ?? CHILDREN[kind].reportedIn) !== undefined

/** Who has some by a report, in use or not. */
function holdersIn(report: readonly ReportRow[], kind: ChildKind): ReadonlySet<string> {
  const { reportedAs, reportedIn } = CHILDREN[kind]
  const isHeld = (row: ReportRow): boolean =>
    (reportedIn !== undefined && row.get(reportedIn) === 'true') ||
    (reportedAs !== undefined &&
      NUMBERS.some(
        (number) =>
          row.get(`${reportedAs}_${number}_active`) === 'true' ||
          isMoment(row.get(`${reportedAs}_${number}_last_rotated`)),
      ))
  return new Set(report.flatMap((row) => (isHeld(row) ? [whoseRow(row)] : [])))
}

/** @see IAM User Guide, "Getting credential reports for your AWS account": two of each */
const NUMBERS = [1, 2]

const isMoment = (text = ''): boolean => /^\d{4}-/.test(text)
