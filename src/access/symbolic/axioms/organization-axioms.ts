import type { KeyAtom, Literal } from '../atom.ts'
import { absentLiteral } from '../compile-condition.ts'
import type { Domain } from '../domain.ts'
import type { Symbols } from '../symbols.ts'
import { canonical, type Glob, literalGlob, SLASH, STAR } from '../tokens.ts'
import { nameGlob } from './glob-parts.ts'

type Axioms = readonly (readonly Literal[])[]

/** Keys that tell an organization by its id, and by where an account stands in it. */
interface OrganizationKeys {
  /** In lower case. */
  readonly id: string
  readonly paths: { readonly key: string; readonly spelling: string }
}

const KEYS: readonly OrganizationKeys[] = ['Principal', 'Resource', 'Source'].map((whose) => ({
  id: `aws:${whose.toLowerCase()}orgid`,
  paths: { key: `aws:${whose.toLowerCase()}orgpaths`, spelling: `aws:${whose}OrgPaths` },
}))

/**
 * An account is in one organization: a request tells both its id and where the account stands in it, or neither; and each
 * path begins with that id. Each test of the id is one of how the paths begin, so that the beginning of any path that suits
 * is an id that suits as well.
 * @see IAM User Guide, "AWS global condition context keys": aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:ResourceOrgID,
 * aws:ResourceOrgPaths, aws:SourceOrgID, aws:SourceOrgPaths
 */
export const organizationAxioms = (
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  settled: Domain['settled'],
  symbols: Symbols,
): Axioms =>
  KEYS.flatMap((keys) => (byKey.has(keys.paths.key) ? axiomsOf(keys, byKey, settled, symbols) : []))

function axiomsOf(
  { id: idKey, paths }: OrganizationKeys,
  byKey: ReadonlyMap<string, readonly KeyAtom[]>,
  settled: Domain['settled'],
  symbols: Symbols,
): Axioms {
  const noPath = absentLiteral(paths.spelling, symbols)
  const beginWith = (ids: readonly Glob[], several: 'all' | 'any') => pathsBegin(paths, ids, several, symbols)
  const given = settled.get(idKey)
  if (given !== undefined) return given === null ? [] : [[noPath, beginWith([literalGlob(given)], 'all')]]
  const atoms = byKey.get(idKey)
  const [first] = atoms ?? []
  if (atoms === undefined || first === undefined) return []
  const noId = absentLiteral(first.spelling, symbols)
  return [
    [-noId, noPath],
    [noId, -noPath],
    ...atoms.flatMap(({ id, predicate, variables }): Axioms => {
      if (predicate?.kind !== 'text' || variables.length > 0) return []
      const globs = predicate.lang.globs.flatMap(nameGlob)
      const holds = id + 1
      return [
        [noId, noPath, -holds, beginWith(globs, 'all')],
        [noId, noPath, holds, -beginWith(globs, 'any')],
      ]
    }),
  ]
}

/** Gives the organization that the paths begin with its id. It passes the same tests. */
export function sameOrganization(context: Map<string, readonly string[]>): void {
  const spellingOf = (key: string) => [...context.keys()].find((each) => each.toLowerCase() === key)
  for (const { id: idKey, paths: pathsKey } of KEYS) {
    const [id, paths] = [spellingOf(idKey), spellingOf(pathsKey.key)]
    const [path] = (paths === undefined ? undefined : context.get(paths)) ?? []
    const [of] = path?.split('/') ?? []
    if (id !== undefined && of !== undefined) context.set(id, [of])
  }
}

/** That all paths, or any of them, begin with an id that one of the patterns matches. */
function pathsBegin(
  paths: OrganizationKeys['paths'],
  ids: readonly Glob[],
  several: 'all' | 'any',
  symbols: Symbols,
): Literal {
  const lang = symbols.langs.of(ids.map((id) => canonical([...id, SLASH, STAR])))
  const predicate = { kind: 'text', lang, upper: lang, lower: lang } as const
  return symbols.atoms.keyAtom({ ...paths, whenAbsent: false, predicate, several, variables: [] }) + 1
}
