import { existsSync } from 'node:fs'
import { folderOnDisk } from '../../source/directory.ts'
import { watchDirectory } from '../../source/watcher.ts'
import { flagSet, type Invocation, type Said } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { catchInterrupts } from '../planning/interrupts.ts'
import { WatchSession } from '../planning/watch-session.ts'

/** Milliseconds between two looks at whether the folder is still there, and git still in the middle of something. */
const LOOKOUT = 500

export async function run(invocation: Invocation): Promise<Said> {
  const { folder, streams, flags, isDocument } = invocation
  // Errors in files are waited out; a folder that isn't there can't be watched.
  const root = folderOnDisk(folder)
  const interrupts = catchInterrupts(streams, null)
  const session = new WatchSession(
    invocation,
    flagSet(flags, 'apply') ? { type: 'apply', signal: interrupts.signal } : { type: 'plan' },
  )
  let stop: () => void = () => {}
  const stopped = new Promise<void>((done) => {
    stop = done
  })
  interrupts.signal.addEventListener('abort', stop)
  streams.readerGone.addEventListener('abort', stop)

  const ticks = new Ticks((isWanted) => session.tick(() => isWanted() || watcher.hasChanges()))
  const beginWatching = () =>
    watchDirectory(root, {
      onChange: () => ticks.want(),
      onError: (error) => streams.err(`the folder can't be watched any more: ${error.message}\n`),
    })
  let watcher = beginWatching()
  // A folder that is moved away, or that a branch doesn't have, takes its watcher along: a new one waits for its return.
  let isGone = false
  const lookout = setInterval(() => {
    const wasGone = isGone
    isGone = !existsSync(root)
    if (!isGone && session.hold.hasEnded) ticks.want()
    if (!wasGone || isGone) return
    void watcher.close()
    watcher = beginWatching()
    ticks.want()
  }, LOOKOUT)
  try {
    // Watching begins before the first plan, so that no save falls between the two.
    await Promise.race([watcher.ready, stopped])
    ticks.want()
    if (!isDocument && streams.errIsTerminal) streams.err('watching; Ctrl-C ends it\n')
    await stopped
    await ticks.idle()
  } finally {
    clearInterval(lookout)
    await watcher.close()
    session.close()
    interrupts.end()
  }
  return {
    said: 'everything',
    exitCode: interrupts.exitCode() === EXIT.terminated ? EXIT.terminated : EXIT.ok,
  }
}

/** One after the other; what is wanted while one is under way is one more, however often it is wanted. */
class Ticks {
  readonly #tick: (isWanted: () => boolean) => Promise<void>
  #running: Promise<void> | null = null
  #wanted = false

  /** @param tick is told whether another is wanted meanwhile */
  constructor(tick: (isWanted: () => boolean) => Promise<void>) {
    this.#tick = tick
  }

  want(): void {
    this.#wanted = true
    this.#running ??= this.#run()
  }

  async idle(): Promise<void> {
    this.#wanted = false
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      this.#wanted = false
      await this.#tick(() => this.#wanted)
    }
    this.#running = null
  }
}
