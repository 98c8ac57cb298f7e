import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AuditTrail } from '../../../src/server/audit/audit-trail.ts'
import type { AnsweredCall } from '../../../src/server/calls/ports.ts'

const call = (requestId: string) => ({ requestId }) as AnsweredCall

function trailTo(append: (texts: readonly string[]) => Promise<void>, most?: number) {
  const noticed: string[] = []
  const trail = new AuditTrail({
    textOf: ({ requestId }) => (requestId === '' ? null : requestId),
    droppedText: (count) => `dropped ${count}`,
    append,
    noticed: (what) => noticed.push(what),
    ...(most === undefined ? {} : { most }),
  })
  return { trail, noticed }
}

describe('the trail of calls', () => {
  it('writes behind the answers, in the order of the calls, in batches', async () => {
    const batches: (readonly string[])[] = []
    const { trail } = trailTo(async (texts) => {
      batches.push(texts)
    })
    for (let index = 0; index < 250; index++) trail.told(call(`${index}`))
    trail.told(call(''))
    expect(batches).toEqual([])
    await trail.flush()
    expect(batches.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(batches.flat()).toEqual(Array.from({ length: 250 }, (_, index) => `${index}`))
    // By itself, soon.
    trail.told(call('later'))
    await sleep(250)
    expect(batches.at(-1)).toEqual(['later'])
    expect(trail.counts).toEqual({ waiting: 0, written: 251, dropped: 0, failures: 0 })
  })

  it('keeps what could not be written, and tries again', async () => {
    const written: string[] = []
    let fails = true
    const { trail, noticed } = trailTo(async (texts) => {
      if (fails) throw new Error('busy')
      written.push(...texts)
    })
    trail.told(call('a'))
    await trail.flush()
    trail.told(call('b'))
    expect([written, noticed]).toEqual([[], ['audit-not-written']])
    fails = false
    expect(await trail.close(1000)).toBe(0)
    expect(written).toEqual(['a', 'b'])
  })

  it('leaves out what there is no room for, counts it, and says so in the log', async () => {
    const written: string[] = []
    let fails = true
    const { trail, noticed } = trailTo(async (texts) => {
      if (fails) throw new Error('busy')
      written.push(...texts)
    }, 30)
    for (let index = 0; index < 5; index++) trail.told(call(`${index}`.repeat(10)))
    await trail.flush()
    expect(trail.counts).toMatchObject({ waiting: 3, dropped: 2 })
    expect(noticed).toEqual(['audit-dropped', 'audit-not-written'])
    fails = false
    await trail.flush()
    expect(written).toEqual(['0000000000', '1111111111', '2222222222', 'dropped 2'])
    trail.told(call('x'.repeat(30)))
    await trail.close(1000)
    expect(written.at(-1)).toBe('x'.repeat(30))
  })

  it('ends after its time, and tells how much was not written', async () => {
    const { trail } = trailTo(() => Promise.reject(new Error('full')))
    for (let index = 0; index < 3; index++) trail.told(call(`${index}`))
    expect(await trail.close(10)).toBe(3)
    expect(trail.counts).toMatchObject({ waiting: 0, dropped: 3 })
  })
})
