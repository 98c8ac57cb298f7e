// Sends this process a signal in the middle of what it does: when it first looks at a file whose path ends with SIGNAL_AT.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { SIGNAL_AT = '', SIGNAL = 'SIGINT' } = process.env
let isSent = false
for (const call of ['statSync', 'lstatSync', 'openSync', 'existsSync']) {
  const real = fs[call]
  fs[call] = (path, ...rest) => {
    if (!isSent && typeof path === 'string' && path.endsWith(SIGNAL_AT)) {
      isSent = true
      process.kill(process.pid, SIGNAL)
    }
    return real(path, ...rest)
  }
}
syncBuiltinESMExports()
