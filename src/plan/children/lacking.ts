import { type Diagnostic, warningOf } from '../../diagnostics/index.ts'
import type { ChildFacts } from '../../model/kind-facts.ts'
import type { Lacking } from '../planning.ts'

/** What is said of those who lack something that no apply makes: one warning for each kind of it, however many they are. */
export function lackingWarnings(lacking: readonly Lacking[]): readonly Diagnostic[] {
  const byKind = new Map<ChildFacts, Lacking[]>()
  for (const each of lacking) {
    const same = byKind.get(each.facts)
    if (same === undefined) byKind.set(each.facts, [each])
    else same.push(each)
  }
  return [...byKind].flatMap(([{ label, article }, [first, ...others]]) => {
    if (first === undefined) return []
    const isOne = others.length === 0
    return warningOf({
      code: 'plan.required-missing',
      message: isOne
        ? `\`${first.ref}\` has no ${label}, and is to have one`
        : `\`${first.ref}\` and ${others.length} more have no ${label}, and are to have one`,
      help: `who holds ${article} ${label} assigns it; no apply makes one`,
      span: first.span,
      related: others.map(({ ref, span }) => ({ message: `nor has \`${ref}\``, span })),
    })
  })
}
