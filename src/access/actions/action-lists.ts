import type { AccessLevels } from '../access-entry.ts'
import { levelsOf } from './access-levels.ts'
import type { ActionTable } from './action-table.ts'

/** What entries say of one list of actions. Shared by all that have it: of an administrator it is every action there is. */
interface ShownActions {
  /** Equal for equal lists. */
  readonly id: number
  /** In AWS's spelling. */
  readonly actions: readonly string[]
  readonly levels: AccessLevels
}

/** Keeps each list of actions once, however many entries have it. */
export class ActionLists {
  readonly #table: ActionTable
  readonly #ofLists = new WeakMap<readonly string[], ShownActions>()
  readonly #ofTexts = new Map<string, ShownActions>()

  constructor(table: ActionTable) {
    this.#table = table
  }

  shown(actions: readonly string[]): ShownActions {
    let known = this.#ofLists.get(actions)
    if (known !== undefined) return known
    const text = actions.join()
    known = this.#ofTexts.get(text)
    if (known === undefined) {
      known = {
        id: this.#ofTexts.size,
        actions: actions.map((action) => this.#table.shown(action)),
        levels: levelsOf(actions, this.#table),
      }
      this.#ofTexts.set(text, known)
    }
    this.#ofLists.set(actions, known)
    return known
  }
}
