import { type Diagnostic, errorOf, warningOf } from '../../diagnostics/index.ts'
import { shorten } from '../../yaml/shorten.ts'
import type { DesiredOrganization, DesiredResource, Project, ProjectAccount } from '../desired.ts'

/**
 * What the manifests of all accounts say together about the organization and about resources.
 * @param blocking ids of accounts where S3 blocks public access to everything
 */
export function projectFacts(
  accounts: readonly ProjectAccount[],
  blocking: readonly string[],
  report: (diagnostic: Diagnostic) => void,
): Pick<Project, 'organization' | 'resources'> {
  const organization = organizationOf(accounts, report)
  if (organization !== null) reportOutsiders(accounts, organization, report)
  return { organization, resources: resourcesOf(accounts, new Set(blocking), report) }
}

/** Accounts that share a file share what it says: only another place is a second declaration. */
function organizationOf(
  accounts: readonly ProjectAccount[],
  report: (diagnostic: Diagnostic) => void,
): DesiredOrganization | null {
  let first: DesiredOrganization | null = null
  for (const { desired } of accounts) {
    const found = desired?.organization ?? null
    if (found === null) continue
    if (first === null) first = found
    else if (!isSamePlace(first, found))
      report(
        errorOf({
          code: 'manifest.duplicate',
          message: 'the organization is declared twice',
          help: 'a project has one; declare it once',
          span: found.span,
          related: [{ message: 'first declared here', span: first.span }],
        }),
      )
  }
  return first
}

function reportOutsiders(
  accounts: readonly ProjectAccount[],
  organization: DesiredOrganization,
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const { account, name, span } of accounts)
    if (!organization.accountIds.has(account.id))
      report(
        warningOf({
          code: 'manifest.not-in-organization',
          message: `account \`${name}\` (${account.id}) stands nowhere in the organization`,
          help: 'add it to the `accounts` of the root or of a unit: no control policy binds it otherwise',
          span,
        }),
      )
}

function resourcesOf(
  accounts: readonly ProjectAccount[],
  blocking: ReadonlySet<string>,
  report: (diagnostic: Diagnostic) => void,
): ReadonlyMap<string, DesiredResource> {
  const resources = new Map<string, DesiredResource>()
  for (const { desired } of accounts)
    for (const found of desired?.resources.values() ?? []) {
      const first = resources.get(found.arn)
      if (first === undefined) resources.set(found.arn, found)
      else if (!isSamePlace(first, found))
        report(
          errorOf({
            code: 'manifest.duplicate',
            message: `the resource \`${shorten(found.arn)}\` is declared twice`,
            help: 'declare it once',
            span: found.span,
            related: [{ message: 'first declared here', span: first.span }],
          }),
        )
      else if (first.ownerIsAssumed && first.account !== found.account)
        report(
          errorOf({
            code: 'manifest.resource-owner',
            message: `which account owns \`${shorten(found.arn)}\` is not clear: several take this manifest`,
            help: 'add `account:` with the id of the owner',
            span: found.span,
          }),
        )
    }
  return new Map(
    [...resources].map(([arn, resource]) => [
      arn,
      resource.publicAccessBlock === undefined && blocking.has(resource.account)
        ? { ...resource, publicAccessBlock: 'account' as const }
        : resource,
    ]),
  )
}

const isSamePlace = (a: DesiredOrganization | DesiredResource, b: DesiredOrganization | DesiredResource) =>
  a.span.file === b.span.file && a.span.start === b.span.start
