// Time: engines take turns, so that whatever else the machine does hits all of them.
import { Bench } from 'tinybench'
import { Engine } from '../../dist/src/evaluator/module/engine.js'

const now = () => performance.now()

/** A task this short is done several times in a row: what the others left in the caches then matters less. Milliseconds. */
const TURN_AT_LEAST = 20
const WARM_UP = 250

/** A task that is warm, to be run a turn at a time. */
function warmTask(name, call) {
  const bench = new Bench({
    iterations: 1,
    time: TURN_AT_LEAST,
    warmupIterations: 3,
    warmupTime: WARM_UP,
    throws: true,
  })
  bench.add(name, call)
  const task = bench.getTask(name)
  task.warmupSync()
  bench.warmup = false
  return task
}

/**
 * @param tasks functions by name
 * @param count what one call of a task does so many times
 * @returns for each task microseconds of one of them, a value for each run; `spent` has the same of processor time
 */
export function takeTurns(tasks, { runs, count }) {
  const turns = Object.entries(tasks).map(([name, call]) => ({
    name,
    task: warmTask(name, call),
    values: Object.assign([], { spent: [] }),
  }))
  for (let run = 0; run < runs; run++)
    for (const { task, values } of turns) {
      task.reset()
      const before = process.cpuUsage()
      task.runSync()
      const { user, system } = process.cpuUsage(before)
      values.push((task.result.latency.mean * 1000) / count)
      values.spent.push((user + system) / task.runs / count)
    }
  return Object.fromEntries(turns.map(({ name, values }) => [name, values]))
}

/**
 * Where the time of a question goes: the module decides (`decide`), it checks what was written (`check`), and JavaScript
 * writes requests and reads answers (`rest`).
 * @param method of the engine that makes the module decide
 * @returns microseconds of each, and of the whole, for one of `count`, a value for each run
 */
export function timeStages(task, { method = 'decideAll', runs, count }) {
  const spent = { decide: 0, check: 0 }
  const restore = [spentIn(method, spent, 'decide'), spentIn('open', spent, 'check')]
  try {
    const calls = callsInATurn(task)
    const values = { whole: [], decide: [], check: [], rest: [] }
    const each = (milliseconds) => (milliseconds * 1000) / count / calls
    for (let run = 0; run < runs; run++) {
      spent.decide = 0
      spent.check = 0
      const start = now()
      for (let call = 0; call < calls; call++) task()
      const whole = now() - start
      values.whole.push(each(whole))
      values.decide.push(each(spent.decide))
      values.check.push(each(spent.check))
      values.rest.push(each(whole - spent.decide - spent.check))
    }
    return values
  } finally {
    for (const stop of restore) stop()
  }
}

/** @returns how many times a task is done in one turn, once it is warm */
function callsInATurn(call) {
  const start = now()
  let calls = 0
  do {
    call()
    calls++
  } while (calls < 3 || now() - start < WARM_UP)
  return Math.ceil((TURN_AT_LEAST * calls) / (now() - start))
}

/** Adds up what a method of the engine takes. @returns stops it */
function spentIn(method, spent, stage) {
  const original = Engine.prototype[method]
  Engine.prototype[method] = function (...args) {
    const start = now()
    const result = original.apply(this, args)
    spent[stage] += now() - start
    return result
  }
  return () => {
    Engine.prototype[method] = original
  }
}
