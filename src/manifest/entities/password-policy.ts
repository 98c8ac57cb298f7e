import { type Diagnostic, type LocatedEntry, plainOf, spanOf } from '../../diagnostics/index.ts'
import {
  type DesiredPasswordPolicy,
  PASSWORD_POLICY_DEFAULTS,
  type PasswordPolicy,
} from '../../model/index.ts'
import { passwordPolicy } from '../schema/manifest-schema.ts'
import { schemaDiagnostics } from '../schema/schema-issues.ts'
import { isNothing } from './declared.ts'

/** @returns null when there are errors, which have been reported */
export function readPasswordPolicy(
  { value: node, keySpan }: LocatedEntry,
  report: (diagnostics: readonly Diagnostic[]) => void,
): DesiredPasswordPolicy | null {
  const span = spanOf(keySpan)
  if (isNothing(node)) return { value: null, span, node: null }
  const checked = passwordPolicy.safeParse(plainOf(node))
  if (!checked.success) {
    report(
      schemaDiagnostics(checked.error.issues, passwordPolicy, node, { title: 'the password policy', span }),
    )
    return null
  }
  const declared = Object.entries(checked.data).filter(([, value]) => value !== undefined)
  const value: PasswordPolicy = { ...PASSWORD_POLICY_DEFAULTS, ...Object.fromEntries(declared) }
  return { value, span, node: node.kind === 'map' ? node : null }
}
