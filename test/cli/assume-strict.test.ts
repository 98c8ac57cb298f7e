// `--assume strict`: what hangs on a rule that AWS leaves open passes gates, as a single decision has it.
import { describe, expect, it } from 'vitest'
import { grants, inline, projectOf } from './estate-questions.ts'
import { runHere } from './in-process.ts'

const folder = () =>
  projectOf({
    users: { al: inline(grants('s3:GetObject', { ArnLike: { 'lambda:SourceFunctionArn': '*' } })) },
    invariants: [
      { name: 'nobody reads', action: 's3:GetObject', resource: 'arn:aws:s3:::data/*', expect: 'deny' },
    ],
  })

describe('an invariant that hangs on an open rule', () => {
  it.each([['plan'], ['apply', '--yes'], ['test']])(
    'stops %s, unless rules are read strictly',
    async (...words) => {
      const asked = [...words, '--dir', folder()]
      expect((await runHere(...asked)).code).toBe(4)
      expect((await runHere(...asked, '--assume', 'strict')).code).toBe(0)
    },
  )
})
