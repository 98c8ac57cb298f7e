import { errorOf } from '../../diagnostics/index.ts'
import { type AnyEntityState, entityRef, isAwsOwnedPath, keysOf } from '../../model/index.ts'
import { sortedByName } from '../name-order.ts'
import { desiredOf, entitiesOf, fateOf, type Planning } from '../planning.ts'

/**
 * Service-linked roles and those of IAM Identity Center are AWS's: it creates and deletes them, and refuses to have
 * them changed by anybody else.
 * @see IAM User Guide, "Using service-linked roles": their policies and trust can't be edited
 */
export function refuseChangesToAwsOwned(planning: Planning): void {
  for (const kind of keysOf(planning.kinds)) {
    if (planning.kinds[kind].facts.isOfAws === true) continue
    for (const existing of awsOwnedIn(entitiesOf(planning.observed, kind))) {
      const entity = desiredOf(planning.desired, kind).get(existing.name)
      if (entity === undefined) continue
      planning.diagnostics.push(
        errorOf({
          code: 'plan.aws-owned',
          message: `\`${entityRef(kind, entity.name)}\` exists under \`${existing.path}\`, so that it belongs to AWS and can't be managed here`,
          help: 'remove the declaration, or choose another name',
          span: entity.span,
        }),
      )
    }
  }
  for (const policy of planning.fates.size === 0 ? [] : sortedByName(planning.observed.entities.policy)) {
    if (fateOf(planning, policy) === 'keep') continue
    for (const holder of planning.holders.attachedTo(policy.arn))
      if (isAwsOwnedPath(holder.path))
        planning.diagnostics.push(
          errorOf({
            code: 'plan.aws-owned',
            message: `\`policy/${policy.name}\` would be deleted, but \`${entityRef(holder.kind, holder.name)}\`, which belongs to AWS, holds it`,
            help: 'detach it where that role is managed (IAM Identity Center, or the service), or declare the policy again',
            span: planning.desired.entities.policy.get(policy.name)?.span ?? null,
          }),
        )
  }
}

/** By what is observed, which isn't modified: a watcher plans against it again and again. */
const awsOwned = new WeakMap<ReadonlyMap<string, AnyEntityState>, readonly AnyEntityState[]>()

function awsOwnedIn(entities: ReadonlyMap<string, AnyEntityState>): readonly AnyEntityState[] {
  const known = awsOwned.get(entities)
  if (known !== undefined) return known
  const found = sortedByName(entities).filter(({ path }) => isAwsOwnedPath(path))
  awsOwned.set(entities, found)
  return found
}
