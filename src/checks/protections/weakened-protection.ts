import type { Span } from '../../diagnostics/index.ts'
import type { Project, ProjectAccount } from '../../manifest/desired.ts'
import type { Detail } from '../../model/detail.ts'

/** What a project declares to be kept from going wrong: tests, invariants, what the guard refuses, what may be deleted. */
export type ProtectedProject = Pick<Project, 'guard' | 'scopes'> & {
  readonly accounts: readonly Pick<ProjectAccount, 'name' | 'account' | 'desired'>[]
}

/** Something that an earlier state of a project protected, and a later one doesn't, or not as far as is known. */
export interface WeakenedProtection {
  readonly kind: 'invariant' | 'test' | 'guard' | 'scope'
  /** Of a test or invariant as it was called; else its key: `guard.protect`, `scope.users`. */
  readonly name: string
  /** `changed`: one of this name is there still, and isn't known to be as strong. */
  readonly change: 'removed' | 'changed'
  /** Whose it is, in the order of the project file; empty: of the whole project. */
  readonly accounts: readonly { readonly id: string; readonly name: string }[]
  /** What is otherwise; of what was removed, all that it said. */
  readonly details: readonly Detail[]
  /** Where it was declared, in the texts of the earlier state; null: nowhere in particular. */
  readonly before: Span | null
  /** Where it is declared now; null: it isn't. */
  readonly now: Span | null
}
