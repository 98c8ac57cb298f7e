import type { IamReader } from '../target/ports.ts'
import { readPages } from './pages.ts'

/**
 * The unique ids of an account's users and roles, by ARN.
 * @throws IamError as the target refuses
 * @see IAM User Guide, "IAM identifiers": unique identifiers
 */
export async function observeUniqueIds(reader: IamReader): Promise<ReadonlyMap<string, string>> {
  const pages = await readPages((page) =>
    reader.read('GetAccountAuthorizationDetails', { Filter: ['User', 'Role'], ...page }),
  )
  const ids = new Map<string, string>()
  for (const { UserDetailList = [], RoleDetailList = [] } of pages) {
    for (const { Arn, UserId } of UserDetailList)
      if (Arn !== undefined && UserId !== undefined) ids.set(Arn, UserId)
    for (const { Arn, RoleId } of RoleDetailList)
      if (Arn !== undefined && RoleId !== undefined) ids.set(Arn, RoleId)
  }
  return ids
}
