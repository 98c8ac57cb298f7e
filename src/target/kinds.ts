import { resolve } from 'node:path'
import type { ManagedPolicyFacts } from '../catalog/managed-policies.ts'
import type { Project, ProjectAccount, TargetKind, Targets } from '../manifest/desired.ts'
import { DECLARED_TARGETS, type DeclaredTarget } from '../manifest/project/declared-targets.ts'
import { prepareStateFolder } from '../source/state-folder.ts'
import type { EnvironmentCredentials } from './aws/credentials.ts'
import { openAwsTarget } from './aws/open-aws-target.ts'
import { DatabaseVersion } from './local/database-version.ts'
import { type LocalTargetParts, openReadable, openWritable } from './local/open-local-target.ts'
import type { ReadableTarget, TargetVersion, WritableTarget } from './ports.ts'

/** An account, and the target that the project file gives it. */
export interface TargetedAccount<K extends TargetKind = TargetKind> extends Pick<ProjectAccount, 'account'> {
  readonly target: Targets[K]
}

/** What a target is opened in. */
export interface TargetPlace {
  /** The IAM folder, absolute. */
  readonly folder: string
  readonly facts: ManagedPolicyFacts
  /** A trust policy may name principals of its other accounts. */
  readonly project: Pick<Project, 'accounts'>
}

/** What is taken of the world: but for the environment, only by writing. */
interface World {
  /** Credentials, by the names of the environment. */
  readonly environment: EnvironmentCredentials
  /** Of secrets that are kept, in hexadecimal; null: the target has one of its own. */
  readonly masterKey: string | null
  /** Milliseconds since the epoch. */
  readonly clock: () => number
  readonly randomBytes: (count: number) => Uint8Array
}

/** Everything that is to be known of a kind of target outside of its own folder. */
interface KindOfTarget<K extends TargetKind> extends DeclaredTarget<K> {
  /** Nothing can be written to what this opens. @throws DiagnosticError */
  openReadable(
    account: TargetedAccount<K>,
    place: TargetPlace,
    world: Pick<World, 'environment'>,
  ): Promise<ReadableTarget>
  /** For an apply; what isn't there yet is made. @throws DiagnosticError */
  openWritable(account: TargetedAccount<K>, place: TargetPlace, world: World): Promise<WritableTarget>
  /** Tells a watcher when to read again. */
  version(target: Targets[K], folder: string): TargetVersion
}

/** Every kind of target: another one is a folder beside `local/`, a key of `Targets`, and an entry in both tables. */
const TARGET_KINDS: { readonly [K in TargetKind]: KindOfTarget<K> } = {
  local: {
    ...DECLARED_TARGETS.local,
    openReadable: (account, place) => openReadable(localParts(account, place)),
    openWritable: (account, place, world) => {
      prepareStateFolder(place.folder, account.target.database)
      const { environment: _, ...taken } = world
      return openWritable({ ...localParts(account, place), ...taken })
    },
    version: ({ database }, folder) => new DatabaseVersion(resolve(folder, database)),
  },
  aws: {
    ...DECLARED_TARGETS.aws,
    openReadable: async (account, _, world) => {
      const { iam, ...rest } = await openAwsTarget(awsParts(account, world))
      return { ...rest, iam: { read: iam.read } }
    },
    openWritable: (account, _, world) => openAwsTarget(awsParts(account, world)),
    // AWS has nothing that tells.
    version: () => ({ current: () => null, close: () => {} }),
  },
}

/** What is to be known of an account's own target. */
export const kindOf = <K extends TargetKind>(target: Targets[K] & { readonly kind: K }): KindOfTarget<K> =>
  TARGET_KINDS[target.kind]

const localParts = (
  { account, target }: TargetedAccount<'local'>,
  { folder, facts, project }: TargetPlace,
): LocalTargetParts => ({
  database: resolve(folder, target.database),
  shownAs: target.database,
  account,
  facts,
  quotas: target.quotas,
  others: project.accounts.flatMap((other) =>
    other.account.id === account.id || other.target.kind !== 'local'
      ? []
      : [
          {
            account: other.account,
            database: resolve(folder, other.target.database),
            shownAs: other.target.database,
          },
        ],
  ),
})

const awsParts = (
  { account, target: { endpoint, region } }: TargetedAccount<'aws'>,
  { environment }: Pick<World, 'environment'>,
) => ({ account, endpoint, region, environment })
