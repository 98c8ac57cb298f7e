import type { Organization, OrganizationNode, OrganizationPolicy } from '../../../src/model/index.ts'
import type { Planned } from './plan-json.ts'
import type { Choice } from './plan-of-states.ts'

/** Actions that are denied at the root, in a unit, and in the account. */
export type Denials = readonly (readonly string[])[]

const MANAGEMENT = '999999999999'
const ROOT = 'r-ab12'
const UNIT = 'ou-ab12-11111111'

/** Of service control policies, or resource control policies. */
type ControlType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

const denying = (Action: string, type: ControlType) => ({
  Version: '2012-10-17' as const,
  Statement: [
    {
      Effect: 'Deny' as const,
      ...(type === 'RESOURCE_CONTROL_POLICY' ? { Principal: '*' as const } : {}),
      Action,
      Resource: '*',
    },
  ],
})

/** As YAML declares it. */
export function organizationOf(
  denied: Denials,
  account: string,
  type: ControlType = 'SERVICE_CONTROL_POLICY',
): Organization {
  const full: OrganizationPolicy = {
    name: 'FullAWSAccess',
    document: {
      json: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      located: null,
    },
  }
  const policies = (level: number, of: ControlType): readonly OrganizationPolicy[] =>
    of !== type
      ? []
      : (denied[level] ?? []).map((action) => ({
          name: `${level} ${action}`,
          document: { json: denying(action, of), located: null },
        }))
  const node = (
    kind: OrganizationNode['kind'],
    id: string,
    level: number,
    children: readonly OrganizationNode[],
  ): OrganizationNode => ({
    kind,
    id,
    name: id,
    serviceControlPolicies: [full, ...policies(level, 'SERVICE_CONTROL_POLICY')],
    resourceControlPolicies: policies(level, 'RESOURCE_CONTROL_POLICY'),
    children,
  })
  return {
    id: 'o-abcdefghij',
    managementAccount: MANAGEMENT,
    root: node('root', ROOT, 0, [node('organizationalUnit', UNIT, 1, [node('account', account, 2, [])])]),
  }
}

/** The resources of a plan that leads from one to the other, with where the account stands written in one of several ways. */
export function planOfControls(
  before: Denials,
  after: Denials,
  account: string,
  choice: Choice,
  type: ControlType = 'SERVICE_CONTROL_POLICY',
): readonly Planned[] {
  const targets = [ROOT, UNIT, account]
  const controls = targets.flatMap((target, level) =>
    [...new Set([...(before[level] ?? []), ...(after[level] ?? [])])].flatMap((action, index) => {
      const name = `l${level}_${action.replace(/\W/g, '_')}_${index}`
      const [was, is] = [before, after].map((side) => side[level]?.includes(action) === true)
      const policy = {
        name: `${level} ${action}`,
        type,
        content: JSON.stringify(denying(action, type)),
      }
      const id = `p-${name}`
      return [
        {
          type: 'aws_organizations_policy',
          name,
          before: was === true ? { id, ...policy } : null,
          after: is !== true ? null : was === true ? { id, ...policy } : policy,
          ...(was === true ? {} : { computed: ['id'] }),
        },
        {
          type: 'aws_organizations_policy_attachment',
          name,
          before: was === true ? { policy_id: id, target_id: target } : null,
          after: is !== true ? null : { target_id: target, ...(was === true ? { policy_id: id } : {}) },
          ...(was === true
            ? {}
            : {
                unknown: {
                  policy_id: [`aws_organizations_policy.${name}.id`, `aws_organizations_policy.${name}`],
                },
              }),
        },
      ]
    }),
  )
  const unit = { id: UNIT, parent_id: ROOT }
  const place: readonly Planned[] =
    choice('account', 2) === 0
      ? [{ type: 'aws_organizations_account', name: 'a', after: { id: account, parent_id: UNIT } }]
      : [
          {
            type: 'aws_organizations_organization',
            name: 'o',
            mode: 'data',
            after: { id: 'o-abcdefghij', master_account_id: MANAGEMENT },
          },
          {
            type: 'aws_organizations_organizational_unit_child_accounts',
            name: 'c',
            mode: 'data',
            after: { parent_id: UNIT, accounts: [{ id: account }] },
          },
        ]
  const above: readonly Planned[] =
    choice('unit', 2) === 0
      ? [{ type: 'aws_organizations_organizational_unit', name: 'u', after: unit }]
      : [
          {
            type: 'aws_organizations_organizational_units',
            name: 'u',
            mode: 'data',
            after: { parent_id: ROOT, children: [{ id: UNIT }] },
          },
        ]
  return [...controls, ...place, ...above]
}
