import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openIam } from '../../src/iam/embedded-iam.ts'
import { IAM_KINDS } from '../../src/kinds/iam.ts'
import { user } from '../../src/kinds/user/iam.ts'
import { ACCOUNT, AWS_POLICIES } from '../iam/account.ts'
import { openWritable } from '../store/open-sqlite.ts'

const SOURCE = join(import.meta.dirname, '../../src')
const TEXTS = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(SOURCE, path), 'utf8') }))

/** Where it is said what an operation takes and answers. */
const filesThatType = (operation: string): readonly string[] =>
  TEXTS.filter(({ text }) => new RegExp(`readonly ${operation}\\??:`).test(text)).map(({ path }) => path)

describe('operations of the embedded IAM', () => {
  // That each operation of a kind has a handler, the type of the list holds; that each is of one kind, no type can say.
  it('each one is of one kind', () => {
    const named = Object.values(IAM_KINDS).flatMap(({ reads, writes }) => [
      ...Object.keys(reads),
      ...Object.keys(writes),
    ])
    expect(named.toSorted()).toEqual([...new Set(named)].toSorted())
  })

  it('each one is named by its kind, and by nobody else', () => {
    const names = Object.values(IAM_KINDS).flatMap(({ reads, writes }) =>
      Object.keys({ ...reads, ...writes }),
    )
    const typed = new Map(names.map((name) => [name, filesThatType(name)]))
    const ofKinds = Object.entries(IAM_KINDS).flatMap(([kind, { reads, writes }]) =>
      Object.keys({ ...reads, ...writes }).map((name) => [name, [`kinds/${kind}/kind.ts`]] as const),
    )
    expect(typed).toEqual(new Map(ofKinds))
  })

  it('no two kinds may have the same, and what no kind has is a defect', async () => {
    const { iam: store, close } = await openWritable({ file: ':memory:', account: ACCOUNT })
    const parts = {
      account: ACCOUNT,
      store,
      awsPolicies: AWS_POLICIES,
      clock: () => 0,
      randomBytes: (count: number) => new Uint8Array(count),
    }
    expect(() => openIam({ ...parts, kinds: { ...IAM_KINDS, other: user } })).toThrow(
      'two kinds have the operation',
    )
    const { user: _, ...others } = IAM_KINDS
    const iam = openIam({ ...parts, kinds: others })
    await expect(iam.write('CreateUser', { UserName: 'a' })).rejects.toThrow(
      'no kind has the operation CreateUser',
    )
    await close()
  })
})
