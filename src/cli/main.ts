#!/usr/bin/env node
import Module from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { nameSourcesInStacks } from './output/source-stack.ts'

// Most commands are over in a second, and Node 20 spends a fifth of its processor time then on optimizing functions that
// are hardly called again. With six times its budget they have to run for longer first; later versions choose better.
// Nothing changes but when code is optimized: a hot loop gets there a few milliseconds later.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--interrupt-budget=400000')

nameSourcesInStacks()

// Before anything else is loaded, so that it is kept. Node 20 can't.
if ('enableCompileCache' in Module && typeof Module.enableCompileCache === 'function') {
  const { keepOwnCode } = await import('./opening/own-code.ts')
  const enable = Module.enableCompileCache
  keepOwnCode((folder) => enable(folder))
}

const { main } = await import('./program.ts')
process.exitCode = await main(process.argv.slice(2))

// All is written. A watched folder that was removed at the very end can leave a handle of chokidar's open, which would keep
// the process for ever.
setTimeout(() => process.exit(), 500).unref()
