import type { IdentifiedPolicy, PolicyLayers } from '../../evaluator/layers.ts'
import type { ParsedPolicy } from '../../policy/parsed.ts'
import type { KnownPrincipal } from '../estate-view.ts'

const contents = new WeakMap<ParsedPolicy, string>()

/** What a policy says, whatever its names, places and order of statements. */
export function contentOf(policy: ParsedPolicy | null): string {
  if (policy === null) return ''
  let content = contents.get(policy)
  if (content === undefined) {
    const statements = policy.statements.map(({ index: _i, sid: _s, span: _p, ...rest }) =>
      JSON.stringify(rest),
    )
    content = `${policy.version} ${statements.sort().join()}`
    contents.set(policy, content)
  }
  return content
}

export function sameLayers(a: PolicyLayers, b: PolicyLayers): boolean {
  return (
    sameUnion(a.identity, b.identity) &&
    sameUnion(a.boundary, b.boundary) &&
    (a.scp?.length ?? 0) === (b.scp?.length ?? 0) &&
    (a.scp ?? []).every((level, index) => sameUnion(level, b.scp?.[index]))
  )
}

type Union = readonly IdentifiedPolicy[] | null | undefined

function sameUnion(a: Union, b: Union): boolean {
  if (a == null || b == null) return a == null && b == null
  if (a.length === b.length && a.every(({ policy }, index) => policy === b[index]?.policy)) return true
  return unionContent(a) === unionContent(b)
}

const unionContent = (union: Union): string =>
  union == null ? 'none' : [...new Set(union.map(({ policy }) => contentOf(policy)))].sort().join('\n')

/** Tags and the like, which conditions may ask for. */
export const keysText = (context: ReadonlyMap<string, readonly string[]>): string =>
  JSON.stringify([...context].filter(([key]) => /^aws:principal/i.test(key)).sort())

/** Principals of one kind and account with equal ones are decided alike, but where somebody is named. */
export function principalContent({ layers, principal }: KnownPrincipal): string {
  const { identity, boundary, session, scp = [] } = layers
  const ownNames = [identity, boundary, session, ...scp].some(
    (union) => union?.some(({ policy }) => isPersonal(policy)) === true,
  )
  return [
    ...[identity, boundary, session, ...scp].map(unionContent),
    keysText(principal.context),
    ownNames ? principal.name : '',
  ].join('\n\n')
}

const personal = new WeakMap<ParsedPolicy, boolean>()

/** Whether it says something else for each whom it is about: by their name or ARN. */
export function isPersonal(policy: ParsedPolicy): boolean {
  let found = personal.get(policy)
  if (found === undefined) {
    found = /aws:(?:username|userid|principalarn)/i.test(contentOf(policy))
    personal.set(policy, found)
  }
  return found
}
