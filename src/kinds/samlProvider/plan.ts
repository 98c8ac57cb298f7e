import { type EffectiveCall, step } from '../../model/step.ts'
import { plainPlanner } from '../../plan/plain-planner.ts'
import type { PlanKind } from '../../plan/planning.ts'
import { tagged } from '../../plan/quotas/quota-use.ts'
import { tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK } from '../../plan/steps/step-drafts.ts'
import { type DesiredSamlProvider, SAML_PROVIDER } from './kind.ts'
import { SAML_PROVIDER_ATTRIBUTES, SAML_PROVIDER_MANIFEST } from './manifest.ts'

/** An identity provider by SAML 2.0: other metadata is put in place. */
export const samlProvider: PlanKind<'samlProvider'> = {
  facts: SAML_PROVIDER,
  attributes: SAML_PROVIDER_MANIFEST.attributes,
  // `Name` says nothing of whose it is.
  namedBy: 'arn',
  delete: ({ arn: SAMLProviderArn }) => step('DeleteSAMLProvider', { SAMLProviderArn }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: {
    tag: ({ arn: SAMLProviderArn }, Tags) => step('TagSAMLProvider', { SAMLProviderArn, Tags }),
    untag: ({ arn: SAMLProviderArn }, TagKeys) => step('UntagSAMLProvider', { SAMLProviderArn, TagKeys }),
  },
  quotas: [tagged('tagsPerSamlProvider')],
  isMadeAnew: null,
  planner: (planning) =>
    plainPlanner(planning, 'samlProvider', {
      create,
      update: (observed, desired, change) => {
        const { metadata, name, arn } = desired
        const attribute = SAML_PROVIDER_ATTRIBUTES.metadata
        if (attribute.compare(observed, desired, undefined, planning.observed.account).isSame) return []
        return [
          {
            change,
            ...step('UpdateSAMLProvider', { SAMLProviderArn: arn, SAMLMetadataDocument: metadata }),
            effects: [{ type: 'set', kind: 'samlProvider', name, values: { metadata } }],
            rank: RANK.update,
          },
        ]
      },
    }),
}

function create({ name, path, arn, metadata, tags }: DesiredSamlProvider): EffectiveCall {
  const given = tags ?? new Map<string, string>()
  return {
    ...step('CreateSAMLProvider', {
      Name: name,
      SAMLMetadataDocument: metadata,
      ...(given.size === 0 ? {} : { Tags: tagsAsList(given) }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'samlProvider',
        state: { kind: 'samlProvider', name, path, arn, metadata, tags: given },
      },
    ],
  }
}
