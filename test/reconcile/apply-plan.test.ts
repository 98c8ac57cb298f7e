import { describe, expect, it } from 'vitest'
import { IamError } from '../../src/iam/service-error.ts'
import type { Step } from '../../src/model/step.ts'
import { type ApplyOptions, applyPlan, summaryOf } from '../../src/reconcile/apply-plan.ts'
import type { IamWriter } from '../../src/target/ports.ts'

const step = (name: string, ...needs: readonly number[]): Step => ({
  operation: 'CreateGroup',
  input: { GroupName: name },
  effects: [],
  needs,
})

/** A writer that throws the errors of a group's name in turn, before it lets the call through. */
function writerWith(errors: Readonly<Record<string, readonly Error[]>> = {}) {
  const calls: string[] = []
  const left = new Map(Object.entries(errors).map(([name, list]) => [name, [...list]]))
  const writer: IamWriter = {
    write(_, input) {
      const name = 'GroupName' in input ? String(input.GroupName) : ''
      calls.push(name)
      const error = left.get(name)?.shift()
      return error === undefined ? Promise.resolve({} as never) : Promise.reject(error)
    },
  }
  return { writer, calls }
}

function optionsWith(changes: Partial<ApplyOptions> = {}) {
  const slept: number[] = []
  const options: ApplyOptions = {
    signal: new AbortController().signal,
    sleep: async (milliseconds) => {
      slept.push(milliseconds)
    },
    random: () => 0.5,
    ...changes,
  }
  return { options, slept }
}

const throttled = () => new IamError('Throttling', 'slow down', { retryable: true })
const denied = () => new IamError('AccessDenied', 'no')
const times = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make)

describe('carrying out a plan', () => {
  it('runs every step once, in order, and says so before each', async () => {
    const { writer, calls } = writerWith()
    const progress: string[] = []
    const steps = [step('a'), step('b', 0), step('c')]
    const { options } = optionsWith({
      onProgress: ({ completed, total, step }) =>
        progress.push(`${completed}/${total} ${'GroupName' in step.input ? step.input.GroupName : ''}`),
    })
    const { results, interrupted } = await applyPlan({ steps }, writer, options)
    expect(calls).toEqual(['a', 'b', 'c'])
    expect(progress).toEqual(['0/3 a', '1/3 b', '2/3 c'])
    expect(results).toEqual(steps.map((each) => ({ step: each, status: 'done', error: null })))
    expect(interrupted).toBe(false)
    expect(summaryOf(results)).toEqual({ done: 3, failed: 0, skipped: 0 })
  })

  it('after a refusal skips what needs it, directly or through others, and does the rest', async () => {
    const { writer, calls } = writerWith({ a: [denied()] })
    const steps = [step('a'), step('b', 0), step('c', 1), step('d'), step('e', 3)]
    const { results, interrupted } = await applyPlan({ steps }, writer, optionsWith().options)
    expect(calls).toEqual(['a', 'd', 'e'])
    expect(results.map(({ status }) => status)).toEqual(['failed', 'skipped', 'skipped', 'done', 'done'])
    expect(results[0]?.error).toEqual({ code: 'AccessDenied', message: 'no' })
    expect(results[1]?.error).toBeNull()
    expect(interrupted).toBe(false)
  })

  it('an empty plan has no results', async () => {
    const { writer } = writerWith()
    expect(await applyPlan({ steps: [] }, writer, optionsWith().options)).toEqual({
      results: [],
      interrupted: false,
      broken: null,
    })
  })

  it('a defect of ours is thrown, not reported as a refusal', async () => {
    const { writer } = writerWith({ a: [new TypeError('a defect')] })
    await expect(applyPlan({ steps: [step('a')] }, writer, optionsWith().options)).rejects.toThrow(TypeError)
  })
})

describe('a retry', () => {
  it('is made while it can help, with pauses that double up to a bound and are cut by chance', async () => {
    const { writer, calls } = writerWith({ a: times(6, throttled) })
    const { options, slept } = optionsWith({ random: () => 0.5 })
    const { results } = await applyPlan({ steps: [step('a')] }, writer, options)
    expect(results[0]?.status).toBe('done')
    expect(calls).toHaveLength(7)
    expect(slept).toEqual([125, 250, 500, 1000, 2000, 2000])
  })

  it('is given up after seven attempts, and the step has failed', async () => {
    const { writer, calls } = writerWith({ a: times(100, throttled) })
    const { results } = await applyPlan({ steps: [step('a'), step('b')] }, writer, optionsWith().options)
    expect(calls).toEqual([...times(7, () => 'a'), 'b'])
    expect(results.map(({ status }) => status)).toEqual(['failed', 'done'])
    expect(results[0]?.error?.code).toBe('Throttling')
  })

  it('is not made of what can not succeed', async () => {
    const { writer, calls } = writerWith({ a: [denied()] })
    const { options, slept } = optionsWith()
    await applyPlan({ steps: [step('a')] }, writer, options)
    expect([calls.length, slept.length]).toEqual([1, 0])
  })
})

describe('an abort', () => {
  it('lets the step under way end and skips the rest', async () => {
    const abort = new AbortController()
    const { calls } = writerWith()
    const writer: IamWriter = {
      async write() {
        calls.push('call')
        abort.abort()
        return {} as never
      },
    }
    const { results, interrupted } = await applyPlan(
      { steps: [step('a'), step('b')] },
      writer,
      optionsWith({ signal: abort.signal }).options,
    )
    expect(calls).toHaveLength(1)
    expect(results.map(({ status }) => status)).toEqual(['done', 'skipped'])
    expect(interrupted).toBe(true)
  })

  it('after the last step interrupts nothing', async () => {
    const abort = new AbortController()
    const writer: IamWriter = {
      async write() {
        abort.abort()
        return {} as never
      },
    }
    const { interrupted } = await applyPlan(
      { steps: [step('a')] },
      writer,
      optionsWith({ signal: abort.signal }).options,
    )
    expect(interrupted).toBe(false)
  })

  it('during a pause ends the retries: the step has failed, the rest is skipped', async () => {
    const abort = new AbortController()
    const { writer, calls } = writerWith({ a: times(100, throttled) })
    const { options } = optionsWith({ signal: abort.signal, sleep: async () => abort.abort() })
    const { results, interrupted } = await applyPlan({ steps: [step('a'), step('b')] }, writer, options)
    expect(calls).toEqual(['a'])
    expect(results.map(({ status }) => status)).toEqual(['failed', 'skipped'])
    expect(interrupted).toBe(true)
  })
})
