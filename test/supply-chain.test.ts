import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages
const production = Object.entries(locked).filter(([place, { dev }]) => place !== '' && dev !== true)
const nameOf = (place: string): string =>
  place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** What is installed beside this package, with its licence. A change of this list is a decision: it is read by who reviews it. */
const PRODUCTION: Readonly<Record<string, readonly string[]>> = {
  '(MIT AND BSD-3-Clause)': ['sha.js'],
  '(MIT AND Zlib)': ['pako'],
  'Apache-2.0': ['clean-git-ref', 'crc-32', 'detect-libc'],
  'BSD-3-Clause': ['age-encryption', 'diff'],
  'BlueOak-1.0.0': ['sax'],
  ISC: ['inherits', 'once', 'wrappy', 'yaml'],
  MIT: [
    '@libsql/darwin-arm64',
    '@libsql/darwin-x64',
    '@libsql/linux-arm-gnueabihf',
    '@libsql/linux-arm-musleabihf',
    '@libsql/linux-arm64-gnu',
    '@libsql/linux-arm64-musl',
    '@libsql/linux-x64-gnu',
    '@libsql/linux-x64-musl',
    '@libsql/win32-x64-msvc',
    '@neon-rs/load',
    '@noble/ciphers',
    '@noble/curves',
    '@noble/hashes',
    '@noble/post-quantum',
    '@node-saml/node-saml',
    '@scure/base',
    '@types/debug',
    '@types/ms',
    '@types/node',
    '@types/qs',
    '@types/xml-encryption',
    '@types/xml2js',
    '@xmldom/is-dom-node',
    '@xmldom/xmldom',
    'async-function',
    'async-generator-function',
    'async-lock',
    'available-typed-arrays',
    'call-bind',
    'call-bind-apply-helpers',
    'call-bound',
    'chokidar',
    'commander',
    'debug',
    'decompress-response',
    'define-data-property',
    'diff3',
    'dunder-proto',
    'es-define-property',
    'es-errors',
    'es-object-atoms',
    'escape-html',
    'for-each',
    'function-bind',
    'generator-function',
    'get-intrinsic',
    'get-proto',
    'gopd',
    'has-property-descriptors',
    'has-symbols',
    'has-tostringtag',
    'hasown',
    'ignore',
    'is-callable',
    'is-typed-array',
    'isarray',
    'isomorphic-git',
    'jose',
    'libsql',
    'math-intrinsics',
    'mimic-response',
    'minimist',
    'minimisted',
    'ms',
    'pify',
    'possible-typed-array-names',
    'readdirp',
    'safe-buffer',
    'set-function-length',
    'simple-concat',
    'simple-get',
    'to-buffer',
    'typed-array-buffer',
    'undici-types',
    'uqr',
    'which-typed-array',
    'xml-crypto',
    'xml-encryption',
    'xml2js',
    'xmlbuilder',
    'xpath',
    'zod',
  ],
}

test('these packages come with this one, under these licences, and no others', () => {
  const found = new Map<string, Set<string>>()
  for (const [place, { license = 'none' }] of production)
    found.set(license, (found.get(license) ?? new Set()).add(nameOf(place)))
  const byLicence = [...found].map(([license, names]) => [license, [...names].sort()] as const)
  expect(Object.fromEntries(byLicence)).toEqual(PRODUCTION)
})

test('none of them runs a script when it is installed', () => {
  expect(production.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([])
  // The lock says what a registry said; what is installed here says it itself.
  const scripts = production.flatMap(([place]) => {
    const manifest = manifestAt(place)
    return ['preinstall', 'install', 'postinstall'].flatMap((name) =>
      manifest?.scripts?.[name] === undefined ? [] : [`${place}: ${name}`],
    )
  })
  expect(scripts).toEqual([])
})

test('the code asks for what package.json lists, each in a range that keeps its major version', () => {
  const { dependencies } = read('package.json') as { readonly dependencies: Readonly<Record<string, string>> }
  expect(dependencies).toEqual(locked['']?.dependencies)
  for (const range of Object.values(dependencies)) expect(range).toMatch(/^\^\d+\.\d+\.\d+$/)
})

/** null: a package of another platform, which is not installed here. */
function manifestAt(place: string): { readonly scripts?: Readonly<Record<string, string>> } | null {
  try {
    return read(`${place}/package.json`)
  } catch {
    return null
  }
}
