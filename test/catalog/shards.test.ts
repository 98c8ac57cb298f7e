import { brotliCompressSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { openShards } from '../../src/catalog/shards.ts'

const parts = ['one\ntwo', 'drei'].map((text) => brotliCompressSync(text))
const read = openShards({
  firstLine: [0, 2],
  end: [parts[0]?.length ?? 0, (parts[0]?.length ?? 0) + (parts[1]?.length ?? 0)],
  data: Buffer.concat(parts).toString('base64'),
})

it('reads any line, in any order, more than once', () => {
  expect([2, 0, 1, 0].map(read)).toEqual(['drei', 'one', 'two', 'one'])
})

it('a line that does not exist is an error of the caller', () => {
  expect(() => read(3)).toThrow(RangeError)
  expect(() => read(-1)).toThrow(RangeError)
})
