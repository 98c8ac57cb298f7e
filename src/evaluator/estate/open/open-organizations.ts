import type { Question } from '../../question.ts'
import { ORGANIZATION_KEYS } from './one-request.ts'
import type { Candidates, Tests } from './open-keys.ts'
import type { OpenKey } from './open-principal.ts'

/*
 * In which organization an account is, and where it stands there: two keys tell of one, so that they are tried together.
 */

type Context = Question['request']['context']

/**
 * In place of the candidates for both keys those for paths alone, whose beginnings are the ids: of each id that is worth trying,
 * and with it each place that is. What of either is given, the other goes by.
 * @param openKey what a key may be, by its name in lower case; null: it is settled
 */
export function asOrganizations(
  candidates: readonly Candidates[],
  given: Context,
  openKey: (key: string) => OpenKey | null,
): readonly Candidates[] {
  let found = candidates
  for (const keys of ORGANIZATION_KEYS) {
    const of = (name: string) => found.find(({ key }) => key.toLowerCase() === name)
    const [ids, paths] = [
      of(keys.id) ?? settled(keys.id, given),
      of(keys.paths) ?? settled(keys.paths, given),
    ]
    if (ids === null || paths === null) continue
    const [mayBeId, mayBePath] = [openKey(keys.id), openKey(keys.paths)]
    if (mayBePath === null) {
      if (mayBeId === null) continue
      const own = paths.values.flatMap((each) => each?.slice(0, 1).map(idIn) ?? []).filter(mayBeId.canBe)
      found = [...found.filter((each) => each !== ids), { ...ids, values: own.map((id) => [id]) }]
      continue
    }
    const places = paths.values.flatMap((each) => (each === null ? [] : [each]))
    const own = mayBeId === null ? [] : places.flatMap(([path = '']) => idIn(path))
    const tried = [...ids.values.flatMap((each) => each?.slice(0, 1) ?? []), ...own]
    const sets = [...new Set(tried)].flatMap((id) => [
      ...places.filter((place) => place.every((path) => path.startsWith(`${id}/`))),
      ...places.map((place) => [...new Set(place.map((path) => id + path.slice(idIn(path).length)))]),
    ])
    const distinct = new Map(sets.map((place) => [JSON.stringify(place), place]))
    const values = [...distinct.values()].filter(
      (place) => place.every(mayBePath.canBe) && (mayBeId?.canBe(idIn(place[0] ?? '')) ?? true),
    )
    const isNone = [ids, paths].every((each) => each.values.includes(null))
    const joined = {
      key: paths.key,
      values: [...(isNone ? [null] : []), ...values],
      areComplete: ids.areComplete && paths.areComplete,
    }
    found = [...found.filter((each) => each !== ids && each !== paths), joined]
  }
  return found
}

/** A key's value that is given; null: it isn't. */
function settled(name: string, given: Context): Candidates | null {
  const [key, values] = [...given].find(([each]) => each.toLowerCase() === name) ?? []
  return key === undefined || values === undefined ? null : { key, values: [values], areComplete: true }
}

/** A context that is tried, with the organizations' ids where those are tested as well. */
export function withOrganizations(context: Context, byKey: ReadonlyMap<string, Tests>): Context {
  const told = new Map(context)
  for (const keys of ORGANIZATION_KEYS) {
    const [ids, paths] = [byKey.get(keys.id), byKey.get(keys.paths)]
    const [path] = (paths && context.get(paths.key)) ?? []
    if (ids !== undefined && path !== undefined && !context.has(ids.key)) told.set(ids.key, [idIn(path)])
  }
  return told
}

const idIn = (path: string): string => path.split('/', 1)[0] ?? ''
