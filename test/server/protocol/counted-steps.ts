import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const SERVER = pathToFileURL(join(import.meta.dirname, '../../../src/server/')).href
const PLAIN = join(import.meta.dirname, '../../../src/server/')

/**
 * How many blocks of the server's code are entered while something is done: bodies of functions and loops, branches. A count by the engine,
 * the same on every machine.
 */
export async function countedSteps(work: () => unknown): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    await session.post('Profiler.takePreciseCoverage')
    await work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    return result
      .filter(({ url }) => url.startsWith(SERVER) || url.startsWith(PLAIN))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
      .reduce((sum, count) => sum + count, 0)
  } finally {
    await session.post('Profiler.stopPreciseCoverage')
    session.disconnect()
  }
}
