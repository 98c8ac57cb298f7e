import { INPUT_PREFIXES } from '../../intake/inputs.ts'
import type { AnyDesiredEntity } from '../../model/index.ts'
import type { OpenedProject } from '../opening/project.ts'

/** What completion asks the project for. */
export const LISTS = ['accounts', 'principals', 'refs', 'states'] as const
type ListName = (typeof LISTS)[number]

export const isList = (word: string): word is ListName => LISTS.some((list) => list === word)

/** What the value of a flag is one of, by the word that stands for it in the flag's own spelling. */
const BY_PLACEHOLDER: Readonly<Record<string, ListName | 'folder' | 'file'>> = {
  name: 'accounts',
  principal: 'principals',
  user: 'principals',
  ref: 'refs',
  folder: 'folder',
  file: 'file',
}

/** @param flags as commander reads it: `--ref <ref>`; null: nothing is known of its values */
export const completedBy = (flags: string): ListName | 'folder' | 'file' | null =>
  BY_PLACEHOLDER[/<([^>]+)>/.exec(flags)?.[1] ?? ''] ?? null

/**
 * The words that may stand for something of the project in a folder, sorted. Whatever goes wrong, there are none: nobody
 * wants to read an error while typing.
 * @param named the folder as the user wrote it; null: nothing was
 */
export async function completedWords(list: ListName, named: string | null): Promise<readonly string[]> {
  try {
    const { projectFolder } = await import('../opening/project-folder.ts')
    const { folder } = projectFolder(named)
    if (list === 'refs' || list === 'states') {
      const { refNames } = await import('../../source/git/refs.ts')
      const refs = refNames(folder)
      return list === 'refs'
        ? refs
        : ['desired', 'observed', 'empty', ...refs.map((ref) => `git:${ref}`), ...INPUT_PREFIXES]
    }
    const { openProject } = await import('../opening/project.ts')
    const opened = await openProject({ folder, accounts: [], ref: null })
    return list === 'accounts' ? opened.accounts.map(({ name }) => name) : await principalsIn(opened)
  } catch {
    return []
  }
}

async function principalsIn({ accounts }: OpenedProject): Promise<readonly string[]> {
  const { entityRef, principalEntitiesIn } = await import('../../model/index.ts')
  const names = accounts.flatMap(({ desired }) =>
    principalEntitiesIn<AnyDesiredEntity>(desired.entities).map(({ kind, name }) => entityRef(kind, name)),
  )
  return [...new Set(names), 'root'].sort()
}
