import type { KnownNames } from '../../catalog/known-names.ts'
import type { Diagnostic } from '../../diagnostics/index.ts'
import type { DesiredState, Project } from '../../manifest/desired.ts'
import { type DesiredIdentity, identitiesIn, type OrganizationNode } from '../../model/index.ts'
import { type DocumentInUse, documentNameWarnings } from './document-names.ts'
import { resourcePolicyWarnings } from './resources/resource-policies.ts'

/**
 * Names in the documents of a project that nothing is known by.
 * @param accounts whose documents are looked at; the organization and `resources:` are everybody's
 */
export const projectNameWarnings = (
  { organization, resources, accounts: all }: Pick<Project, 'organization' | 'resources' | 'accounts'>,
  accounts: readonly { readonly desired: DesiredState }[],
  known: KnownNames,
): readonly Diagnostic[] => [
  ...documentNameWarnings(
    [
      ...accounts.flatMap(({ desired }) => documentsOf(desired)),
      ...[...resources.values()].flatMap(({ policy }): readonly DocumentInUse[] =>
        policy === null ? [] : [{ document: policy, use: 'resource' }],
      ),
      ...(organization === null ? [] : controlPolicies(organization.root)),
    ],
    known,
  ),
  ...resourcePolicyWarnings(resources.values(), new Set(all.map(({ account }) => account.partition))),
]

function documentsOf({ entities }: DesiredState): readonly DocumentInUse[] {
  return [
    ...identitiesIn<DesiredIdentity>(entities).flatMap(({ inlinePolicies }) =>
      [...(inlinePolicies?.values() ?? [])].map(identity),
    ),
    ...[...entities.role.values()].map(
      ({ trustPolicy }): DocumentInUse => ({ document: trustPolicy, use: 'trust' }),
    ),
    ...[...entities.policy.values()].map(({ document }) => identity(document)),
  ]
}

const identity = (document: DocumentInUse['document']): DocumentInUse => ({ document, use: 'identity' })

/** Those that are attached somewhere; an account's own, and a unit's. */
const controlPolicies = (node: OrganizationNode): readonly DocumentInUse[] => [
  ...node.serviceControlPolicies.map(({ document }): DocumentInUse => ({ document, use: 'scp' })),
  ...node.resourceControlPolicies.map(({ document }): DocumentInUse => ({ document, use: 'rcp' })),
  ...node.children.flatMap(controlPolicies),
]
