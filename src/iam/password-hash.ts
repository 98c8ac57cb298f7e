import { scrypt, timingSafeEqual } from 'node:crypto'

/** Of scrypt, to the base of two: 32 MB and some 80 ms for each password that is tried. @see RFC 7914, "Introduction" */
export const PASSWORD_COST = 15

const BLOCK_SIZE = 8
const SALT_BYTES = 16
const HASH_BYTES = 32
/** For what it needs besides. */
const ROOM = 2 ** 20

/**
 * A password as it is kept: `scrypt:COST:SALT:HASH`, from which it can't be had back.
 * @param salt of another one that this is compared with later on; null: a new one
 */
export async function hashedPassword(
  password: string,
  { salt, cost, randomBytes }: HashedBy,
): Promise<string> {
  const salted = salt === null ? Buffer.from(randomBytes(SALT_BYTES)) : salt
  const hash = await derived(password, salted, cost)
  return ['scrypt', cost, salted.toString('base64'), hash.toString('base64')].join(':')
}

interface HashedBy {
  readonly salt: Buffer | null
  readonly cost: number
  readonly randomBytes: (count: number) => Uint8Array
}

/** How a password was hashed; null: not by this. */
export function hashedBy(kept: string): { readonly salt: Buffer; readonly cost: number } | null {
  const { salt, cost } = /^scrypt:(?<cost>\d{1,2}):(?<salt>[^:]+):[^:]+$/.exec(kept)?.groups ?? {}
  return salt === undefined ? null : { salt: Buffer.from(salt, 'base64'), cost: Number(cost) }
}

/** Whether two that were hashed alike are of the same password. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const derived = (password: string, salt: Buffer, cost: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parameters = { N: 2 ** cost, r: BLOCK_SIZE, p: 1, maxmem: ROOM + 2 ** cost * BLOCK_SIZE * 128 }
    scrypt(password, salt, HASH_BYTES, parameters, (error, hash) =>
      error === null ? resolve(hash) : reject(error),
    )
  })
