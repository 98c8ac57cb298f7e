import type { Diagnostic } from '../../diagnostics/index.ts'
import { behindSubmodule } from '../git/submodule-problems.ts'
import { isSkippedName, isSourceName, unprintableName } from '../source-files.ts'
import { type Asking, ask } from './asking.ts'
import { IgnoreRules } from './ignore-rules.ts'
import { MOST_FOUND, type PathBounds, TOO_MANY_PATHS } from './path-bounds.ts'
import { linkHidden, linkOutside, linkUntracked, nameNotUtf8, unreadable } from './source-problems.ts'
import type { Entry, EntryType, TreeView } from './tree-view.ts'

/** The source files of an IAM folder, and what is wrong with it. Shown paths are relative to the IAM folder. */
export interface FoundSources {
  /** Shown path → path in the tree, links resolved. */
  readonly files: ReadonlyMap<string, string>
  readonly problems: readonly { readonly path: string; readonly problem: Diagnostic }[]
  /** Every folder that was read, shown path → path in the tree; several where a link leads to one. */
  readonly folders: ReadonlyMap<string, string>
  /** Shown path → path in the tree. */
  readonly submodules: ReadonlyMap<string, string>
}

/** What there is by a path that somebody names. */
export type FoundFile =
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'nowhere' | 'hidden' }
  | { readonly kind: 'odd'; readonly type: string }

type Of<T> = Asking<TreeView, T>

/** More links in a row than any sane layout has: they go round in a circle. */
const MOST_LINKS = 40

/** What the ignore rules say at one place of the tree. */
interface Place {
  readonly rules: IgnoreRules
  /** Whether the folder is hidden or ignored, or within one that is. */
  readonly isHidden: boolean
}

/** A folder on the way through the tree. */
interface Step {
  /** Where the folder is shown, relative to the IAM folder. */
  readonly shown: string
  /** Where it is. */
  readonly real: string
  /** The rules that hold where it is shown. */
  readonly rules: IgnoreRules
  /** The rules that hold where it is; null: that is the same place. */
  readonly realRules: IgnoreRules | null
  readonly ancestors: readonly string[]
}

/**
 * Finds what is read of an IAM folder: every `.yaml`, `.yml` and `.json` file under it, but for names that begin with a dot,
 * `node_modules` and what git ignores. Links are followed to what would be read at its own place, too: within the repository,
 * not hidden, not ignored; out of the IAM folder only to what git tracks.
 */
export class SourceWalk {
  readonly #inside: string
  readonly #rootRules: IgnoreRules
  readonly #files = new Map<string, string>()
  readonly #folders = new Map<string, string>()
  readonly #submodules = new Map<string, string>()
  readonly #problems: { readonly path: string; readonly problem: Diagnostic }[] = []
  readonly #places = new Map<string, Place>()
  readonly #most: PathBounds
  #entries = 0
  #saysFull = false

  /**
   * @param inside the IAM folder's path in the tree
   * @param exclude the text of this clone's own ignore rules, or null
   * @param most how many folders and names in them are found before it is enough
   */
  constructor(inside: string, exclude: string | null, most: PathBounds = MOST_FOUND) {
    this.#inside = inside
    this.#most = most
    this.#rootRules = exclude === null ? new IgnoreRules() : new IgnoreRules().with('', exclude)
  }

  *run(): Of<FoundSources> {
    const { rules } = yield* this.#placeOf(this.#inside)
    const ancestors = [this.#inside]
    yield* this.#walk({ shown: '', real: this.#inside, rules, realRules: null, ancestors })
    return {
      files: this.#files,
      problems: this.#problems,
      folders: this.#folders,
      submodules: this.#submodules,
    }
  }

  *#walk(step: Step): Of<void> {
    if (this.#isFull()) return
    this.#folders.set(step.shown, step.real)
    const entries = yield* ask((view: TreeView) => view.list(step.real))
    this.#entries += entries.length
    if (this.#isFull()) return
    for (const { name, type } of [...entries].sort(byName)) {
      if (isSkippedName(name)) continue
      const shown = joined(step.shown, name)
      const real = joined(step.real, name)
      const isFolder = type === 'folder' || type === 'submodule'
      if (this.#isIgnored(step, shown, real, isFolder ? 'folder' : 'file')) continue
      if (name.includes('\ufffd')) {
        if (type !== 'file' || isSourceName(name)) this.#refuse(shown, nameNotUtf8(shown))
      } else if (type === 'link') yield* this.#follow(shown, real, step)
      else if (type === 'submodule') this.#submodules.set(shown, real)
      else if (type === 'folder') yield* this.#enter(shown, real, step, 'here')
      else if (isSourceName(name)) yield* this.#take(shown, real, type)
    }
  }

  /** Links, and the trees of a commit, can stand for more paths than there are bytes on the disk. */
  #isFull(): boolean {
    if (this.#folders.size < this.#most.folders && this.#entries <= this.#most.entries) return false
    if (!this.#saysFull) this.#refuse('', TOO_MANY_PATHS)
    this.#saysFull = true
    return true
  }

  #isIgnored({ rules, realRules }: Step, shown: string, real: string, kind: 'file' | 'folder'): boolean {
    return rules.ignores(joined(this.#inside, shown), kind) || realRules?.ignores(real, kind) === true
  }

  /** @param by whether the folder is where it is shown, as far as its parent is */
  *#enter(shown: string, real: string, step: Step, by: 'here' | 'link'): Of<void> {
    if (step.ancestors.includes(real)) return
    const below = yield* ask((view: TreeView) => view.text(joined(real, '.gitignore')))
    const shownAt = joined(this.#inside, shown)
    // Rules of a `.gitignore` count for where the files are shown, so that a link is judged by its own place, too.
    const rules = below === null ? step.rules : step.rules.with(shownAt, below)
    const outer = by === 'link' ? (yield* this.#placeOf(parentOf(real))).rules : step.realRules
    const realRules = outer === null || below === null ? outer : outer.with(real, below)
    yield* this.#walk({ shown, real, rules, realRules, ancestors: [...step.ancestors, real] })
  }

  *#take(shown: string, real: string, type: EntryType): Of<void> {
    const badName = unprintableName(shown)
    if (badName !== null) this.#refuse(shown, badName)
    else if (type !== 'file') this.#refuse(shown, unreadable(shown, `it is ${type}`))
    else if (this.#isInside(real) || (yield* ask((view: TreeView) => view.isTracked(real))))
      this.#files.set(shown, real)
    else this.#refuse(shown, linkUntracked(shown))
  }

  #isInside(real: string): boolean {
    return this.#inside === '' || real === this.#inside || real.startsWith(`${this.#inside}/`)
  }

  *#follow(shown: string, link: string, step: Step): Of<void> {
    const target = yield* this.#resolve(parentOf(link), nameOf(link))
    if (target.kind === 'outside') {
      // Whether it is a file or a folder isn't looked at: a file by another name is of no concern.
      if (mayMatter(shown)) this.#refuse(shown, linkOutside(shown))
      return
    }
    const { path } = target
    if (target.kind === 'submodule') {
      if (mayMatter(shown)) this.#refuse(shown, behindSubmodule(shown, path))
      return
    }
    const kind = target.kind === 'there' && target.type === 'folder' ? 'folder' : 'file'
    let isHidden = path !== '' && !(yield* this.isRead(path, kind))
    if (target.kind !== 'there') {
      // Of an ignored folder a commit has nothing: what is said must not tell whether the disk has it.
      isHidden ||= path !== '' && !(yield* this.isRead(path, 'folder'))
      const isKnown = yield* ask((view: TreeView) => view.isTracked(path))
      const why = target.kind === 'loop' ? 'its links go round in a circle' : 'its link leads nowhere'
      if (isSourceName(shown) || isKnown || (isHidden && mayMatter(shown)))
        this.#refuse(shown, isHidden ? linkHidden(shown) : unreadable(shown, why))
      return
    }
    if (isHidden) {
      // As of a commit, which doesn't have what is ignored, and so not whether it is a folder.
      if (mayMatter(shown)) this.#refuse(shown, linkHidden(shown))
    } else if (kind === 'folder') {
      yield* this.#enter(shown, path, step, 'link')
    } else if (isSourceName(shown)) {
      if (!isSourceName(nameOf(path))) this.#refuse(shown, linkHidden(shown))
      else yield* this.#take(shown, path, target.type)
    }
  }

  /**
   * What is wrong with a path that somebody names by hand: where a link stands in it, it must lead to what would be read.
   * @param shown how it was named
   * @param path in the tree, links and all
   */
  *linkProblem(shown: string, path: string): Of<Diagnostic | null> {
    const target = yield* this.#resolve('', path)
    if (target.kind === 'outside') return linkOutside(shown)
    if (target.kind !== 'there' || target.path === path) return null
    const isShown = isSourceName(nameOf(target.path)) && (yield* this.isRead(target.path, 'file'))
    return isShown ? null : linkHidden(shown)
  }

  /**
   * A file that a manifest names, whatever its own name ends with: where it is, if it is read as a manifest there would be.
   * @param path in the tree, links and all
   */
  *named(path: string): Of<FoundFile> {
    const target = yield* this.#resolve('', path)
    if (target.kind === 'outside' || target.kind === 'submodule') return { kind: 'hidden' }
    // Nobody is told whether there is anything by a name that is not read.
    if (!(yield* this.isRead(path, 'file')) || !(yield* this.isRead(target.path, 'file')))
      return { kind: 'hidden' }
    if (target.kind !== 'there') return { kind: 'nowhere' }
    if (target.type !== 'file')
      return { kind: 'odd', type: target.type === 'folder' ? 'a folder' : target.type }
    const isOwn = this.#isInside(target.path) || (yield* ask((view: TreeView) => view.isTracked(target.path)))
    return isOwn ? { kind: 'read', path: target.path } : { kind: 'hidden' }
  }

  /**
   * Goes along a path, step by step: each folder on the way may be a link, as may be its end.
   * @param from a folder, with no link on the way to it
   */
  *#resolve(
    from: string,
    way: string,
  ): Of<
    | { readonly kind: 'outside' }
    | { readonly kind: 'nowhere' | 'loop' | 'submodule'; readonly path: string }
    | { readonly kind: 'there'; readonly path: string; readonly type: EntryType }
  > {
    const at = from === '' ? [] : from.split('/')
    const ahead = way.split('/').reverse()
    let links = 0
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        if (at.pop() === undefined) return { kind: 'outside' }
        continue
      }
      const path = joined(at.join('/'), name)
      const type = yield* ask((view: TreeView) => view.typeOf(path))
      if (type === 'link') {
        if (++links > MOST_LINKS) return { kind: 'loop', path }
        const target = yield* ask((view: TreeView) => view.linkText(path))
        if (/^(?:\/|[A-Za-z]:)/.test(target)) return { kind: 'outside' }
        for (const each of target.split('/').reverse()) ahead.push(each)
        continue
      }
      if (type === 'submodule') return { kind: 'submodule', path }
      // Whether it is known is asked of all that was to come.
      if (type === null || (type !== 'folder' && ahead.some((each) => each !== '' && each !== '.')))
        return { kind: 'nowhere', path: [path, ...ahead.reverse()].join('/') }
      if (type !== 'folder') return { kind: 'there', path, type }
      at.push(name)
    }
    return { kind: 'there', path: at.join('/'), type: 'folder' }
  }

  /** What holds within a folder, by where it is: the rules of its own `.gitignore`, and of all above it. */
  *#placeOf(folder: string): Of<Place> {
    const known = this.#places.get(folder)
    if (known !== undefined) return known
    let place: Place = { rules: this.#rootRules, isHidden: false }
    if (folder !== '') {
      const outer: Place = yield* this.#placeOf(parentOf(folder))
      place = {
        rules: outer.rules,
        isHidden: outer.isHidden || this.#isSkipped(folder) || outer.rules.ignores(folder, 'folder'),
      }
    }
    const below = yield* ask((view: TreeView) => view.text(joined(folder, '.gitignore')))
    if (below !== null) place = { ...place, rules: place.rules.with(folder, below) }
    this.#places.set(folder, place)
    return place
  }

  /** The IAM folder itself was named: whatever it is called, and where it is, it is meant. */
  #isSkipped(path: string): boolean {
    return isSkippedName(nameOf(path)) && !`${this.#inside}/`.startsWith(`${path}/`)
  }

  /** Whether something at this place would be read if it were there. */
  *isRead(path: string, kind: 'file' | 'folder'): Of<boolean> {
    const { rules, isHidden } = yield* this.#placeOf(parentOf(path))
    return !isHidden && !this.#isSkipped(path) && !rules.ignores(path, kind)
  }

  #refuse(path: string, problem: Diagnostic): void {
    this.#problems.push({ path, problem })
  }
}

/** Whether a link by this name could be to a folder, or to a source file: one to a text or a picture is of no concern. */
const mayMatter = (shown: string): boolean => isSourceName(shown) || !/\.[A-Za-z][A-Za-z0-9]+$/.test(shown)

const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const joined = (folder: string, name: string): string =>
  folder === '' || name === '' ? folder + name : `${folder}/${name}`

/** Disks list names in any order; what is said of them should not change with it. */
const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
