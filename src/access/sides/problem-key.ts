import type { Domain } from '../symbolic/domain.ts'
import type { Lang } from '../symbolic/lang.ts'
import type { Conjunction, Problem } from '../symbolic/problem.ts'

/** Problems with equal keys have equal outcomes, for principals that are alike. */
export function problemKey({ allow, layers, denies, old, domain }: Problem): string {
  // A layer without allows is not one with an allow that asks for nothing, nor is it no layer.
  const layer = (conjunctions: readonly Conjunction[]) =>
    `[${[...new Set(conjunctions.map((each) => `(${each.join()})`))].sort().join('')}]`
  const langs = (all: readonly Lang[]) => all.map(({ id }) => id).join()
  const text = (part: Domain['resource']) =>
    part === null ? '*' : `${langs(part.inside)}-${langs(part.outside)}`
  return [
    allow.join(),
    layers.map(layer).join(''),
    layer(denies),
    old.ways.map((way) => way.map(layer).join('')).join('/'),
    `${old.ways.length}`,
    layer(old.denies),
    text(domain.resource),
    text(domain.action),
    domain.temporary,
    domain.settled.size === 0 ? '' : JSON.stringify([...domain.settled]),
    domain.given.size === 0 ? '' : JSON.stringify([...domain.given]),
  ].join('!')
}
