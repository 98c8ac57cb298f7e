/// <reference lib="esnext.disposable" preserve="true" />

/** What a test asks for. */
export interface IamOptions {
  /**
   * A folder with `iam-sync.yaml`. The control policies of its organization bind, and what is declared for the account is there from the
   * start. Absent: an empty account.
   */
  readonly project?: string
  /** Which account of the project; absent: the only one. */
  readonly account?: string
  /** `false`: of the project only the organization counts, and the account is empty. */
  readonly apply?: boolean
  /** Of an account without a project; absent: `123456789012`. */
  readonly accountId?: string
  /** What clients are told; absent: `us-east-1`, or the first of the account's partition. Requests for any region are answered. */
  readonly region?: string
  /** On loopback; absent: any that is free. */
  readonly port?: number
  /** By which identity providers sign, by issuer: for `AssumeRoleWithWebIdentity`. Nothing is fetched. */
  readonly providerKeys?: Readonly<Record<string, { readonly keys: readonly object[] }>>
}

/** What an AWS client signs with. */
export interface IamCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A secret that the account was given, or that was made for it, when what is declared was put into it. */
export interface IamSecret {
  /** Whose it is: `user/alice`. */
  readonly of: string
  /** `password`, `access key`. */
  readonly what: string
  /** What the manifests call it; absent: there is one. */
  readonly name?: string
  /** What AWS calls it; absent: nothing. */
  readonly id?: string
  /** As whoever applies is given it: of an access key JSON. */
  readonly value: string
}

/** An IAM with STS in this process, as AWS's clients know it. */
export interface Iam extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string
  readonly region: string
  readonly accountId: string
  /** Of the root user, who may do everything but assume roles. */
  readonly credentials: IamCredentials
  /** For processes that a test starts: endpoint, region and credentials, by the names that AWS's clients look for. */
  readonly env: Readonly<Record<string, string>>
  /** With it `POST /_iam-sync/reset` does what `reset` does, as `Authorization: Bearer`. */
  readonly bearerToken: string
  /** Made since the start, or since the last reset. */
  readonly secrets: readonly IamSecret[]
  /** A new access key of a user: `ada`. It counts as one that `CreateAccessKey` made. */
  credentialsOf(user: string): Promise<IamCredentials>
  /** Puts the account back to what it was at the start. Root's credentials stay. */
  reset(): Promise<void>
  /** Answers what is under way, and closes everything. More than once does no more than once. */
  stop(): Promise<void>
}
