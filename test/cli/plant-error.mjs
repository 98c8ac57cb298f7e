// Plants a defect: what hashes (PLANTED=hash), or tells how wide a terminal is (PLANTED=width), throws.
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

function defect() {
  throw new TypeError('planted')
}

if (process.env.PLANTED === 'hash') {
  crypto.createHash = defect
  syncBuiltinESMExports()
} else Object.defineProperty(process.stdout, 'columns', { get: defect })
