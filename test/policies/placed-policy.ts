import type { ManagedPolicyFacts } from '../../src/catalog/managed-policies.ts'
import { declaredEstate } from '../../src/checks/declared-estate.ts'
import { hasErrors } from '../../src/diagnostics/index.ts'
import { MANIFEST_KINDS } from '../../src/kinds/manifest.ts'
import { loadProject } from '../../src/manifest/load-project.ts'
import type { Estate } from '../../src/model/index.ts'
import type { CorpusPolicy } from './corpus.ts'

export const HOME = '111122223333'
export const ANN = `arn:aws:iam::${HOME}:user/ann`

/** Where a policy can stand in an estate. */
export type Place = 'identity' | 'boundary' | 'scp' | 'rcp' | 'resource' | 'trust'

/** An estate without a policy, and with it. */
export interface PlacedPolicy {
  readonly before: Estate
  readonly after: Estate
}

/** What `validate` says of the folder with the policy, as `code: message`. */
interface Refused {
  readonly errors: readonly string[]
}

const EC2 = trusting({ Service: 'ec2.amazonaws.com' })
const roles = { app: { trustPolicy: EC2, inlinePolicies: { own: allowing('s3:GetObject') } } }

/** All places in which a document of a type is legal: a policy that grants can limit as well. */
export const placesOf = ({ type }: Pick<CorpusPolicy, 'type'>): readonly Place[] => {
  switch (type) {
    case 'identity':
    case 'boundary':
    case 'scp':
      return ['identity', 'boundary', 'scp']
    case 'session':
      return ['identity', 'boundary']
    case 'endpoint':
      return []
    default:
      return [type]
  }
}

/**
 * Puts a policy in its place beside somebody whom it concerns, as a project of one account has it.
 * @param named where the catalogue has the policy: its name, by which it is attached
 */
export function placePolicy(
  { policy, attachedTo = '' }: Pick<CorpusPolicy, 'policy' | 'attachedTo'>,
  place: Place,
  facts: ManagedPolicyFacts,
  named: string | null = null,
): PlacedPolicy | Refused {
  const declared = named === null ? { policies: { asked: { document: policy } } } : {}
  const name = named ?? 'asked'
  const organization = (control: object) => ({
    organization: {
      id: 'o-a1b2c3d4e5',
      managementAccount: '999988887777',
      serviceControlPolicies: place === 'scp' ? { asked: policy } : {},
      resourceControlPolicies: place === 'rcp' ? { asked: policy } : {},
      roots: { Root: { accounts: { '999988887777': {}, [HOME]: control } } },
    },
  })
  const pairOf = (): readonly [object, object] => {
    switch (place) {
      case 'identity':
        return [
          { ...declared, roles, users: { ann: {} } },
          { ...declared, roles, users: { ann: { managedPolicies: [name] } } },
        ]
      case 'boundary': {
        const ann = { managedPolicies: ['AdministratorAccess'] }
        return [
          { ...declared, roles, users: { ann } },
          { ...declared, roles, users: { ann: { ...ann, permissionsBoundary: name } } },
        ]
      }
      case 'scp': {
        const people = { users: { ann: { managedPolicies: ['PowerUserAccess'] } }, roles }
        return [
          { ...people, ...organization({}) },
          { ...people, ...organization({ serviceControlPolicies: ['asked'] }) },
        ]
      }
      case 'rcp': {
        const open = {
          users: { ann: { inlinePolicies: { own: allowing(['s3:*', 'sqs:*']) } } },
          roles: { app: { ...roles.app, trustPolicy: trusting({ AWS: '*' }) } },
          resources: { 'arn:aws:s3:::data': { policy: opening('arn:aws:s3:::data/*') } },
        }
        return [
          { ...open, ...organization({}) },
          { ...open, ...organization({ resourceControlPolicies: ['asked'] }) },
        ]
      }
      case 'resource': {
        const people = { users: { ann: { managedPolicies: ['ReadOnlyAccess'] } }, roles }
        return [people, { ...people, resources: { [attachedTo]: { policy } } }]
      }
      case 'trust':
        return [
          { users: { ann: { inlinePolicies: { own: allowing('sts:*') } } }, roles },
          {
            users: { ann: { inlinePolicies: { own: allowing('sts:*') } } },
            roles: { app: { ...roles.app, trustPolicy: policy } },
          },
        ]
    }
  }
  const [before, after] = pairOf().map((manifest) => estateOf(manifest, facts))
  if (before === undefined || after === undefined) throw new Error('a pair has two sides')
  if ('errors' in after) return after
  if ('errors' in before) throw new Error(before.errors.join('\n'))
  return { before, after }
}

function estateOf(manifest: object, facts: ManagedPolicyFacts): Estate | Refused {
  const files = new Map([
    ['iam-sync.yaml', `version: 1\naccounts: { production: { id: "${HOME}" } }\n`],
    ['access.yaml', JSON.stringify(manifest)],
  ])
  const { project } = loadProject({ kinds: MANIFEST_KINDS, files, facts })
  if (hasErrors(project.diagnostics))
    return {
      errors: project.diagnostics
        .filter(({ severity }) => severity === 'error')
        .map(({ code, message }) => `${code}: ${message}`),
    }
  return declaredEstate(project)
}

function allowing(action: unknown) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }
}
function opening(resource: string) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: resource }],
  }
}
function trusting(principal: object) {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  }
}
