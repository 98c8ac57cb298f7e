import {
  type AnyDesiredEntity,
  type AnyEntityState,
  entitiesIn,
  entityRef,
  jsonOf,
  type PolicyDocument,
} from '../../model/index.ts'
import { desiredOf, fateOf, type Planning } from '../planning.ts'
import { isProviderArn, trustedProviders } from './trust.ts'

/**
 * What of this account trusts a provider once the plan is carried out: whoever it says that a provider goes by is kept out from
 * then on. Of anybody else there is nothing to say: AWS stores no trust in who isn't there.
 * @see IAM API Reference, DeleteOpenIDConnectProvider, DeleteSAMLProvider: roles that name it stay as they are
 */
export function rolesLeftTo(planning: Planning, arn: string): readonly string[] {
  if (!isProviderArn(arn)) return []
  const { desired, observed } = planning
  const trusts = (json: PolicyDocument | null): boolean =>
    json !== null && trustedProviders(json, observed.account).includes(arn)
  const left = entitiesIn<AnyEntityState>(observed.entities).flatMap((entity) => {
    if (!('trustPolicy' in entity) || fateOf(planning, entity) === 'delete') return []
    const declared = desiredOf(desired, entity.kind).get(entity.name)
    const trust = declared !== undefined && 'trustPolicy' in declared ? declared : entity
    return trusts(jsonOf(trust.trustPolicy)) ? [entityRef(entity.kind, entity.name)] : []
  })
  const made = entitiesIn<AnyDesiredEntity>(desired.entities).flatMap((entity) =>
    'trustPolicy' in entity && trusts(entity.trustPolicy.json) ? [entityRef(entity.kind, entity.name)] : [],
  )
  return [...new Set([...left, ...made])].sort()
}
