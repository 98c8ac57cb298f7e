import { valueDetail } from '../../../src/kinds/attributes/details.ts'
import { fingerprintOf } from '../../../src/kinds/attributes/secret-source.ts'
import type { Detail } from '../../../src/model/detail.ts'
import { type Account, entityArn } from '../../../src/model/index.ts'
import type { Planned } from '../../../src/model/secret.ts'
import type { StepCall } from '../../../src/model/step.ts'
import type { StepEffect } from '../../../src/model/step-effect.ts'
import { rankOf } from '../../../src/plan/kind-order.ts'
import type { EntityPlanner, PlanKinds, Planning } from '../../../src/plan/planning.ts'
import type { CallSubject } from '../../../src/plan/steps/kind-calls.ts'
import { token } from '../../../src/plan/steps/step-drafts.ts'
import { CERTIFICATE_ATTRIBUTES, privateKey } from './attributes.ts'
import type { CertificateWrites } from './iam.ts'
import { CERTIFICATE, type CertificateState, type DesiredCertificate } from './kind.ts'

/** The steps of `src` are typed by the operations of its own kinds. */
const certificateStep = <O extends keyof CertificateWrites>(
  operation: O,
  input: Planned<CertificateWrites[O]['input']>,
): StepCall => ({ operation, input }) as unknown as StepCall

/** Effects are typed by the states of the kinds of `src` as well. */
const certificateEffect = (effect: Readonly<Record<string, unknown>>): readonly StepEffect[] => [
  { kind: 'certificate', ...effect } as unknown as StepEffect,
]

export const certificateArn = (account: Account, path: string, name: string): string =>
  entityArn(account, CERTIFICATE, path, name)

export const certificate = {
  facts: CERTIFICATE,
  attributes: CERTIFICATE_ATTRIBUTES,
  namedBy: 'name',
  delete: ({ name }: CallSubject) =>
    certificateStep('DeleteServerCertificate', { ServerCertificateName: name }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: null,
  isMadeAnew: (observed: CertificateState, desired: DesiredCertificate) =>
    fingerprintOf(observed.body) !== fingerprintOf(desired.body),
  planner: (planning: Planning): EntityPlanner<CertificateState, DesiredCertificate> => ({
    create: (desired) => {
      note(planning, 'create', desired, detailsOf(planning, null, desired))
      pushUpload(planning, null, desired, [])
    },
    // What could change in place is part of its name and path.
    update: () => {},
    replace: (observed, desired) => {
      note(planning, 'replace', desired, detailsOf(planning, observed, desired))
      pushDelete(planning, observed)
      pushUpload(planning, observed, desired, [token.gone('certificate', desired.name)])
    },
    delete: (observed) => {
      note(planning, 'delete', observed, privateKey.removal(observed, planning.observed.account))
      pushDelete(planning, observed)
    },
  }),
}

// The kinds of changes, and those that ranks are asked for, are those of `src`.
const KIND = 'certificate' as keyof PlanKinds
const keyOf = ({ arn }: CallSubject): string => `${arn} certificate`

function note(
  planning: Planning,
  action: Planning['changes'][number]['action'],
  of: CertificateState | DesiredCertificate,
  details: readonly Detail[],
): void {
  const { name, arn } = of
  planning.changes.push({
    key: keyOf(of),
    action,
    kind: KIND,
    name,
    arn,
    span: 'span' in of ? of.span : null,
    details,
  })
}

const keyChange = (planning: Planning, observed: CertificateState | null, desired: DesiredCertificate) =>
  privateKey.compare(observed, desired, undefined, planning.observed.account)

const detailsOf = (
  planning: Planning,
  observed: CertificateState | null,
  desired: DesiredCertificate,
): readonly Detail[] => [
  ...valueDetail('body', observed?.body ?? null, desired.body),
  ...keyChange(planning, observed, desired).details(),
]

function pushUpload(
  planning: Planning,
  observed: CertificateState | null,
  desired: DesiredCertificate,
  requires: readonly string[],
): void {
  const { name, path, body, arn } = desired
  planning.steps.push({
    change: keyOf(desired),
    ...certificateStep('UploadServerCertificate', {
      ServerCertificateName: name,
      Path: path,
      CertificateBody: body,
      PrivateKey: keyChange(planning, observed, desired).deliver ?? undefined,
    }),
    effects: certificateEffect({ type: 'created', state: { kind: 'certificate', name, path, arn, body } }),
    rank: rankOf(planning.kinds, KIND).create,
    requires,
    provides: [token.exists(arn)],
  })
}

function pushDelete(planning: Planning, observed: CertificateState): void {
  planning.steps.push({
    change: keyOf(observed),
    ...certificate.delete(observed),
    effects: certificateEffect({ type: 'deleted', name: observed.name }),
    rank: rankOf(planning.kinds, KIND).delete,
    provides: [token.gone('certificate', observed.name)],
  })
}
