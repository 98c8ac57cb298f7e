// Preloaded (`node --import`): has a process say on stderr, when it ends, how much memory it had at most.
process.on('exit', () => process.stderr.write(`most memory: ${process.resourceUsage().maxRSS} KiB\n`))
