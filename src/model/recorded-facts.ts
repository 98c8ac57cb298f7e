import type { Facts } from './estate.ts'
import type { OrganizationNode, OrganizationPolicy } from './organization.ts'
import { jsonOf, type PolicyDocument } from './policy-document.ts'

/** Facts as a journal keeps them: plain JSON, without places. Control policies stand once, and are attached by name. */
export interface RecordedFacts {
  readonly organization: RecordedOrganization | null
  /** By ARN, in order. */
  readonly resources: readonly RecordedResource[]
  /** By unique id the ARN that a user or role of the account had when an apply saw it last. Absent: none was noted. */
  readonly principals?: Readonly<Record<string, string>>
}

interface RecordedOrganization {
  readonly id: string
  readonly managementAccount: string
  readonly serviceControlPolicies: Readonly<Record<string, PolicyDocument>>
  readonly resourceControlPolicies: Readonly<Record<string, PolicyDocument>>
  readonly root: RecordedNode
}

interface RecordedNode {
  readonly kind: OrganizationNode['kind']
  readonly id: string | null
  readonly name: string
  readonly serviceControlPolicies: readonly string[]
  readonly resourceControlPolicies: readonly string[]
  readonly children: readonly RecordedNode[]
}

interface RecordedResource {
  readonly arn: string
  readonly account: string
  readonly policy: PolicyDocument | null
  readonly tags: Readonly<Record<string, string>>
}

export function recordFacts({ organization, resources }: Facts): RecordedFacts {
  return {
    organization:
      organization === null
        ? null
        : {
            id: organization.id,
            managementAccount: organization.managementAccount,
            serviceControlPolicies: documentsIn(organization.root, 'serviceControlPolicies'),
            resourceControlPolicies: documentsIn(organization.root, 'resourceControlPolicies'),
            root: recordNode(organization.root),
          },
    resources: [...resources.values()]
      .map(({ arn, account, policy, tags }) => ({
        arn,
        account,
        policy: policy === null ? null : jsonOf(policy),
        tags: sortedRecord(tags),
      }))
      .sort((a, b) => (a.arn < b.arn ? -1 : 1)),
  }
}

export function recalledFacts({ organization, resources }: RecordedFacts): Facts {
  return {
    organization:
      organization === null
        ? null
        : {
            id: organization.id,
            managementAccount: organization.managementAccount,
            root: recalledNode(organization.root, {
              serviceControlPolicies: policiesOf(organization.serviceControlPolicies),
              resourceControlPolicies: policiesOf(organization.resourceControlPolicies),
            }),
          },
    resources: new Map(
      resources.map(({ arn, account, policy, tags }) => [
        arn,
        {
          arn,
          account,
          policy: policy === null ? null : { json: policy, located: null },
          tags: new Map(Object.entries(tags)),
        },
      ]),
    ),
  }
}

type Attachments = 'serviceControlPolicies' | 'resourceControlPolicies'

function documentsIn(root: OrganizationNode, of: Attachments): Readonly<Record<string, PolicyDocument>> {
  const documents = new Map<string, PolicyDocument>()
  const visit = (node: OrganizationNode): void => {
    for (const { name, document } of node[of]) documents.set(name, document.json)
    node.children.forEach(visit)
  }
  visit(root)
  return sortedRecord(documents)
}

const recordNode = (node: OrganizationNode): RecordedNode => ({
  kind: node.kind,
  id: node.id,
  name: node.name,
  serviceControlPolicies: node.serviceControlPolicies.map(({ name }) => name),
  resourceControlPolicies: node.resourceControlPolicies.map(({ name }) => name),
  children: node.children.map(recordNode),
})

type Known = Readonly<Record<Attachments, ReadonlyMap<string, OrganizationPolicy>>>

const recalledNode = (node: RecordedNode, known: Known): OrganizationNode => ({
  kind: node.kind,
  id: node.id,
  name: node.name,
  serviceControlPolicies: node.serviceControlPolicies.flatMap(
    (name) => known.serviceControlPolicies.get(name) ?? [],
  ),
  resourceControlPolicies: node.resourceControlPolicies.flatMap(
    (name) => known.resourceControlPolicies.get(name) ?? [],
  ),
  children: node.children.map((child) => recalledNode(child, known)),
})

const policiesOf = (
  documents: Readonly<Record<string, PolicyDocument>>,
): ReadonlyMap<string, OrganizationPolicy> =>
  new Map(
    Object.entries(documents).map(([name, json]) => [name, { name, document: { json, located: null } }]),
  )

/** `Object.fromEntries` defines what it is given, so that a name such as `__proto__` is a key like any other. */
const sortedRecord = <T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
