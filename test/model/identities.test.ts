import { expect, it } from 'vitest'
import {
  byKind,
  ENTITIES,
  IDENTITY_KINDS,
  PRINCIPAL_ENTITY_KINDS,
  principalEntityNamed,
} from '../../src/model/index.ts'

/** By type: what has a boundary makes requests, and what policies are attached to is an identity. */
const PRINCIPALS: Readonly<Record<(typeof PRINCIPAL_ENTITY_KINDS)[number], true>> = { role: true, user: true }
const IDENTITIES: Readonly<Record<(typeof IDENTITY_KINDS)[number], true>> = { ...PRINCIPALS, group: true }

it('the facts of kinds tell the identities, and those that make requests, as the types of their states do', () => {
  expect(PRINCIPAL_ENTITY_KINDS.toSorted()).toEqual(Object.keys(PRINCIPALS).sort())
  expect(IDENTITY_KINDS.toSorted()).toEqual(Object.keys(IDENTITIES).sort())
})

it('who makes requests is found by an ARN of any path, and never by the name of another kind', () => {
  const ada = {
    kind: 'user',
    name: 'ada',
    path: '/staff/',
    arn: 'arn:aws:iam::111122223333:user/staff/ada',
    groups: [],
    managedPolicies: [],
    inlinePolicies: new Map(),
    permissionsBoundary: null,
    tags: new Map(),
  } as const
  const entities = { ...byKind(() => new Map()), user: new Map([['ada', ada]]) }
  const named = (resource: string) => principalEntityNamed(entities, `arn:aws:iam::111122223333:${resource}`)
  expect(named('user/ada')).toBe(ada)
  expect(named('user/other/ada')).toBe(ada)
  for (const arnType of ['role', ...Object.values(ENTITIES).map(({ arnType: type }) => type)])
    if (arnType !== 'user') expect(named(`${arnType}/ada`)).toBeNull()
})
