import { DEFAULT_QUOTAS } from '../../src/catalog/quotas.ts'
import type { ManifestKinds } from '../../src/manifest/manifest-kind.ts'

/** The rows of the table of kinds in docs/manifest.md, as the list of kinds has them. */
export const kindRows = (kinds: ManifestKinds): readonly string[] =>
  Object.values(kinds.entities).map(({ facts, schema }) => {
    const needed = Object.keys(schema.shape).filter((key) => !schema.shape[key]?.safeParse(undefined).success)
    const cells = [
      `\`${facts.section}\``,
      facts.label,
      `\`${facts.arnType}/NAME\``,
      `1 to ${facts.longestName}`,
      needed.length === 0 ? 'nothing' : needed.map((key) => `\`${key}\``).join(', '),
      'tags' in schema.shape ? 'yes' : 'no',
      `${DEFAULT_QUOTAS[facts.quota]}`,
    ]
    return `| ${cells.join(' | ')} |`
  })
