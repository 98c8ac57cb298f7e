import { expect, test } from 'vitest'
import { OBSERVE_KINDS } from '../../src/kinds/observe.ts'
import { observe } from '../../src/reconcile/observe.ts'
import type { IamReader } from '../../src/target/ports.ts'
import { ACCOUNT } from '../iam/account.ts'
import { collectGarbage } from './collect.ts'

const PAGES = 6

/** An account whose details are `PAGES` pages of one user each, and nothing else. */
function pagedReader(onPage: (page: object) => Promise<void>): IamReader {
  let asked = 0
  const read = async (operation: string) => {
    if (operation === 'ListRoles') return { Roles: [] }
    if (operation === 'ListAccountAliases') return { AccountAliases: [] }
    if (operation === 'GetAccountPasswordPolicy') return { PasswordPolicy: {} }
    if (/CredentialReport$/.test(operation)) return {}
    if (operation === 'ListInstanceProfiles') return { InstanceProfiles: [] }
    if (operation === 'ListOpenIDConnectProviders') return { OpenIDConnectProviderList: [] }
    if (operation === 'ListSAMLProviders') return { SAMLProviderList: [] }
    if (operation === 'ListServerCertificates') return { ServerCertificateMetadataList: [] }
    const nth = asked++
    const name = `user-${nth}`
    const page = {
      UserDetailList: [{ UserName: name, Path: '/', Arn: `arn:aws:iam::111122223333:user/${name}` }],
      IsTruncated: nth < PAGES - 1,
      Marker: String(nth),
    }
    await onPage(page)
    return page
  }
  // Answers only what is asked here, each operation with its own type.
  return { read } as unknown as IamReader
}

test('of the pages that an account is read in, at most the last two are in memory', async () => {
  const pages: WeakRef<object>[] = []
  const alive: number[] = []
  const reader = pagedReader(async (page) => {
    pages.push(new WeakRef(page))
    await collectGarbage()
    alive.push(pages.filter((each) => each.deref() !== undefined).length)
  })
  const { entities } = await observe(reader, ACCOUNT, OBSERVE_KINDS)
  expect([...entities.user.keys()]).toHaveLength(PAGES)
  expect(alive).toHaveLength(PAGES)
  expect(Math.max(...alive)).toBeLessThanOrEqual(2)
})
