// Loaded into a process before it starts: leaves a watcher open.
import { watch } from 'node:fs'

watch(import.meta.dirname)
