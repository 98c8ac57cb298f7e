import { type EffectiveCall, step } from '../../model/step.ts'
import { plainPlanner } from '../../plan/plain-planner.ts'
import type { PlanKind } from '../../plan/planning.ts'
import { listed, tagged } from '../../plan/quotas/quota-use.ts'
import { declaredAttributes } from '../../plan/removal/ownership.ts'
import { type CallSubject, tagsAsList } from '../../plan/steps/kind-calls.ts'
import { RANK, type StepDraft, token } from '../../plan/steps/step-drafts.ts'
import { type DesiredOidcProvider, OIDC_PROVIDER, OIDC_SCHEME } from './kind.ts'
import { OIDC_PROVIDER_ATTRIBUTES, OIDC_PROVIDER_MANIFEST } from './manifest.ts'

/** An identity provider by OpenID Connect: its URL is its name, and all else changes in place. */
export const oidcProvider: PlanKind<'oidcProvider'> = {
  facts: OIDC_PROVIDER,
  attributes: OIDC_PROVIDER_MANIFEST.attributes,
  namedBy: 'arn',
  delete: ({ arn: OpenIDConnectProviderArn }) =>
    step('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn }),
  grants: null,
  boundary: null,
  memberships: null,
  tags: {
    tag: ({ arn: OpenIDConnectProviderArn }, Tags) =>
      step('TagOpenIDConnectProvider', { OpenIDConnectProviderArn, Tags }),
    untag: ({ arn: OpenIDConnectProviderArn }, TagKeys) =>
      step('UntagOpenIDConnectProvider', { OpenIDConnectProviderArn, TagKeys }),
  },
  quotas: [
    listed('clientIds', 'clientIdsPerOidcProvider', 'client ids'),
    listed('thumbprints', 'thumbprintsPerOidcProvider', 'thumbprints'),
    tagged('tagsPerOidcProvider'),
  ],
  isMadeAnew: null,
  planner: (planning) =>
    plainPlanner(planning, 'oidcProvider', {
      create,
      update: (observed, desired, change) => {
        const { account } = planning.observed
        const before = declaredAttributes(planning.declaredBefore, desired)
        const attributes = OIDC_PROVIDER_ATTRIBUTES
        const clients = attributes.clientIds.compare(observed, desired, before.clientIds, account)
        const seals = attributes.thumbprints.compare(observed, desired, before.thumbprints, account)
        const room = token.room('clientIds', desired.arn)
        const draft = (call: EffectiveCall): StepDraft => ({ change, ...call, rank: RANK.update })
        return [
          ...clients.removed.map((id) => ({
            ...draft(clientCall(desired, 'removed', id)),
            provides: [room],
          })),
          ...clients.added.map((id) => ({ ...draft(clientCall(desired, 'added', id)), requires: [room] })),
          ...(seals.added.length + seals.removed.length === 0
            ? []
            : [draft(thumbprintCall(desired, thumbprintsAfter(observed.thumbprints, seals)))]),
        ]
      },
    }),
}

function create({
  name,
  path,
  arn,
  clientIds = [],
  thumbprints = [],
  tags,
}: DesiredOidcProvider): EffectiveCall {
  const given = tags ?? new Map<string, string>()
  return {
    ...step('CreateOpenIDConnectProvider', {
      Url: `${OIDC_SCHEME}${name}`,
      ...(clientIds.length === 0 ? {} : { ClientIDList: [...clientIds] }),
      ...(thumbprints.length === 0 ? {} : { ThumbprintList: [...thumbprints] }),
      ...(given.size === 0 ? {} : { Tags: tagsAsList(given) }),
    }),
    effects: [
      {
        type: 'created',
        kind: 'oidcProvider',
        state: { kind: 'oidcProvider', name, path, arn, clientIds, thumbprints, tags: given },
      },
    ],
  }
}

function clientCall(
  { name, arn: OpenIDConnectProviderArn }: CallSubject,
  type: 'added' | 'removed',
  ClientID: string,
): EffectiveCall {
  const input = { OpenIDConnectProviderArn, ClientID }
  return {
    ...(type === 'added'
      ? step('AddClientIDToOpenIDConnectProvider', input)
      : step('RemoveClientIDFromOpenIDConnectProvider', input)),
    effects: [{ type, kind: 'oidcProvider', name, attribute: 'clientIds', member: ClientID }],
  }
}

/** @see IAM API Reference, UpdateOpenIDConnectProviderThumbprint: the list that is given takes the place of all that there are */
const thumbprintCall = ({ name, arn }: CallSubject, thumbprints: readonly string[]): EffectiveCall => ({
  ...step('UpdateOpenIDConnectProviderThumbprint', {
    OpenIDConnectProviderArn: arn,
    ThumbprintList: [...thumbprints],
  }),
  effects: [{ type: 'set', kind: 'oidcProvider', name, values: { thumbprints } }],
})

const thumbprintsAfter = (
  before: readonly string[],
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
): readonly string[] => [...before.filter((each) => !removed.includes(each)), ...added]
