/** What may import what. Paths from the repository's root; a room is a folder, or a file that counts as one. */
interface Room {
  /**
   * Rooms, read transitively: what a room that you may import may import, you may too. An entry that names a single
   * file (`….ts`) stands for that file alone.
   */
  readonly mayImport: readonly string[] | 'everything'
  /** No I/O, no clock, no randomness, no environment: such things come in as arguments. */
  readonly core: boolean
}

export type HouseTable = Readonly<Record<string, Room>>

/** INVARIANT: the table of `docs/architecture.md`. */
export const HOUSE: HouseTable = {
  assembly: { mayImport: [], core: true },
  'src/diagnostics': { mayImport: [], core: true },
  'src/model': { mayImport: [], core: true },
  'src/policy': { mayImport: [], core: true },
  'src/catalog': { mayImport: [], core: true },
  'src/yaml': { mayImport: [], core: true },
  'src/credentials': { mayImport: [], core: true },
  'src/kinds/attributes': { mayImport: ['src/policy', 'src/catalog'], core: true },
  'src/manifest': {
    mayImport: ['src/kinds/attributes', 'src/policy', 'src/catalog', 'src/yaml', 'src/credentials'],
    core: true,
  },
  'src/intake': { mayImport: ['src/policy', 'src/catalog', 'src/yaml'], core: true },
  'src/evaluator': { mayImport: ['src/policy', 'assembly/wire.ts'], core: true },
  'src/access': { mayImport: ['src/evaluator', 'src/catalog'], core: true },
  'src/checks': { mayImport: ['src/manifest', 'src/access'], core: true },
  'src/plan': { mayImport: ['src/manifest', 'src/access'], core: true },
  'src/iam': { mayImport: ['src/evaluator', 'src/catalog', 'src/credentials'], core: true },
  'src/store': { mayImport: ['src/iam/store-port.ts'], core: false },
  'src/target': { mayImport: ['src/iam'], core: false },
  // The local target is where the embedded IAM meets its store.
  'src/target/local': { mayImport: ['src/target', 'src/store'], core: false },
  // Whatever answers AWS's client: the one room that loads it.
  'src/target/aws': { mayImport: ['src/target'], core: false },
  // What a kind of target is: where the project file's word for it, its code, and the project's own files meet.
  'src/target/kinds.ts': {
    mayImport: ['src/target/local', 'src/target/aws', 'src/manifest', 'src/source'],
    core: false,
  },
  'src/source': { mayImport: [], core: false },
  'src/reconcile': {
    mayImport: [
      'src/plan',
      'src/checks',
      // The ports, and the errors in whose words they are written.
      'src/target/ports.ts',
      'src/iam/service-error.ts',
    ],
    core: true,
  },
  'src/report': { mayImport: ['src/plan', 'src/checks'], core: true },
  // The comment on a pull request: HTTP and sleeping come as arguments.
  'src/review': { mayImport: ['src/report'], core: true },
  'src/server': { mayImport: ['src/iam'], core: false },
  'src/cli': { mayImport: 'everything', core: false },
  // An account behind a port: all of the command line that `src/testing` may know.
  'src/cli/serving': { mayImport: 'everything', core: false },
  'src/testing': { mayImport: 'everything', core: false },
  'src/index.ts': { mayImport: 'everything', core: false },
}

/**
 * `src/kinds` is no room: what a kind is stands in one folder, and each of its files belongs to the room that its name
 * says. So do the lists of all kinds, `src/kinds/kind.ts` and its like. Any other name is an error.
 */
export const KIND_FACETS: Readonly<Record<string, string>> = {
  kind: 'src/model',
  manifest: 'src/manifest',
  plan: 'src/plan',
  iam: 'src/iam',
  store: 'src/store',
  observe: 'src/reconcile',
  report: 'src/report',
}

/** Every room may import these. */
export const FOUNDATIONS: readonly string[] = ['src/model', 'src/diagnostics']

/** Where all kinds are put together: whoever else works on kinds is given them. */
export const MAY_IMPORT_LISTS: readonly string[] = [
  'src/cli',
  'src/cli/serving',
  'src/index.ts',
  'src/target/local',
  'src/testing',
]

/** Nothing but these may import `src/cli`. */
export const MAY_IMPORT_CLI: readonly string[] = ['src/cli', 'src/cli/serving']

/** Who may import a module that the build generates (`#generated/NAME`). */
export const GENERATED: Readonly<Record<string, readonly string[]>> = {
  'managed-policies': ['src/catalog'],
  actions: ['src/catalog'],
  'known-names': ['src/catalog'],
  'catalog-date': ['src/catalog'],
  'build-id': ['src/manifest'],
  'code-build': ['src/cli'],
  package: ['src/cli'],
  schemas: ['src/cli'],
  'evaluator-wasm': ['src/evaluator'],
  'iam-api': ['src/model'],
  protocol: ['src/server'],
}

/** Packages that do I/O, and the one room that each belongs to. All others may be used anywhere. */
export const PACKAGES: Readonly<Record<string, string>> = {
  libsql: 'src/store',
  chokidar: 'src/source',
  ignore: 'src/source',
  'isomorphic-git': 'src/source',
  commander: 'src/cli',
}

/** Only here may the SDK be more than types. */
export const SDK_ROOM = 'src/target/aws'

/** Node's modules that a core room may use, and which names of them, if not all. */
export const PURE_NODE_MODULES: Readonly<Record<string, readonly string[] | 'all'>> = {
  'node:buffer': 'all',
  'node:crypto': [
    'createCipheriv',
    'createDecipheriv',
    'createHash',
    'createHmac',
    'createPrivateKey',
    'createPublicKey',
    'KeyObject',
    'X509Certificate',
    'scrypt',
    'timingSafeEqual',
  ],
  'node:path/posix': ['basename', 'dirname', 'extname', 'join', 'normalize', 'relative'],
  'node:util': ['inspect', 'isDeepStrictEqual', 'TextDecoder', 'TextEncoder'],
  'node:zlib': ['brotliDecompressSync', 'deflateSync', 'inflateRawSync'],
}
