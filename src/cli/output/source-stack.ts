import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where a frame of a stack stands, as V8 writes it. Lines and columns begin with 1. */
const PLACE = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/

/**
 * Has stacks name the source, where the code that runs was made of it and has its map beside it. Nothing is read before
 * somebody looks at a stack, unlike with Node's own way, which reads every map as it loads the code.
 */
export function nameSourcesInStacks(): void {
  Error.prepareStackTrace = (error, frames) => {
    const maps = new Map<string, SourceMap | null>()
    const lines = frames.map((frame) => `\n    at ${sourceOf(String(frame), maps)}`)
    return `${headOf(error)}${lines.join('')}`
  }
}

function headOf(error: Error): string {
  try {
    return String(error)
  } catch {
    return 'Error'
  }
}

/** @returns the frame with `src/….ts:LINE:COLUMN`, from the package's folder; as it was where no map says more */
function sourceOf(frame: string, maps: Map<string, SourceMap | null>): string {
  const [place, url = '', line, column] = PLACE.exec(frame) ?? []
  if (place === undefined) return frame
  const known = maps.get(url)
  const map = known === undefined ? mapOf(url) : known
  maps.set(url, map)
  const entry = map?.findEntry(Number(line) - 1, Number(column) - 1)
  if (entry === undefined || !('originalSource' in entry)) return frame
  const { originalSource, originalLine, originalColumn } = entry
  const source = originalSource.replace(/^(?:\.\.\/)+/, '')
  return frame.replace(place, `${source}:${originalLine + 1}:${originalColumn + 1}`)
}

function mapOf(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')))
  } catch {
    return null
  }
}
