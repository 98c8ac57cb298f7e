import type { PolicyStatement } from './policy-document.ts'

/** How one statement of a policy differs. `before` and `after` are as their authors wrote them. */
export interface StatementChange {
  readonly change: 'added' | 'removed' | 'changed'
  readonly sid: string | null
  readonly before: PolicyStatement | null
  readonly after: PolicyStatement | null
}
