import { expect, test } from 'vitest'

const load = async (path: string) => import(new URL(`../../${path}`, import.meta.url).href)
const { createAccessAnalyzer } = await load('dist/src/access/analyzer.js')
const { assumingEachOther } = await load('bench/estates.mjs')

test('a long analysis says again and again when a large heap can be looked at', async () => {
  let rests = 0
  const analyzer = await createAccessAnalyzer({ documentOf: () => null, now: new Date(0) }, () => rests++)
  const { account, before, after } = assumingEachOther(8)
  analyzer.diffEstates(before, after, [account])
  const ofDiff = rests
  expect(ofDiff).toBeGreaterThan(8)
  analyzer.escalations(after, [account])
  expect(rests).toBeGreaterThan(ofDiff)
})
