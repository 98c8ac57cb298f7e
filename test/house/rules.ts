import { posix } from 'node:path'
import type { FileReading, ModuleMention } from './reading.ts'
import {
  FOUNDATIONS,
  GENERATED,
  HOUSE,
  type HouseTable,
  KIND_FACETS,
  MAY_IMPORT_CLI,
  MAY_IMPORT_LISTS,
  PACKAGES,
  PURE_NODE_MODULES,
  SDK_ROOM,
} from './table.ts'

const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)

/** `src/kinds/user/plan.ts`, and the list `src/kinds/plan.ts`. */
const FACET = /^src\/kinds\/(?:(?!attributes\/)\w+\/)?(\w+)\.ts$/

/** `src/kinds/kind.ts` says which kinds there are, which everybody may know; the other lists say all about them. */
const isListOfKinds = (path: string): boolean => /^src\/kinds\/(?!kind\.ts$)\w+\.ts$/.test(path)

/** The innermost room that a path lies in; of what is about one kind, the room that its name says. */
export function roomOf(path: string, house: HouseTable = HOUSE): string | null {
  const facet = FACET.exec(path)?.[1]
  if (facet !== undefined) return KIND_FACETS[facet] ?? null
  const rooms = Object.keys(house).filter((room) => isWithin(path, room))
  return rooms.sort((a, b) => b.length - a.length)[0] ?? null
}

/** Rooms and single files that a room may import, itself included. */
export function allowedFor(room: string, house: HouseTable = HOUSE): ReadonlySet<string> {
  const allowed = new Set<string>([room, ...FOUNDATIONS])
  const open = [room]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = house[next]?.mayImport ?? []
    for (const entry of entries === 'everything' ? Object.keys(house) : entries) {
      if (allowed.has(entry)) continue
      allowed.add(entry)
      // A single file is not transitive.
      if (!entry.endsWith('.ts')) open.push(entry)
    }
  }
  if (!MAY_IMPORT_CLI.includes(room)) allowed.delete('src/cli')
  return allowed
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** The file that a relative import names, from the repository's root. AssemblyScript imports without an extension. */
export const targetOf = (path: string, specifier: string): string =>
  posix.join(posix.dirname(path), specifier).replace(/(?<!\.ts)$/, '.ts')

function judgeRelative(path: string, room: string, { specifier }: ModuleMention): string | null {
  const target = targetOf(path, specifier)
  const targetRoom = roomOf(target)
  if (targetRoom === null) return `imports ${target}, which is in no room`
  if (isListOfKinds(target) && !MAY_IMPORT_LISTS.includes(room))
    return `${room} may not import a list of all kinds (${target})`
  const allowed = allowedFor(room)
  return allowed.has(targetRoom) || allowed.has(target)
    ? null
    : `${room} may not import ${targetRoom} (${target})`
}

function judgeNodeModule(room: string, { specifier, names }: ModuleMention): string | null {
  if (HOUSE[room]?.core !== true) return null
  const pure = PURE_NODE_MODULES[specifier]
  if (pure === undefined) return `a core room may not use ${specifier}`
  const impure = pure === 'all' ? [] : names.filter((name) => !pure.includes(name))
  return impure.length === 0 ? null : `a core room may not use ${impure.join(', ')} of ${specifier}`
}

function judgePackage(
  path: string,
  { specifier, typeOnly }: ModuleMention,
  dependencies: ReadonlySet<string>,
): string | null {
  const name = packageOf(specifier)
  if (name.startsWith('@aws-sdk') && !typeOnly && !isWithin(path, SDK_ROOM)) {
    return `${specifier} is for types only outside ${SDK_ROOM}`
  }
  if (!typeOnly && !dependencies.has(name))
    return `${name} is not among the dependencies that are installed with the package`
  const owner = PACKAGES[name]
  return owner === undefined || isWithin(path, owner) ? null : `${name} belongs to ${owner}`
}

/**
 * Holds one file against the house rules.
 * @param path from the repository's root
 * @param dependencies names of what is installed with the package
 * @returns one line for each breach, empty if there is none
 */
export function judgeFile(
  path: string,
  reading: FileReading,
  dependencies: ReadonlySet<string>,
): readonly string[] {
  const room = roomOf(path)
  if (room === null) return [`${path}: is in no room of the table`]
  const judge = (mention: ModuleMention): string | null => {
    const { specifier } = mention
    if (specifier.startsWith('.')) return judgeRelative(path, room, mention)
    if (specifier.startsWith('node:')) return judgeNodeModule(room, mention)
    if (specifier.startsWith('#generated/')) {
      const owners = GENERATED[specifier.slice('#generated/'.length)] ?? []
      return owners.some((owner) => room === owner || isWithin(path, owner))
        ? null
        : `${room} may not import ${specifier}`
    }
    if (room === 'assembly') return `assembly may not import ${specifier}`
    return judgePackage(path, mention, dependencies)
  }
  const breaches = reading.mentions.flatMap((mention) => {
    const breach = judge(mention)
    return breach === null ? [] : [`${path}:${mention.line}: ${breach}`]
  })
  if (HOUSE[room]?.core !== true || room === 'assembly') return breaches
  return [
    ...breaches,
    ...reading.uses.map(({ what, line }) => `${path}:${line}: a core room may not use ${what}`),
  ]
}
