import { aligned, reach } from './arena'
import { block } from './block'
import { countIn, DIRECTORY_LIST, DIRECTORY_ROOM } from './directory'
import { BLOCK_SIZE_AT } from './wire'

/** Where the next record goes, while a block is taken in. */
let top: u64 = 0

/** 0: out of memory. */
export function allocate(size: u64): usize {
  const at = aligned(top)
  if (!reach(at + size)) return 0
  top = at + size
  return <usize>at
}

/** Begins to put records behind the block at hand. */
export function beginBehindBlock(): void {
  beginBehind(load<u32>(block + BLOCK_SIZE_AT))
}

/** The same behind so many bytes that are no block. */
export function beginBehind(size: u32): void {
  top = <u64>block + <u64>size
}

/** The first free byte behind the block at hand and its records. */
export function freeAddress(): u64 {
  return aligned(top)
}

/** Makes room for more. False: out of memory. */
export function expectMore(directory: usize, more: u32): bool {
  const count = countIn(directory)
  const room = <u64>load<u32>(directory + DIRECTORY_ROOM)
  const wanted = <u64>count + <u64>more
  if (wanted <= room) return true
  let roomier = room * 2
  if (roomier < wanted) roomier = wanted
  const list = allocate(roomier * 4)
  if (list === 0) return false
  memory.copy(list, <usize>load<u32>(directory + DIRECTORY_LIST), <usize>count * 4)
  store<u32>(directory + DIRECTORY_LIST, <u32>list)
  store<u32>(directory + DIRECTORY_ROOM, <u32>roomier)
  return true
}
