import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Has all garbage collected, also what is only held until the present turn ends. */
export async function collectGarbage(): Promise<void> {
  await new Promise((done) => {
    setImmediate(done)
  })
  gc()
}
