// Time: engines take turns, so that whatever else the machine does hits all of them.
import { Engine } from '../../dist/src/evaluator/engine.js'

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const now = () => performance.now()

/** A task this short is done several times in a row: what the others left in the caches then matters less. */
const TURN_AT_LEAST = 20
const WARM_UP = 250

/** @returns how many times a task is done in one turn, once it is warm */
function warmUp(task) {
  const start = now()
  let calls = 0
  do {
    task()
    calls++
  } while (calls < 3 || now() - start < WARM_UP)
  return Math.ceil((TURN_AT_LEAST * calls) / (now() - start))
}

/**
 * @param tasks functions by name
 * @param count what one call of a task does so many times
 * @returns for each task microseconds of one of them, a value for each run
 */
export function takeTurns(tasks, { runs, count }) {
  const turns = Object.entries(tasks).map(([name, task]) => ({ name, task, calls: warmUp(task), values: [] }))
  for (let run = 0; run < runs; run++)
    for (const { task, calls, values } of turns) {
      const start = now()
      for (let call = 0; call < calls; call++) task()
      values.push(((now() - start) * 1000) / count / calls)
    }
  return Object.fromEntries(turns.map(({ name, values }) => [name, values]))
}

/**
 * Where the time of a bulk question goes: `decideAll` is the module deciding; `open` is the module checking what was
 * written; the rest is JavaScript that writes requests and reads answers.
 * @returns microseconds of each, and of the whole, for one request, a value for each run
 */
export function timeStages(task, { runs, count }) {
  const stages = ['decideAll', 'open']
  const original = stages.map((stage) => Engine.prototype[stage])
  const spent = { decideAll: 0, open: 0 }
  for (const [place, stage] of stages.entries())
    Engine.prototype[stage] = function (...args) {
      const start = now()
      const result = original[place].apply(this, args)
      spent[stage] += now() - start
      return result
    }
  try {
    const calls = warmUp(task)
    const values = { whole: [], decideAll: [], open: [], rest: [] }
    const each = (milliseconds) => (milliseconds * 1000) / count / calls
    for (let run = 0; run < runs; run++) {
      spent.decideAll = 0
      spent.open = 0
      const start = now()
      for (let call = 0; call < calls; call++) task()
      const whole = now() - start
      values.whole.push(each(whole))
      values.decideAll.push(each(spent.decideAll))
      values.open.push(each(spent.open))
      values.rest.push(each(whole - spent.decideAll - spent.open))
    }
    return values
  } finally {
    for (const [place, stage] of stages.entries()) Engine.prototype[stage] = original[place]
  }
}
