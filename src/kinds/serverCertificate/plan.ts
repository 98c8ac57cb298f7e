import { type EffectiveCall, step } from '../../model/step.ts'
import { plainPlanner } from '../../plan/plain-planner.ts'
import type { PlanKind } from '../../plan/planning.ts'
import { tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK, token } from '../../plan/steps/step-drafts.ts'
import { type DesiredServerCertificate, SERVER_CERTIFICATE } from './kind.ts'
import { SERVER_CERTIFICATE_ATTRIBUTES, SERVER_CERTIFICATE_MANIFEST } from './manifest.ts'

/** A certificate for TLS: its path changes in place, another body or chain makes it anew. */
export const serverCertificate: PlanKind<'serverCertificate'> = {
  facts: SERVER_CERTIFICATE,
  attributes: SERVER_CERTIFICATE_MANIFEST.attributes,
  namedBy: 'name',
  delete: ({ name: ServerCertificateName }) => step('DeleteServerCertificate', { ServerCertificateName }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: {
    tag: ({ name: ServerCertificateName }, Tags) =>
      step('TagServerCertificate', { ServerCertificateName, Tags }),
    untag: ({ name: ServerCertificateName }, TagKeys) =>
      step('UntagServerCertificate', { ServerCertificateName, TagKeys }),
  },
  quotas: [tagged('tagsPerServerCertificate')],
  /** @see IAM API Reference, UpdateServerCertificate: it takes a name and a path alone */
  isMadeAnew: (observed, desired, { declaredBefore, observed: { account } }) => {
    const { certificateChain } = declaredAttributes(declaredBefore, desired)
    const attributes = SERVER_CERTIFICATE_ATTRIBUTES
    return (
      !attributes.certificateBody.compare(observed, desired, undefined, account).isSame ||
      !attributes.certificateChain.compare(observed, desired, certificateChain, account).isSame
    )
  },
  planner: (planning) =>
    plainPlanner(planning, 'serverCertificate', {
      madeAnewFor: 'certificate',
      create: upload,
      update: (observed, desired, change) => {
        const { name, path, arn } = desired
        if (observed.path === path) return []
        return [
          {
            change,
            ...step('UpdateServerCertificate', { ServerCertificateName: name, NewPath: path }),
            effects: [{ type: 'set', kind: 'serverCertificate', name, values: { path, arn } }],
            rank: RANK.update,
            provides: [token.exists(arn)],
          },
        ]
      },
    }),
}

function upload(desired: DesiredServerCertificate): EffectiveCall {
  const { name, path, arn, certificateBody, certificateChain = null, privateKey, tags } = desired
  const given = tags ?? new Map<string, string>()
  return {
    ...step('UploadServerCertificate', {
      Path: path,
      ServerCertificateName: name,
      CertificateBody: certificateBody,
      PrivateKey: privateKey?.source,
      ...(certificateChain === null ? {} : { CertificateChain: certificateChain }),
      ...(given.size === 0 ? {} : { Tags: tagsAsList(given) }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'serverCertificate',
        state: { kind: 'serverCertificate', name, path, arn, certificateBody, certificateChain, tags: given },
      },
    ],
  }
}
