/** By file, the files that it imports, types included; paths from the repository's root. */
type ImportGraph = ReadonlyMap<string, readonly string[]>

/**
 * Files that import each other, directly or by way of others: to read one of them is to read them all.
 * Tarjan's algorithm for strongly connected components.
 * @returns each circle's files, sorted
 */
export function circlesIn(graph: ImportGraph): readonly (readonly string[])[] {
  const circles: string[][] = []
  const numbers = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()

  const visit = (file: string): number => {
    const number = numbers.size
    numbers.set(file, number)
    open.push(file)
    isOpen.add(file)
    let low = number
    for (const next of graph.get(file) ?? []) {
      if (!numbers.has(next)) low = Math.min(low, visit(next))
      else if (isOpen.has(next)) low = Math.min(low, numbers.get(next) ?? low)
    }
    if (low === number) {
      const circle = open.splice(open.indexOf(file))
      for (const each of circle) isOpen.delete(each)
      if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle.sort())
    }
    return low
  }
  for (const file of graph.keys()) if (!numbers.has(file)) visit(file)
  return circles
}
