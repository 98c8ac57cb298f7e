// Preloaded (`node --import`): has a process say on stderr, when it ends, how much memory it had at most, and how long it computed.
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  process.stderr.write(
    `most memory: ${maxRSS} KiB\nprocessor: ${Math.round((userCPUTime + systemCPUTime) / 1000)} ms\n`,
  )
})
