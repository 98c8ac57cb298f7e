import { expect, it } from 'vitest'
import type { UnknownAccess } from '../../src/access/access-entry.ts'
import { reportOf } from '../../src/access/escalation/report.ts'

it('what is not known of somebody’s access, and so of what they come to by it, is said once', () => {
  const unknown: UnknownAccess = {
    principals: ['arn:aws:iam::111122223333:role/x'],
    direction: 'gained',
    reason: 'document',
    policy: 'inline:own',
    sid: null,
    source: null,
  }
  const diff = { verdict: 'unknown', gained: [], lost: [], escalations: [] } as const
  const other = { ...unknown, policy: 'inline:other' }
  expect(
    reportOf([{ ...diff, unknown: [unknown], unknownEscalations: [{ ...unknown }, other] }], null).unknown,
  ).toEqual([unknown, other])
  const more = { ...unknown, principals: [...unknown.principals, 'arn:aws:iam::111122223333:user/ada'] }
  expect(
    reportOf([{ ...diff, unknown: [unknown], unknownEscalations: [more, other] }], null).unknown,
  ).toEqual([more, other])
})
