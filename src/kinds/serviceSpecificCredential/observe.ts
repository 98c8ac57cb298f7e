import type { ChildState } from '../../model/index.ts'
import type { ReadOperations } from '../../model/operations.ts'
import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { readPages } from '../../reconcile/pages.ts'
import { observedStatus } from '../attributes/status.ts'

type Listed = NonNullable<
  ReadOperations['ListServiceSpecificCredentials']['output']['ServiceSpecificCredentials']
>[number]

export const serviceSpecificCredential: ChildObservation = {
  read: async (reader, UserName) => {
    const pages = await readPages((page) =>
      reader.read('ListServiceSpecificCredentials', { UserName, ...page }),
    )
    return listedOn(pages).map(stateOf)
  },
  everybody: async (reader) => {
    const pages = await readPages((page) =>
      reader.read('ListServiceSpecificCredentials', { AllUsers: true, ...page }),
    )
    const found = new Map<string, ChildState[]>()
    for (const each of listedOn(pages)) {
      const name = given(each.UserName)
      found.set(name, [...(found.get(name) ?? []), stateOf(each)])
    }
    return found
  },
}

const listedOn = (
  pages: readonly { readonly ServiceSpecificCredentials?: readonly Listed[] | undefined }[],
): readonly Listed[] => pages.flatMap(({ ServiceSpecificCredentials = [] }) => ServiceSpecificCredentials)

function stateOf(each: Listed): ChildState {
  const { ServiceUserName, ServiceCredentialAlias, CreateDate, ExpirationDate, Status } = each
  const id = given(each.ServiceSpecificCredentialId)
  const service = given(each.ServiceName)
  return {
    id,
    // A key has no user name.
    identity: `${service} ${ServiceUserName || ServiceCredentialAlias || id}`,
    // Whether one has ended that has an end, a plan knows by its own instant.
    status: hasEnded(each) ? 'active' : observedStatus(given(Status)),
    variety: service,
    ...(CreateDate === undefined ? {} : { created: CreateDate.getTime() }),
    ...(ExpirationDate === undefined ? {} : { expires: ExpirationDate.getTime() }),
    ...(Status === 'Expired' && ExpirationDate === undefined ? { isExpired: true } : {}),
  }
}

const hasEnded = ({ Status, ExpirationDate }: Listed): boolean =>
  Status === 'Expired' && ExpirationDate !== undefined
