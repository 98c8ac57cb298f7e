import { type Diagnostic, errorOf } from '../../diagnostics/index.ts'

/** Far more than a repository has. `entries`: names in folders, of whatever kind, since each is looked at. */
export const MOST_FOUND = { folders: 50_000, entries: 1_000_000 } as const

export type PathBounds = { readonly [bound in keyof typeof MOST_FOUND]: number }

export const TOO_MANY_PATHS: Diagnostic = errorOf({
  code: 'source.too-many-files',
  message: `the IAM folder has more than ${MOST_FOUND.folders.toLocaleString('en')} folders, or ${MOST_FOUND.entries.toLocaleString('en')} files of any kind, those behind links counted each time`,
  help: 'let git ignore what is no manifest, or put `iam-sync.yaml` into a folder of its own',
})
