import type { ParsedStatement } from '../../../policy/parsed.ts'
import { splitVariables } from '../../../policy/variables.ts'
import type { Pins } from '../../symbolic/pins.ts'

const SEPARATORS = 5
const PRINCIPAL_TAG = 'aws:principaltag/'

/**
 * What a statement's resources match at most, as patterns in lower case: what isn't settled for its holder is anything, and so
 * are the holder's own tags, which may be others by then.
 */
export function resourcesAtMost(resource: ParsedStatement['resource'], pins: Pins): readonly string[] {
  if (resource === null || resource.negated) return ['*']
  return resource.entries.flatMap((entry) => {
    const pattern = entry.includes('${') ? settled(entry, pins) : entry
    if (pattern === null) return []
    const lower = pattern.toLowerCase()
    // Segments that aren't there may be anything.
    return lower.split(':').length > SEPARATORS ? [lower] : [lower, `${lower}:*`]
  })
}

/** null: it matches nothing. */
function settled(entry: string, pins: Pins): string | null {
  const { parts } = splitVariables(entry)
  if (parts === null) return null
  let text = ''
  for (const part of parts) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'character') text += '*'
    else {
      const key = part.name.toLowerCase()
      const values = key.startsWith(PRINCIPAL_TAG) ? undefined : pins.valueOf(key)
      if (values === null && part.fallback === null) return null
      text += values === null ? part.fallback : values?.length === 1 ? values[0] : '*'
    }
  }
  return text
}
