import { isNotable, notability } from '../../catalog/notable-actions.ts'
import { likelyRegion } from '../../catalog/resource-names.ts'
import { filledTemplate, type ResourceTemplates } from '../regions/resource-templates.ts'
import type { FoundRequest, SideFinding } from '../sides/side-finding.ts'
import { valueByResource } from '../symbolic/axioms/axioms.ts'
import type { Pins } from '../symbolic/pins.ts'

/**
 * Requests that say the same with names that people know, likely ones first. Whether they still do is for the evaluator
 * to say.
 */
export function readableRequests(
  { allow, actions, request, tier }: SideFinding,
  account: string,
  partition: string,
  templates: ResourceTemplates,
  pins: Pins,
): readonly FoundRequest[] {
  const { resource } = allow.symbolic.source
  const written = resource === null || resource.negated ? [] : resource.entries
  const given = new Map([...request.context].map(([key, values]) => [key.toLowerCase(), values[0]]))
  const region = given.get('aws:requestedregion') ?? likelyRegion(partition)
  const owner = given.get('aws:resourceaccount') ?? account
  const filled = written.flatMap(
    (entry) => filledPattern(withValues(entry, pins), { account: owner, partition, region }) ?? [],
  )
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
    return [...new Set([...patterns, ...typed])]
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
  const known = tier === 'future' ? [] : mostNotable(actions).slice(0, MOST_ACTIONS_TRIED)
  return [...known.filter((action) => action !== request.action).flatMap(requestsFor), ...own]
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
