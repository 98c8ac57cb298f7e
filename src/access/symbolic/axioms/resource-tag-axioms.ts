import type { KeyAtom, Literal } from '../atom.ts'
import type { Symbols } from '../symbols.ts'

/**
 * Services show the tags of their resources under names of their own: `ec2:ResourceTag/team` says what
 * `aws:ResourceTag/team` says.
 * @param service of the action, in lower case; null: not known
 * @see IAM User Guide, "AWS global condition context keys": aws:ResourceTag/tag-key
 */
export function resourceTagAxioms(
  atoms: readonly KeyAtom[],
  service: string | null,
  symbols: Symbols,
): readonly (readonly Literal[])[] {
  const prefix = `${service}:resourcetag/`
  return atoms.flatMap((atom) => {
    if (service === null || !atom.key.startsWith(prefix)) return []
    const { on: _, id, key, spelling, ...test } = atom
    const global = symbols.atoms.keyAtom({
      ...test,
      key: `${GLOBAL}${key.slice(prefix.length)}`,
      spelling: `aws:ResourceTag/${spelling.slice(prefix.length)}`,
    })
    return [
      [-(id + 1), global + 1],
      [id + 1, -(global + 1)],
    ]
  })
}

const GLOBAL = 'aws:resourcetag/'

/** Gives both names of a tag one value. Each passes the other's tests. */
export function sameTags(context: Map<string, readonly string[]>, service: string | null): void {
  const spellings = new Map([...context.keys()].map((key) => [key.toLowerCase(), key]))
  for (const [key, spelling] of spellings) {
    if (!key.startsWith(GLOBAL)) continue
    const own = spellings.get(`${service}:resourcetag/${key.slice(GLOBAL.length)}`)
    const values = context.get(spelling)
    if (own !== undefined && values !== undefined) context.set(own, values)
  }
}
