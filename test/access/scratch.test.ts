import { expect, it } from 'vitest'
import { keyFactsFrom } from '../../src/access/key-facts.ts'
import { Reasoner } from '../../src/access/reasoner.ts'
import { NOTHING_PINNED, pinnedTo } from '../../src/access/symbolic/pins.ts'
import { loadActions } from '../../src/catalog/actions.ts'
import { loadManagedPolicies } from '../../src/catalog/managed-policies.ts'
import { parsePolicy } from '../../src/policy/parse.ts'

it('scratch', async () => {
  const t0 = performance.now()
  const facts = await loadActions()
  const managed = await loadManagedPolicies()
  const t1 = performance.now()
  const reasoner = new Reasoner(facts, 'aws')
  const t2 = performance.now()
  console.log('load', t1 - t0, 'table', t2 - t1)
  const caller = {
    id: 'u',
    isUser: true,
    keyFacts: keyFactsFrom(facts, { isSession: false, present: new Set() }),
  }
  const diff = (a: any, b: any) => {
    const layers = (doc: any) => ({
      identity:
        doc === null ? [] : [{ id: 'p', policy: parsePolicy(doc, null, 'identity', 'evaluate').policy! }],
    })
    const start = performance.now()
    const sides = (pins: any) => ({
      before: reasoner.sideOf(layers(a), pins),
      now: reasoner.sideOf(layers(b), pins),
    })
    const run = (swap: boolean) => {
      const s = (pins: any) => {
        const x = sides(pins)
        return swap ? { before: x.now, now: x.before } : x
      }
      return reasoner.diff(s(NOTHING_PINNED), {
        inside: [reasoner.anyResource],
        outside: [],
        withStar: true,
        caller,
        pinned: (keys) => s(pinnedTo(NOTHING_PINNED, keys)),
      })
    }
    const show = (d: any) =>
      d.findings
        .map(
          (f: any) =>
            `${f.tier} ${f.actions.length} ${f.actions.slice(0, 3)} | ${f.request.action} ${f.request.resource} ${JSON.stringify([...f.request.context])}`,
        )
        .concat(d.doubts.map((x: any) => `? ${x.reason}`))
    const g = run(false)
    const l = run(true)
    console.log((performance.now() - start).toFixed(1), 'ms gained', show(g), 'lost', show(l))
  }
  const doc = (...Statement: any[]) => ({ Version: '2012-10-17', Statement })
  diff(
    doc({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }),
    doc({ Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::*/x' }),
  )
  diff(
    doc({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    doc({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
  )
  diff(
    doc({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    doc({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' }),
  )
  diff(null, managed.document('arn:aws:iam::aws:policy/AdministratorAccess'))
  diff(
    managed.document('arn:aws:iam::aws:policy/ReadOnlyAccess'),
    managed.document('arn:aws:iam::aws:policy/AdministratorAccess'),
  )
  diff(
    managed.document('arn:aws:iam::aws:policy/ReadOnlyAccess'),
    managed.document('arn:aws:iam::aws:policy/PowerUserAccess'),
  )
  diff(
    doc({
      Effect: 'Allow',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    }),
    doc({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
  )
  diff(
    doc({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::${aws:username}/*' }),
    doc({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::${aws:username}*' }),
  )
  diff(
    doc({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' }),
    doc(
      { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' },
      { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::ok/*' },
    ),
  )
})
