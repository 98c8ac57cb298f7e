import { isNotable, notability } from '../../catalog/notable-actions.ts'
import { likelyRegion, parseEntityArn } from '../../model/index.ts'
import type { PrincipalInState } from '../principals/examined-principal.ts'
import type { Region } from '../regions/region.ts'
import { filledTemplate, type ResourceTemplates } from '../regions/resource-templates.ts'
import type { FoundRequest, SideFinding } from '../sides/side-finding.ts'
import { valueByResource } from '../symbolic/axioms/axioms.ts'
import type { Pins } from '../symbolic/pins.ts'
import { type DeclaredEntities, entityKindOf } from './declared-entities.ts'

/** What names can be taken from. */
interface Naming {
  readonly account: string
  readonly partition: string
  readonly templates: ResourceTemplates
  readonly pins: Pins
  /** Whoever asks, by ARN, and whom its account has besides; null: nobody is known. */
  readonly known: { readonly self: string; readonly declared: DeclaredEntities } | null
}

/** Who there is to be named in requests of a region that somebody makes. */
export const knownOf = (region: Region, state: PrincipalInState | null): Naming['known'] =>
  region.type === 'rest' && state?.declared !== undefined
    ? { self: state.base ?? state.name, declared: state.declared }
    : null

/**
 * Requests that say the same with names that people know, likely ones first. Whether they still do is for the evaluator
 * to say.
 */
export function readableRequests(
  { allow, actions, request, tier }: SideFinding,
  { account, partition, templates, pins, known }: Naming,
): readonly FoundRequest[] {
  const { resource } = allow.symbolic.source
  const written = resource === null || resource.negated ? [] : resource.entries
  const given = new Map([...request.context].map(([key, values]) => [key.toLowerCase(), values[0]]))
  const region = given.get('aws:requestedregion') ?? likelyRegion(partition)
  const owner = given.get('aws:resourceaccount') ?? account
  const filled = written.flatMap(
    (entry) => filledPattern(withValues(entry, pins), { account: owner, partition, region }) ?? [],
  )
  const asWritten = written.map((entry) => withValues(entry, pins)).filter((entry) => !entry.includes('${'))
  // Tags that somebody is asked for needn't be those of whom there is.
  const isByTags = [...given.keys()].some((key) => key.includes(':resourcetag/'))
  const isNobodys = known === null || isByTags || (written.length > 0 && asWritten.length === 0)
  const entitiesFor = (action: string): readonly string[] =>
    isNobodys || MAKING.test(action)
      ? []
      : templates.templatesOf(action).flatMap((template) => {
          const kind = entityKindOf(template)
          if (kind === null) return []
          const declared = known.declared.ofKind(kind, asWritten)
          if (parseEntityArn(known.self)?.kind !== kind) return declared
          // Credentials of one's own are none that one comes to.
          return AS_ANOTHER.test(action)
            ? [...declared.filter((arn) => arn !== known.self), known.self]
            : [known.self, ...declared]
        })
  const requestsFor = (action: string): readonly FoundRequest[] => {
    const { isUntyped } = templates.typesOf(action)
    const typed =
      tier === 'future'
        ? []
        : templates
            .templatesOf(action)
            .map((template) => filledTemplate(template, { partition, account: owner, region }))
    const isTyped = (text: string) => tier !== 'typed' || isUntyped || templates.isTyped(action, text)
    const patterns = filled.filter((text) => text !== '*' && isTyped(text))
    return [...new Set([...entitiesFor(action), ...patterns, ...typed])]
      .slice(0, MOST_TRIED)
      .map((text) => onResource({ ...request, action }, text))
  }
  // The shortest resource that fits a pattern ends where names begin.
  const named = /[^A-Za-z0-9*]$/.test(request.resource)
    ? [onResource(request, `${request.resource}example`)]
    : []
  const home = placedIn(request.resource, region, account)
  const isTyped = tier !== 'typed' || templates.isTyped(request.action, home)
  const moved = home === request.resource || !isTyped ? [] : [onResource(request, home)]
  const own = request.resource === '*' ? [] : [...requestsFor(request.action), ...named, ...moved]
  const notable = tier === 'future' ? [] : mostNotable(actions).slice(0, MOST_ACTIONS_TRIED)
  return [...notable.filter((action) => action !== request.action).flatMap(requestsFor), ...own]
}

/** The same ARN in a likely region, and in one's own account; as it stands where it names none. */
function placedIn(resource: string, region: string, account: string): string {
  const segments = resource.split(':')
  if (segments.length < 6) return resource
  if (segments[3] !== '') segments[3] = region
  if (/^\d{12}$/.test(segments[4] ?? '')) segments[4] = account
  return segments.join(':')
}

/** The same on another resource, with what that says of keys. */
const onResource = (request: FoundRequest, resource: string): FoundRequest => ({
  ...request,
  resource,
  context: new Map(
    [...request.context].map(([key, values]) => {
      const value = valueByResource(key.toLowerCase(), resource)
      return [key, value === null ? values : [value]]
    }),
  ),
})

/** Those that people have heard of, the most powerful first. */
const mostNotable = (actions: readonly string[]): readonly string[] =>
  actions.filter(isNotable).sort((a, b) => notability(a) - notability(b))

const MOST_TRIED = 8
/** What is made has the name of nobody who is there. */
const MAKING = /^iam:Create(?:User|Group|Role|Policy|ServiceLinkedRole)$/i
/** What is done to become somebody else. */
const AS_ANOTHER =
  /^(?:iam:PassRole|sts:.*|iam:(?:Create|Update)(?:AccessKey|LoginProfile)|iam:\w+(?:ServiceSpecificCredential|SSHPublicKey|SigningCertificate|MFADevice))$/i
const MOST_ACTIONS_TRIED = 16

/** With the principal's own values in place of variables, as far as they are known. */
const withValues = (pattern: string, pins: Pins): string =>
  pattern.replace(/\$\{([^},]+)(?:,\s*'([^']*)')?\}/g, (whole, name: string, fallback?: string) => {
    const values = pins.valueOf(name.trim().toLowerCase())
    return values?.[0] ?? (values === null ? fallback : undefined) ?? whole
  })

/** A pattern with likely values for its wildcards. null: it holds a variable, or is no ARN. */
export function filledPattern(
  pattern: string,
  { account, partition, region: likely }: { account: string; partition: string; region: string },
): string | null {
  if (pattern.includes('${')) return null
  const [scheme, , service, region, owner, ...rest] = pattern.split(':')
  if (scheme !== 'arn' || rest.length === 0 || service === undefined || /[*?]/.test(service)) return null
  const part = (text: string | undefined, known: string) =>
    text !== undefined && /^[*?]+$/.test(text) ? known : fill(text ?? '')
  const segments = [
    scheme,
    partition,
    service,
    part(region, likely),
    part(owner, account),
    fill(rest.join(':')),
  ]
  return segments.join(':')
}

const fill = (text: string): string => text.replace(/\*+/g, 'example').replaceAll('?', 'x')
