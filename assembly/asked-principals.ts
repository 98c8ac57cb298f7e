import { classOf, forgetClasses } from './alike'
import { countAt } from './block'
import { countIn, PRINCIPALS } from './directory'
import { addHolder, forgetHolders, growSets, makeSets } from './holders'
import { programEnd } from './program'
import {
  HOLDER_NEXT,
  HOLDER_PRINCIPAL,
  HOLDER_SIZE,
  LIVE_GROUP_LAYER,
  LIVE_GROUP_MEMBER_COUNT,
  LIVE_GROUP_MEMBERS,
  LIVE_PRINCIPAL_CLASS,
  LIVE_PRINCIPAL_FLAGS,
  LIVE_PRINCIPAL_GROUP_COUNT,
  LIVE_PRINCIPAL_GROUPS,
  LIVE_PRINCIPAL_KIND,
  LIVE_PRINCIPAL_SIZE,
} from './registered'
import { allocate } from './registry-room'
import { BLOCK_PRINCIPALS, KIND_ROOT, LAYER_IDENTITY, MEMBER_SIZE, PRINCIPAL_LISTED } from './wire'

/** The list of those who could be allowed something that no identity policy allows. */
export let othersAskedAbout: usize = 0

/** Forgets them, and those whom the program's policies list. */
export function forgetWhoIsAskedAbout(): void {
  othersAskedAbout = 0
  forgetClasses()
  if (programEnd !== 0) forgetHolders()
}

/** Lists those who are asked about when everybody is under the policies that could allow them something. */
export function noteHolders(livePrincipals: usize): bool {
  const first = countIn(PRINCIPALS) - countAt(BLOCK_PRINCIPALS)
  let isGrown = false
  for (let number: u32 = 0; number < countAt(BLOCK_PRINCIPALS); number++) {
    const live = livePrincipals + <usize>number * LIVE_PRINCIPAL_SIZE
    if ((load<u32>(live + LIVE_PRINCIPAL_FLAGS) & PRINCIPAL_LISTED) === 0) continue
    if (!isGrown && !growSets()) return false
    isGrown = true
    const group = <usize>load<u32>(live + LIVE_PRINCIPAL_GROUPS)
    const kind = load<u32>(live + LIVE_PRINCIPAL_KIND)
    const byIdentity =
      kind !== KIND_ROOT &&
      load<u32>(live + LIVE_PRINCIPAL_GROUP_COUNT) !== 0 &&
      load<u32>(group + LIVE_GROUP_LAYER) === LAYER_IDENTITY
    if (byIdentity) store<u32>(live + LIVE_PRINCIPAL_CLASS, classOf(live))
    const count = byIdentity ? load<u32>(group + LIVE_GROUP_MEMBER_COUNT) : 1
    let holder = allocate(<u64>count * HOLDER_SIZE)
    if (holder === 0) return false
    for (let index: u32 = 0; index < count; index++, holder += HOLDER_SIZE) {
      if (byIdentity) {
        const member = <usize>load<u32>(group + LIVE_GROUP_MEMBERS) + <usize>index * MEMBER_SIZE
        addHolder(load<u32>(member), first + number, holder)
      } else {
        store<u32>(holder + HOLDER_PRINCIPAL, first + number)
        store<u32>(holder + HOLDER_NEXT, <u32>othersAskedAbout)
        othersAskedAbout = holder
      }
    }
  }
  return !isGrown || makeSets()
}
