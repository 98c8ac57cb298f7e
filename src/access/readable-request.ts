import type { ResourceTemplates } from './resource-templates.ts'
import { filledTemplate } from './resource-templates.ts'
import type { FoundRequest, SideFinding } from './side-diff.ts'
import type { Pins } from './symbolic/pins.ts'

/** A region of AWS's documentation. */
const REGION = 'us-east-1'

/**
 * Requests that say the same with names that people know, likely ones first. Whether they still do is for the evaluator
 * to say.
 */
export function readableRequests(
  { allow, request, tier }: SideFinding,
  account: string,
  partition: string,
  templates: ResourceTemplates,
  pins: Pins,
): readonly FoundRequest[] {
  if (request.resource === '*') return []
  const { resource } = allow.symbolic.source
  const written = resource === null || resource.negated ? [] : resource.entries
  const filled = written.flatMap((entry) => filledPattern(withValues(entry, pins), account, partition) ?? [])
  const types = tier === 'typed' ? templates.templatesOf(request.action) : []
  const typed = types.map((template) => filledTemplate(template, partition, account))
  const isTyped = (text: string) =>
    tier !== 'typed' || templates.typesOf(request.action).lang?.has(text) === true
  const patterns = filled.filter((text) => text !== '*' && isTyped(text))
  return [...new Set([...patterns, ...typed])]
    .slice(0, MOST_TRIED)
    .map((text) => ({ ...request, resource: text }))
}

const MOST_TRIED = 8

/** With the principal's own values in place of variables, as far as they are known. */
const withValues = (pattern: string, pins: Pins): string =>
  pattern.replace(/\$\{([^},]+)(?:,\s*'([^']*)')?\}/g, (whole, name: string, fallback?: string) => {
    const values = pins.valueOf(name.trim().toLowerCase())
    return values?.[0] ?? (values === null ? fallback : undefined) ?? whole
  })

/** null: it holds a variable, or is no ARN. */
function filledPattern(pattern: string, account: string, partition: string): string | null {
  if (pattern.includes('${')) return null
  const [scheme, , service, region, owner, ...rest] = pattern.split(':')
  if (scheme !== 'arn' || rest.length === 0 || service === undefined || /[*?]/.test(service)) return null
  const part = (text: string | undefined, known: string) =>
    text !== undefined && /^[*?]+$/.test(text) ? known : fill(text ?? '')
  const segments = [
    scheme,
    partition,
    service,
    part(region, REGION),
    part(owner, account),
    fill(rest.join(':')),
  ]
  return segments.join(':')
}

const fill = (text: string): string => text.replace(/\*+/g, 'example').replaceAll('?', 'x')
