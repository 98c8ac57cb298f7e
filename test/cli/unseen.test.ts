import { expect, test } from 'vitest'
import { hasUnseen } from '../../src/diagnostics/unseen.ts'
import { sandbox } from './projects.ts'
import { iamSync, jsonOf } from './run.ts'

const MARKS = '\u061c\u200b\u200e\u200f\u2028\u2029\u202e\u2066\ufeff\u009b'
const PEOPLE = `users:
  alice: { tags: { note: "x${MARKS}y" } }
tests:
  - { name: "t${MARKS}", principal: user/alice, action: s3:GetObject, resource: "*", expect: deny }
  - { name: "u${MARKS}", principal: user/nobody${MARKS}, action: s3:GetObject, resource: "*", expect: deny }
`

test('no output holds a mark that nobody sees, of whatever it tells; JSON has the same texts', async () => {
  const folder = sandbox(PEOPLE)
  const runs = [['validate', folder], ['validate', folder, '--json'], [`plan${MARKS}`]].map((args) =>
    iamSync(args),
  )
  for (const { out, err } of await Promise.all(runs)) {
    expect(`${out}${err}`.split('\n').filter((line) => hasUnseen(line))).toEqual([])
    expect(`${out}${err}`).toContain('\\u200b')
  }
  const { diagnostics } = jsonOf(await (runs[1] ?? iamSync([])))
  expect(JSON.stringify(diagnostics)).toContain(MARKS)
})
