import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'
import {
  type AnyDesiredEntity,
  CHILDREN,
  type DesiredChild,
  entitiesIn,
  entityRef,
  isChildKind,
} from '../../model/index.ts'
import { oneOf } from '../../model/kind-facts.ts'
import type { DesiredEntities } from '../desired.ts'

/** What two declare to have of which only one can. Of one of them alone, `withChildren` tells it. */
export function sharedChildren(entities: DesiredEntities): readonly Diagnostic[] {
  const problems: Diagnostic[] = []
  const owners = new Map<string, { readonly of: AnyDesiredEntity; readonly child: DesiredChild }>()
  for (const of of entitiesIn<AnyDesiredEntity>(entities))
    for (const [kind, children] of of.children ?? []) {
      if (!isChildKind(kind) || !CHILDREN[kind].isOfOneParent) continue
      for (const child of children.values()) {
        const key = `${kind} ${child.identity}`
        const first = owners.get(key)
        if (first === undefined) owners.set(key, { of, child })
        else if (first.of !== of)
          problems.push(
            errorOf({
              code: 'manifest.same-child',
              message: `\`${child.name}\` is ${oneOf(CHILDREN[kind])} that \`${entityRef(first.of.kind, first.of.name)}\` has: only one of an account can`,
              help: 'remove one of the two',
              span: child.span,
              related: [{ message: 'first here', span: first.child.span }],
            }),
          )
      }
    }
  return problems
}
