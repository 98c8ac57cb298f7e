import type { PowerEdge, PowerGraph, PowerNode } from './power-graph.ts'

/** More boxes are no picture any more. */
const MOST_NODES = 60
const MOST_EDGES = 120
/** Alike beginnings that keep a box each. */
const MOST_ALIKE = 3

/**
 * A graph that can be looked at: who only begins ways, and the same ones as many others, shares a box with them; of what is still
 * too much the last edges are left out, with the nodes that nothing else leads to.
 * @param edges what matters most first
 * @param leftBefore edges that there are besides
 */
export function cappedGraph(
  nodes: readonly PowerNode[],
  edges: readonly PowerEdge[],
  leftBefore = 0,
): PowerGraph {
  const folded = withoutAlikeStarts(nodes, edges)
  const byId = new Map(folded.nodes.map((node) => [node.id, node]))
  const shown = new Map<string, PowerNode>()
  const kept = folded.edges.filter(({ from, to }, index) => {
    if (index >= MOST_EDGES) return false
    const fresh = [from, to].filter((id) => !shown.has(id))
    if (shown.size + fresh.length > MOST_NODES) return false
    for (const id of fresh) {
      const node = byId.get(id)
      if (node !== undefined) shown.set(id, node)
    }
    return true
  })
  return {
    nodes: [...shown.values()],
    edges: kept,
    left: { nodes: folded.nodes.length - shown.size, edges: folded.edges.length - kept.length + leftBefore },
  }
}

function withoutAlikeStarts(nodes: readonly PowerNode[], edges: readonly PowerEdge[]) {
  const entered = new Set(edges.map(({ to }) => to))
  const leaving = new Map<string, string[]>()
  for (const { from, to, kind, change } of edges)
    leaving.set(from, [...(leaving.get(from) ?? []), `${kind} ${change} ${to}`])
  const alike = new Map<string, PowerNode[]>()
  for (const node of nodes) {
    if (entered.has(node.id) || !leaving.has(node.id)) continue
    const key = `${node.place}\n${(leaving.get(node.id) ?? []).toSorted().join('\n')}`
    alike.set(key, [...(alike.get(key) ?? []), node])
  }
  const boxOf = new Map<string, PowerNode>()
  for (const [first, ...others] of alike.values()) {
    if (first === undefined || others.length < MOST_ALIKE) continue
    const box = { ...first, label: `${first.label} and ${others.length} more` }
    for (const { id } of [first, ...others]) boxOf.set(id, box)
  }
  const isFirst = ({ id }: PowerNode) => boxOf.get(id)?.id === id
  return {
    nodes: nodes.flatMap((node) =>
      boxOf.has(node.id) && !isFirst(node) ? [] : [boxOf.get(node.id) ?? node],
    ),
    edges: edges.flatMap((edge) => {
      const box = boxOf.get(edge.from)
      return box === undefined || box.id === edge.from ? [edge] : []
    }),
  }
}
