import { describe, expect, test } from 'vitest'
import { cappedGraph } from '../../../src/report/graph/capped-graph.ts'
import { layeredLayout } from '../../../src/report/graph/layered-layout.ts'
import type { PowerEdge, PowerNode } from '../../../src/report/graph/power-graph.ts'
import fc from '../../fixed-seed.ts'

const SIZES = { nodeWidth: 200, nodeHeight: 30, layerGap: 80, rowGap: 10, passingHeight: 8 }

const graphs = fc.integer({ min: 1, max: 14 }).chain((count) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), {
      maxLength: 24,
      selector: ([from, to]) => `${from} ${to}`,
    })
    .map((pairs) => ({
      count,
      links: pairs.flatMap(([from, to]) => (from === to ? [] : [{ from, to }])),
    })),
)

describe('a layered layout', () => {
  test('no two boxes touch, all are in the picture, and every arrow joins its own two boxes', () => {
    fc.assert(
      fc.property(graphs, ({ count, links }) => {
        const { corners, routes, width, height } = layeredLayout(count, links, SIZES)
        const isIn = corners.every(
          ({ x, y }) => x >= 0 && y >= 0 && x + SIZES.nodeWidth <= width && y + SIZES.nodeHeight <= height,
        )
        expect(isIn).toBe(true)
        const touching = corners.flatMap((a, index) =>
          corners.slice(index + 1).filter((b) => a.x === b.x && Math.abs(a.y - b.y) < SIZES.nodeHeight),
        )
        expect(touching).toEqual([])
        for (const [index, { from, to }] of links.entries()) {
          const [start, end] = [routes[index]?.at(0), routes[index]?.at(-1)]
          for (const [node, point] of [
            [from, start],
            [to, end],
          ] as const) {
            const corner = corners[node] ?? { x: -1, y: -1 }
            expect([corner.x, corner.x + SIZES.nodeWidth]).toContain(point?.x)
            expect(point?.y).toBeGreaterThanOrEqual(corner.y)
            expect(point?.y).toBeLessThanOrEqual(corner.y + SIZES.nodeHeight)
          }
          for (const { y } of routes[index] ?? []) expect(y >= 0 && y <= height).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('the same graph is laid out the same', () => {
    fc.assert(
      fc.property(graphs, ({ count, links }) => {
        expect(layeredLayout(count, links, SIZES)).toEqual(layeredLayout(count, links, SIZES))
      }),
      { numRuns: 10 },
    )
  })

  test('arrows lead to the right, but for one of a circle; two that could do without crossing do', () => {
    const { corners } = layeredLayout(
      3,
      [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
        { from: 2, to: 0 },
      ],
      SIZES,
    )
    expect(corners.map(({ x }) => x)).toEqual([0, 280, 560])
    const crossed = layeredLayout(
      4,
      [
        { from: 0, to: 3 },
        { from: 1, to: 2 },
      ],
      SIZES,
    )
    const [a, b, ofB, ofA] = crossed.corners.map(({ y }) => y)
    expect(Math.sign((a ?? 0) - (b ?? 0))).toBe(Math.sign((ofA ?? 0) - (ofB ?? 0)))
  })
})

describe('a graph that is too large', () => {
  const node = (id: string): PowerNode => ({ id, label: id, place: 'inside', severity: null })
  const edge = (from: string, to: string): PowerEdge => ({
    from,
    to,
    kind: 'assumes',
    change: 'gained',
    does: `may assume ${to}`,
  })

  test('who begins the same ways as many others shares a box with them', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const graph = cappedGraph(
      [...names, 'role'].map(node),
      names.map((name) => edge(name, 'role')),
    )
    expect(graph.nodes.map(({ label }) => label)).toEqual(['a and 4 more', 'role'])
    expect(graph.edges).toHaveLength(1)
    expect(graph.left).toEqual({ nodes: 0, edges: 0 })
  })

  test('is cut at sixty boxes, and says how much is left out', () => {
    const names = Array.from({ length: 70 }, (_, index) => `n${index}`)
    const edges = names.slice(1).map((name, index) => edge(names[index] ?? '', name))
    const graph = cappedGraph(names.map(node), edges)
    expect(graph.nodes).toHaveLength(60)
    expect(graph.edges).toHaveLength(59)
    expect(graph.left).toEqual({ nodes: 10, edges: 10 })
    const shown = new Set(graph.nodes.map(({ id }) => id))
    expect(graph.edges.every(({ from, to }) => shown.has(from) && shown.has(to))).toBe(true)
  })
})
