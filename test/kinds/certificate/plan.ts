import { valueDetail } from '../../../src/kinds/attributes/details.ts'
import { fingerprintOf } from '../../../src/kinds/attributes/secret-source.ts'
import type { Detail } from '../../../src/model/detail.ts'
import { type Account, type EntityKind, entityArn } from '../../../src/model/index.ts'
import { type EffectiveCall, stepsOf } from '../../../src/model/step.ts'
import type { EffectOn } from '../../../src/model/step-effect.ts'
import { rankOf } from '../../../src/plan/kind-order.ts'
import type { EntityPlan, Planning } from '../../../src/plan/planning.ts'
import type { CallSubject } from '../../../src/plan/steps/kind-calls.ts'
import { token } from '../../../src/plan/steps/step-drafts.ts'
import { CERTIFICATE_ATTRIBUTES, privateKey } from './attributes.ts'
import type { CertificateWrites } from './iam.ts'
import { CERTIFICATE, type CertificateState, type DesiredCertificate } from './kind.ts'

const step = stepsOf<CertificateWrites>()
type CertificateEffect = EffectOn<'certificate', CertificateState>
type CertificatePlanning = Planning<EffectiveCall | EffectiveCall<CertificateWrites, CertificateEffect>>

export const certificateArn = (account: Account, path: string, name: string): string =>
  entityArn(account, CERTIFICATE, path, name)

export const certificate: EntityPlan<
  CertificateState,
  DesiredCertificate,
  CertificateWrites,
  CertificateEffect
> = {
  facts: CERTIFICATE,
  attributes: CERTIFICATE_ATTRIBUTES,
  namedBy: 'name',
  delete: ({ name }) => step('DeleteToyCertificate', { ServerCertificateName: name }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: null,
  quotas: [],
  isMadeAnew: (observed, desired) => fingerprintOf(observed.body) !== fingerprintOf(desired.body),
  planner: (planning, kind) => ({
    create: (desired) => {
      note(planning, kind, 'create', desired, detailsOf(planning, null, desired))
      pushUpload(planning, null, desired, [])
    },
    // What could change in place is part of its name and path.
    update: () => {},
    replace: (observed, desired) => {
      note(planning, kind, 'replace', desired, detailsOf(planning, observed, desired))
      pushDelete(planning, observed)
      pushUpload(planning, observed, desired, [token.gone('certificate', desired.name)])
    },
    delete: (observed) => {
      note(planning, kind, 'delete', observed, privateKey.removal(observed, planning.observed.account))
      pushDelete(planning, observed)
    },
  }),
}

const keyOf = ({ arn }: CallSubject): string => `${arn} certificate`

function note(
  planning: CertificatePlanning,
  kind: EntityKind,
  action: Planning['changes'][number]['action'],
  of: CertificateState | DesiredCertificate,
  details: readonly Detail[],
): void {
  const { name, arn } = of
  planning.changes.push({
    key: keyOf(of),
    action,
    kind,
    name,
    arn,
    span: 'span' in of ? of.span : null,
    details,
  })
}

const keyChange = (
  planning: CertificatePlanning,
  observed: CertificateState | null,
  desired: DesiredCertificate,
) => privateKey.compare(observed, desired, undefined, planning.observed.account)

const detailsOf = (
  planning: CertificatePlanning,
  observed: CertificateState | null,
  desired: DesiredCertificate,
): readonly Detail[] => [
  ...valueDetail('body', observed?.body ?? null, desired.body),
  ...keyChange(planning, observed, desired).details(),
]

function pushUpload(
  planning: CertificatePlanning,
  observed: CertificateState | null,
  desired: DesiredCertificate,
  requires: readonly string[],
): void {
  const { name, path, body, arn } = desired
  planning.steps.push({
    change: keyOf(desired),
    ...step('UploadToyCertificate', {
      ServerCertificateName: name,
      Path: path,
      CertificateBody: body,
      PrivateKey: keyChange(planning, observed, desired).deliver ?? undefined,
    }),
    effects: [
      { type: 'created', kind: 'certificate', state: { kind: 'certificate', name, path, arn, body } },
    ],
    rank: rankOf(planning.kinds, 'certificate').create,
    requires,
    provides: [token.exists(arn)],
  })
}

function pushDelete(planning: CertificatePlanning, observed: CertificateState): void {
  planning.steps.push({
    change: keyOf(observed),
    ...certificate.delete(observed),
    effects: [{ type: 'deleted', kind: 'certificate', name: observed.name }],
    rank: rankOf(planning.kinds, 'certificate').delete,
    provides: [token.gone('certificate', observed.name)],
  })
}
