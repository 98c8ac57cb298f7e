import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly hasInstallScript?: boolean
  readonly license?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>
}
const entries = Object.entries(lock.packages)

test('the lock has the packages of every platform, without which `npm ci` fails on all', () => {
  const missing = entries.flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) && !(`${place}/node_modules/${name}` in lock.packages),
    ),
  )
  expect(missing).toEqual([])
})

test('the lock names no registry, and no package runs a script when it is installed', () => {
  expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  expect(entries.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
})

test('nor does the lock of the bench’s peers', () => {
  const peers = readFileSync(new URL('../bench/peers/package-lock.json', import.meta.url), 'utf8')
  expect(peers).not.toMatch(/"resolved"|"hasInstallScript"/)
})

test('no package has a licence that would bind what is built with it', () => {
  expect(entries.filter(([, { license = '' }]) => /\b(A?GPL|SSPL|BUSL)\b/i.test(license))).toEqual([])
})
