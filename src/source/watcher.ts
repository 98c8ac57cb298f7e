import { realpathSync } from 'node:fs'
import { basename, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { DiagnosticError } from '../diagnostics/index.ts'
import { gitignoreAt, rulesFor } from './directory.ts'
import { findRepository } from './git/repository.ts'
import { Quiet } from './quiet.ts'
import { isSkippedName, isSourceName } from './source-files.ts'
import { IgnoreRules } from './walk/ignore-rules.ts'

interface FolderWatcher {
  /** Settles once every folder is being watched. */
  readonly ready: Promise<void>
  /** Whether something has changed that is not reported yet. */
  hasChanges(): boolean
  close(): Promise<void>
}

interface WatchOptions {
  /** Called once for saves that come close together. */
  readonly onChange: () => void
  readonly onError: (error: Error) => void
  /** Milliseconds of quiet before a change is reported. */
  readonly quiet?: number
}

/** Watches what `readDirectory` reads, and the `.gitignore` files that decide about it. */
export function watchDirectory(folder: string, { onChange, onError, quiet }: WatchOptions): FolderWatcher {
  const root = realpathSync(folder)
  const boundary = findRepository(root)?.root ?? root
  const rulesNow = (): IgnoreRules | null => known(() => rulesFor(root, boundary))
  let rules = rulesNow() ?? new IgnoreRules()
  const pause = new Quiet(onChange, quiet)

  const watcher = watch(root, {
    ignoreInitial: true,
    // Its delay for editors that rename into place is longer than ours; ours does the same.
    atomic: false,
    ignored: (path, stats) => {
      if (path === root) return false
      const name = basename(path)
      if (name === '.gitignore') return false
      if (isSkippedName(name)) return true
      const inside = relative(boundary, path).split(sep).join('/')
      if (stats?.isFile()) return !isSourceName(name) || known(() => rules.ignores(inside, 'file')) === true
      return stats?.isDirectory() === true && known(() => rules.ignores(inside, 'folder')) === true
    },
  })
  const ready = new Promise<void>((done) => watcher.once('ready', done))
  watcher.on('error', (error) => onError(error instanceof Error ? error : new Error(String(error))))
  watcher.on('all', (event, path) => {
    // A new folder brings events of its own for its files.
    if (event === 'addDir') return
    if (basename(path) === '.gitignore') {
      rules = rulesNow() ?? rules
      const below = gitignoreAt(path)
      const at = relative(boundary, path).split(sep).slice(0, -1).join('/')
      const outer = rules
      if (below !== null) rules = known(() => outer.with(at, below)) ?? outer
    }
    pause.changed(path)
  })
  return {
    ready,
    hasChanges: () => pause.isWaiting,
    async close() {
      pause.close()
      await watcher.close()
    },
  }
}

/** null: there are too many ignore rules. Whoever reads the folder says so; a change too much does no harm. */
function known<T>(ask: () => T): T | null {
  try {
    return ask()
  } catch (error) {
    if (error instanceof DiagnosticError) return null
    throw error
  }
}
