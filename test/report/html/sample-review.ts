import type { PowerGraph } from '../../../src/report/graph/power-graph.ts'
import type { Review, ReviewEntry } from '../../../src/report/review/review.ts'

const production = { id: '111122223333', name: 'production' }
const arn = (resource: string) => `arn:aws:iam::${production.id}:${resource}`

export const entry = (parts: Partial<ReviewEntry>): ReviewEntry => ({
  sign: '+',
  style: 'added',
  account: null,
  who: 'user/alice',
  short: 'something changes',
  lines: [],
  merge: { rule: '', target: '' },
  principals: [],
  services: [],
  levels: [],
  severity: null,
  place: null,
  count: 1,
  ...parts,
})

/** Every kind of section, with entries that differ in principal, service and level. */
export const sampleReview: Review = {
  verdict: {
    level: 'danger',
    counts: [
      [2, 'gain'],
      [1, 'loses'],
      [1, 'deletes'],
      [1, 'without effect'],
      [1, 'unknown'],
    ],
    objections: ['the guard refuses'],
    otherwise: 'no change',
  },
  commit: { id: '5ae1cdd1f2c9b4b1c3e0d7f60f5a8b9e7c6d5e4f', isDirty: true },
  heads: [
    {
      account: production,
      digest: `sha256:${'0f343b09'.repeat(8)}`,
      against: { ref: 'main', commit: '1027a9a5c7f0b7d3a1c4f1e2d3c4b5a697887766' },
    },
  ],
  sections: [
    {
      name: 'escalations',
      title: 'escalations',
      mayFold: false,
      entries: [
        entry({
          short: 'may become administrator: joins group/admins',
          lines: [
            '1. user/alice joins group/admins',
            '   e.g. iam:AddUserToGroup group/admins [verified]',
            'from team/people.yaml:12',
          ],
          principals: [arn('user/alice')],
          services: ['iam'],
          levels: ['permissions'],
          severity: 'critical',
          place: { file: 'team/people.yaml', line: 12 },
        }),
        entry({
          who: 'role/ci',
          short: 'may run code as role/deploy',
          principals: [arn('role/ci')],
          services: ['iam', 'lambda'],
          levels: ['permissions', 'write'],
          severity: 'medium',
          place: { file: 'team/roles.yaml', line: 3 },
        }),
      ],
    },
    {
      name: 'unknown',
      title: 'not known',
      mayFold: false,
      entries: [
        entry({
          sign: '?',
          style: 'changed',
          who: 'role/odd',
          short: 'unknown, so it counts as gained: it would take too long',
          principals: [arn('role/odd')],
        }),
      ],
    },
    {
      name: 'gains',
      title: 'gains',
      mayFold: false,
      entries: [
        entry({
          lines: [
            'iam  permissions 1 (AddUserToGroup)',
            '  on group/admins',
            '  e.g. iam:AddUserToGroup group/admins [verified]',
          ],
          principals: [arn('user/alice')],
          services: ['iam'],
          levels: ['permissions'],
        }),
        entry({
          who: 'role/ci',
          lines: [
            's3  write 2 (DeleteObject, PutObject)',
            '  on arn:aws:s3:::acme-data/* when aws:PrincipalTag/team = payments',
          ],
          principals: [arn('role/ci')],
          services: ['s3'],
          levels: ['write'],
        }),
      ],
    },
    {
      name: 'losses',
      title: 'losses',
      mayFold: false,
      entries: [
        entry({
          sign: '-',
          style: 'removed',
          who: 'user/bob',
          lines: ['s3  read 2 (GetObject, GetObjectVersion)', '  on arn:aws:s3:::acme-data/*'],
          principals: [arn('user/bob')],
          services: ['s3'],
          levels: ['read'],
        }),
      ],
    },
    {
      name: 'deletes',
      title: 'deletes',
      mayFold: false,
      entries: [
        entry({
          sign: '-',
          style: 'removed',
          who: 'user bob',
          lines: ['with it ends: access key AKIAIOSFODNN7EXAMPLE'],
        }),
      ],
    },
    {
      name: 'changes',
      title: 'changes by file',
      mayFold: true,
      entries: [
        entry({
          sign: '~',
          style: 'changed',
          who: 'user alice',
          lines: [
            'groups: + admins',
            'inline policy data:',
            '  + statement Read',
            '    Allow s3:GetObject on *',
          ],
          place: { file: 'team/people.yaml', line: 2 },
        }),
        entry({
          sign: '-',
          style: 'removed',
          who: 'user bob',
          lines: [],
          short: 'it is deleted',
          place: { file: 'team/people.yaml', line: 9 },
        }),
      ],
    },
    {
      name: 'machine',
      title: 'details',
      mayFold: true,
      entries: [
        entry({
          sign: '·',
          style: 'dim',
          who: 'production',
          short: '1 to update, 1 to delete; 40 unchanged',
        }),
      ],
    },
  ],
}

const sampleGraph: PowerGraph = {
  nodes: [
    { id: arn('user/alice'), label: 'user/alice', place: 'inside', severity: null },
    { id: arn('group/admins'), label: 'group/admins', place: 'inside', severity: 'critical' },
    { id: arn('role/ci'), label: 'role/ci', place: 'inside', severity: null },
    {
      id: arn('role/deploy'),
      label: 'role/deploy-to-production-and-everything',
      place: 'inside',
      severity: 'medium',
    },
    { id: 'account:*', label: 'account:*', place: 'outside', severity: null },
    { id: 'power takes-over-identity', label: 'somebody else', place: 'power', severity: null },
  ],
  edges: [
    {
      from: arn('user/alice'),
      to: arn('group/admins'),
      kind: 'comes to',
      change: 'gained',
      does: 'joins group/admins',
    },
    {
      from: arn('role/ci'),
      to: arn('role/deploy'),
      kind: 'comes to',
      change: 'part',
      does: 'passes role/deploy',
    },
    { from: 'account:*', to: arn('role/ci'), kind: 'assumes', change: 'gained', does: 'may assume role/ci' },
    {
      from: arn('role/deploy'),
      to: arn('role/ci'),
      kind: 'assumes',
      change: 'lost',
      does: 'may no longer assume role/ci',
    },
    {
      from: arn('role/ci'),
      to: 'power takes-over-identity',
      kind: 'comes to',
      change: 'gained',
      does: 'takes a key',
    },
  ],
  left: { nodes: 2, edges: 1 },
}
export const sampleGraphs = [{ account: production, graph: sampleGraph }]
