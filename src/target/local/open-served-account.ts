import { type Authority, openAuthority } from '../../iam/authority.ts'
import type { FindStatement } from '../../iam/authorization/denial-messages.ts'
import { type IamReading, type IamWriting, openIam } from '../../iam/embedded-iam.ts'
import type { Sealer } from '../../iam/sealing.ts'
import { SigningKeys } from '../../iam/signing-keys.ts'
import type { WritableStore } from '../../iam/store-port.ts'
import type { ProviderKeys } from '../../iam/sts/provider-keys.ts'
import { userKeys } from '../../kinds/accessKey/iam.ts'
import { IAM_KINDS } from '../../kinds/iam.ts'
import type { Organization } from '../../model/index.ts'
import { openWritableSqlite } from '../../store/sqlite/open.ts'
import { DelayedReads } from './delayed-reads.ts'
import { localSealer } from './master-key.ts'
import { localQuotas, storeParts, type WritableLocalTargetParts } from './open-local-target.ts'
import { LocalPrincipalDirectory } from './principal-directory.ts'

/** An account whose calls come from others, each with who signed it. */
export interface ServedAccount {
  readonly iam: IamReading & IamWriting
  readonly store: WritableStore
  readonly keys: SigningKeys
  /** Who calls, and what they may. */
  readonly authority: Authority
  /** By the account's master key. */
  readonly sealer: Sealer
  close(): Promise<void>
}

/**
 * Opens an account's database, and creates or migrates it; `:memory:` is an account that ends with the process.
 * @throws DiagnosticError `store.*`
 */
export async function openServedAccount(
  parts: WritableLocalTargetParts & {
    /** Absent: by the master key of the database. */
    readonly sealer?: Sealer
    /** Absent: nobody signs in by OpenID Connect. */
    readonly providerKeys?: ProviderKeys
    /** Its control policies bind. Absent: none is known. */
    readonly organization?: Organization | null
    /** For how long what is written isn't seen by reads and by what is authorized, in milliseconds. Absent: it is at once. */
    readonly propagationDelay?: number
    /** Whether root access is centralized in it. Absent: it isn't. */
    readonly rootSessions?: boolean
    /** Of a project that is known. Absent: denials name no place in it. */
    readonly findStatement?: FindStatement
  },
): Promise<ServedAccount> {
  const { account, facts, clock, randomBytes, propagationDelay = 0 } = parts
  const store = await openWritableSqlite(storeParts(parts))
  const delayed =
    propagationDelay === 0
      ? null
      : await DelayedReads.open({ copy: store.copy, delay: propagationDelay, clock })
  const served: WritableStore =
    delayed === null
      ? store.iam
      : { read: (work) => delayed.read(work), write: (work) => store.iam.write(work) }
  const sealer = parts.sealer ?? localSealer({ ...parts, masterKey: parts.masterKey ?? null })
  const elsewhere = new LocalPrincipalDirectory(parts.others ?? [])
  const iamParts = {
    account,
    awsPolicies: facts,
    quotas: localQuotas(parts),
    store: served,
    elsewhere,
    clock,
    randomBytes,
    sealer,
  }
  return {
    iam: openIam({ ...iamParts, kinds: IAM_KINDS }),
    authority: openAuthority({
      ...iamParts,
      organization: parts.organization ?? null,
      rootSessions: parts.rootSessions ?? false,
      ...(parts.findStatement === undefined ? {} : { findStatement: parts.findStatement }),
      ...(parts.providerKeys === undefined ? {} : { providerKeys: parts.providerKeys }),
    }),
    store: store.iam,
    keys: new SigningKeys({ account, store: served, userKeys, rootKeys: store.rootKeys, sealer }),
    sealer,
    close: async () => {
      await elsewhere.close()
      await delayed?.close()
      await store.close()
    },
  }
}
