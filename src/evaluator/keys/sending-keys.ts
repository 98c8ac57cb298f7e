/**
 * Whether a key tells when a request is made, or whether a service sends it on somebody's behalf.
 * @param key in lower case
 * @see IAM User Guide, "AWS global condition context keys": aws:CalledVia, aws:CurrentTime, aws:EpochTime, aws:ViaAWSService
 */
export const isOfSending = (key: string): boolean =>
  isTime(key) || key === VIA_SERVICE.toLowerCase() || comesByService(key)

/** Whether a service sends it on somebody's behalf. */
export const VIA_SERVICE = 'aws:ViaAWSService'

/** Which services do, in lower case: no other request has them. */
export const CALLED_VIA: readonly string[] = ['aws:calledvia', 'aws:calledviafirst', 'aws:calledvialast']

/** @param key in lower case */
export const comesByService = (key: string): boolean => CALLED_VIA.includes(key)

/** @param key in any case */
export const isTime = (key: string): boolean => /^aws:(?:currenttime|epochtime)$/i.test(key)

/** Whether a context says when a request is made. */
export const tellsTime = (context: ReadonlyMap<string, unknown>): boolean => [...context.keys()].some(isTime)
