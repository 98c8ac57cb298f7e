// Every key that findings about access have in JSON stands in docs/cli.md.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { AccessArea, AccessEntry, UnknownAccess } from '../../src/access/access-entry.ts'
import type { Escalation } from '../../src/access/escalation/escalation.ts'
import { SourceTexts } from '../../src/diagnostics/index.ts'
import type { Request } from '../../src/evaluator/decision.ts'
import { accessJson, proofJson } from '../../src/report/access/access-json.ts'

const DOCS = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

const WITNESS: Request = {
  principal: 'arn:aws:iam::111122223333:user/ada',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::data/x',
  resourceAccount: '111122223333',
  context: new Map(),
}
const AREA: Required<AccessArea> = {
  resources: ['*'],
  notResources: [],
  conditions: {},
  actions: [],
  limits: [],
  ended: '2026-01-01T00:00:00Z',
}
const EXTENT = { ...AREA, also: [], except: [] }
/** With everything that an entry can have. */
const ENTRY: Required<AccessEntry> = {
  kind: 'action',
  principals: [],
  actions: [],
  levels: { permissions: 0, write: 0, tagging: 0, read: 0, list: 0 },
  resources: [],
  notResources: [],
  conditions: {},
  witness: WITNESS,
  via: [],
  tier: 'typed',
  source: null,
  policy: '',
  sid: null,
  because: {
    cause: 'boundary',
    change: 'removed',
    policy: null,
    sid: null,
    source: null,
    area: AREA,
    allowedBy: { policy: '', sid: null, source: null, area: AREA },
  },
  isPotential: false,
  question: 'proof',
  publicAccessBlock: 'account',
  sessionTags: {},
  by: 'facts',
  before: EXTENT,
  after: EXTENT,
  values: { 'aws:PrincipalTag/team': { before: null, after: [] } },
  ended: '2026-01-01T00:00:00Z',
}
const ESCALATION: Required<Escalation> = {
  ...ENTRY,
  rule: 'administrator',
  class: 'administrator',
  weight: 95,
  severity: 'critical',
  target: null,
  targets: [],
  path: [{ way: '', actor: '', does: '', reaches: null, witness: WITNESS, besides: [WITNESS] }],
  likewise: [],
  why: '',
}
const UNKNOWN: Required<UnknownAccess> = {
  principals: [],
  direction: 'gained',
  reason: 'assumed',
  rule: '9',
  unseen: 'resourcePolicies',
  witness: WITNESS,
  policy: '',
  sid: null,
  source: null,
}

function keysIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => [key, ...keysIn(each)])
}

it.each([
  [
    'a difference',
    accessJson(
      { verdict: 'unknown', gained: [ENTRY], lost: [ENTRY], unknown: [UNKNOWN], escalations: [ESCALATION] },
      new SourceTexts(),
    ),
  ],
  [
    'a proof',
    proofJson(
      {
        holds: 'unknown',
        violations: [ENTRY],
        unknown: [UNKNOWN],
        notes: [ENTRY],
        covers: { roles: 1, resources: [] },
      },
      new SourceTexts(),
    ),
  ],
])('%s has no key that the documentation lacks', (_, document) => {
  const isTold = (key: string) =>
    key.includes('/') || DOCS.includes(`\`${key}\``) || DOCS.includes(`"${key}"`)
  expect([...new Set(keysIn(document))].filter((key) => !isTold(key))).toEqual([])
})
