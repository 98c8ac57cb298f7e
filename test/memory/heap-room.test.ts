import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('../../dist/src/cli/opening/heap-room.js', import.meta.url).href

/** In a process of its own, since a heap that has become large once stays so. @returns MiB in use before and after */
function roomMade(mebibytes: number): readonly [before: number, after: number] {
  const script = `
    import { getHeapStatistics } from 'node:v8'
    import { makeRoom } from ${JSON.stringify(MODULE)}
    const used = () => Math.round(getHeapStatistics().used_heap_size / 2 ** 20)
    let kept = []
    for (let nth = 0; nth < ${mebibytes}; nth++) kept.push(new Array(2 ** 17).fill(nth))
    const before = used()
    kept = null
    makeRoom()
    console.log(JSON.stringify([before, used()]))`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as [number, number]
}

test('garbage of a large heap is collected when a part of the work is done', () => {
  const [before, after] = roomMade(400)
  expect(before).toBeGreaterThan(390)
  expect(after).toBeLessThan(50)
})

test('a heap as commands usually have it is left alone', () => {
  const [before, after] = roomMade(200)
  expect(after).toBeGreaterThanOrEqual(before - 5)
})
