import { textWidth } from '../../diagnostics/index.ts'
import { type LayoutSizes, layeredLayout, type Point } from '../graph/layered-layout.ts'
import type { EdgeChange, EdgeKind, PowerEdge, PowerGraph, PowerNode } from '../graph/power-graph.ts'
import { counted } from '../layout/paint.ts'
import { type Markup, markup } from './markup.ts'

const SIZES: LayoutSizes = {
  nodeWidth: 196,
  nodeHeight: 36,
  layerGap: 76,
  rowGap: 14,
  passingHeight: 8,
}
const MARGIN = 12
/** Letters of a name that fit into a box. */
const MOST_LETTERS = 24

/** What the arrows of a colour say; of a sentence that says itself that it is no longer so nothing is added. */
const CHANGES: Readonly<Record<EdgeChange, string>> = {
  gained: 'new',
  part: 'part of a new way',
  lost: 'no longer there',
}
const KINDS: Readonly<Record<EdgeKind, string>> = { assumes: 'assumes', 'comes to': 'comes-to' }

/**
 * The picture of a graph with the same as a list beside it, which is what somebody has who doesn't see it.
 * @param id of this graph on the page, whose own ids begin with it
 * @param title says what the picture is of
 */
export function graphPicture(graph: PowerGraph, id: string, title: string): Markup | null {
  if (graph.edges.length === 0) return null
  const { left } = graph
  return markup`<figure class="graph">
<div class="scroll" tabindex="0" role="region" aria-label="${title}, picture">${svgOf(graph, id, title)}</div>
<figcaption>
${legend(graph, id)}
${left.nodes + left.edges === 0 ? null : markup`<p class="left-out">Too much for one picture: ${counted(left.nodes, 'box', 'boxes')} and ${counted(left.edges, 'arrow')} are left out. Everything is in the lists of this page.</p>`}
<details><summary>The same as a list (${counted(graph.edges.length, 'arrow')})</summary>${edgeList(graph)}</details>
</figcaption>
</figure>`
}

function svgOf(graph: PowerGraph, id: string, title: string): Markup {
  const numbers = new Map(graph.nodes.map((node, index) => [node.id, index]))
  const links = graph.edges.map(({ from, to }) => ({
    from: numbers.get(from) ?? 0,
    to: numbers.get(to) ?? 0,
  }))
  const layout = layeredLayout(graph.nodes.length, links, SIZES)
  const [width, height] = [layout.width + 2 * MARGIN, layout.height + 2 * MARGIN]
  return markup`<svg role="img" aria-labelledby="${id}-title ${id}-says" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">
<title id="${id}-title">${title}</title>
<desc id="${id}-says">${counted(graph.nodes.length, 'box', 'boxes')}, ${counted(graph.edges.length, 'arrow')}; the list below the picture says the same.</desc>
<defs>${(['gained', 'lost', 'part'] as const).map((change) => markup`<marker id="${id}-${change}" class="tip ${change}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 10 5 0 10z"/></marker>`)}</defs>
${graph.edges.map((edge, index) => arrow(edge, layout.routes[index] ?? [], id, graph))}
${graph.nodes.map((node, index) => box(node, layout.corners[index] ?? { x: 0, y: 0 }))}
</svg>`
}

function arrow(edge: PowerEdge, route: readonly Point[], id: string, graph: PowerGraph): Markup {
  return markup`<path class="arrow ${edge.change} ${KINDS[edge.kind]}" d="${pathOf(route)}" marker-end="url(#${id}-${edge.change})"><title>${sentence(edge, graph)}</title></path>`
}

/** Through all points, level at each. */
function pathOf([start, ...rest]: readonly Point[]): string {
  if (start === undefined) return ''
  const parts = [`M${start.x} ${start.y}`]
  let last = start
  for (const point of rest) {
    const middle = Math.round((last.x + point.x) / 2)
    parts.push(`C${middle} ${last.y} ${middle} ${point.y} ${point.x} ${point.y}`)
    last = point
  }
  return parts.join('')
}

/** An `<svg>` within the picture ends what a long name would write over its neighbours. */
function box({ label, place, severity }: PowerNode, { x, y }: Point): Markup {
  const { nodeWidth, nodeHeight } = SIZES
  return markup`<svg class="box ${place}${severity === null ? '' : ` ${severity}`}" x="${x}" y="${y}" width="${nodeWidth}" height="${nodeHeight}"><title>${label}${severity === null ? '' : ` (${severity})`}</title><rect x="1" y="1" width="${nodeWidth - 2}" height="${nodeHeight - 2}" rx="${place === 'inside' ? 6 : 17}"/><text x="${nodeWidth / 2}" y="${nodeHeight / 2}" text-anchor="middle" dominant-baseline="central">${shortened(label)}</text></svg>`
}

/** What is too long goes without what it has in common with others, and then without its middle: names differ at their ends. */
function shortened(label: string): string {
  if (textWidth(label) <= MOST_LETTERS) return label
  const own = label.replace(/\.amazonaws\.com(?:\.cn)?$/, '').replace(/arn:[^:]*:[^:]*:[^:]*:\d*:/, '…')
  if (textWidth(own) <= MOST_LETTERS) return own
  const letters = [...own]
  const end = Math.floor((MOST_LETTERS - 1) / 2)
  return `${letters.slice(0, MOST_LETTERS - 1 - end).join('')}…${letters.slice(-end).join('')}`
}

function legend({ nodes, edges }: PowerGraph, id: string): Markup {
  const changes = (['gained', 'part', 'lost'] as const).filter((each) =>
    edges.some(({ change }) => change === each),
  )
  return markup`<ul class="legend">${changes.map((change) => markup`<li><svg class="key" width="44" height="12" viewBox="0 0 44 12" aria-hidden="true"><path class="arrow ${change}" d="M1 6H42" marker-end="url(#${id}-${change})"/></svg> ${CHANGES[change]}</li>`)}
${edges.some(({ kind }) => kind === 'assumes') ? markup`<li><svg class="key" width="44" height="12" viewBox="0 0 44 12" aria-hidden="true"><path class="arrow plain assumes" d="M1 6H42"/></svg> assumes a role</li>` : null}
${edges.some(({ kind }) => kind === 'comes to') ? markup`<li><svg class="key" width="44" height="12" viewBox="0 0 44 12" aria-hidden="true"><path class="arrow plain comes-to" d="M1 6H42"/></svg> may come to</li>` : null}
${nodes.some(({ place }) => place !== 'inside') ? markup`<li>round boxes: outside of the account, or no entity of it</li>` : null}</ul>`
}

const edgeList = (graph: PowerGraph): Markup =>
  markup`<ul>${graph.edges.map((edge) => markup`<li>${sentence(edge, graph)}</li>`)}</ul>`

function sentence({ from, does, change }: PowerEdge, { nodes }: PowerGraph): string {
  const note = change === 'lost' ? '' : ` (${CHANGES[change]})`
  return `${nodes.find(({ id }) => id === from)?.label ?? from} ${does}${note}`
}
