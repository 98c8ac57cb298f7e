import type { PolicyDocument } from './index.ts'
import type { StatementChange } from './statement-change.ts'

export type Scalar = string | number | boolean | null

export type Detail =
  | { readonly type: 'value'; readonly path: string; readonly before: Scalar; readonly after: Scalar }
  | {
      readonly type: 'list'
      readonly path: string
      readonly added: readonly string[]
      readonly removed: readonly string[]
    }
  | {
      readonly type: 'policy'
      /** `trustPolicy`, `document`, `inlinePolicies.NAME`. */
      readonly path: string
      readonly statements: readonly StatementChange[]
      /** For rendering with unchanged statements folded; null: there is none on that side. */
      readonly before: PolicyDocument | null
      readonly after: PolicyDocument | null
    }
