import type { z } from 'zod'
import { type LocatedEntry, plainOf, spanOf } from '../diagnostics/index.ts'
import { isNothing } from './entities/declared.ts'
import type { SettingManifest } from './manifest-kind.ts'
import { schemaDiagnostics } from './schema/schema-issues.ts'

interface DeclarableSetting<Said, Desired> extends Omit<SettingManifest<Desired>, 'schema' | 'read'> {
  readonly schema: z.ZodType<Said>
  /** @param said null: there is to be none */
  readonly desired: (said: Said | null, declared: LocatedEntry) => Desired
}

/** What manifests have to know of a setting, by what its value looks like and what that means. */
export const settingManifestOf = <Said, Desired>({
  desired,
  ...setting
}: DeclarableSetting<Said, Desired>): SettingManifest<Desired> => ({
  ...setting,
  read: (declared, report) => {
    const { value: node, keySpan } = declared
    if (isNothing(node)) return desired(null, declared)
    const { facts, schema } = setting
    const checked = schema.safeParse(plainOf(node))
    if (checked.success) return desired(checked.data, declared)
    const subject = { title: `the ${facts.label}`, span: spanOf(keySpan) }
    report(schemaDiagnostics(checked.error.issues, schema, node, subject))
    return null
  },
})
