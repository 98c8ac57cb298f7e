import { given } from '../../reconcile/api-values.ts'
import type { ChildObservation } from '../../reconcile/observe-kind.ts'
import { observedStatus } from '../attributes/status.ts'

export const serviceSpecificCredential: ChildObservation = {
  read: async (reader, UserName) => {
    const { ServiceSpecificCredentials = [] } = await reader.read('ListServiceSpecificCredentials', {
      UserName,
    })
    return ServiceSpecificCredentials.map((each) => ({
      id: given(each.ServiceSpecificCredentialId),
      identity: `${given(each.ServiceName)} ${given(each.ServiceUserName)}`,
      status: observedStatus(given(each.Status)),
    }))
  },
}
