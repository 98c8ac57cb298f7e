// Memory from the end of the static data on: the program, what is kept beside it, the block, what is kept beside that.
// Nothing is ever freed; each program takes the place of the last one, and each block that of the last block.

const PAGE: u64 = 65536
const LIMIT: u64 = 0xffff0000

/** Where the arena begins. */
export function arenaStart(): usize {
  return (__heap_base + 15) & ~(<usize>15)
}

/** So many bytes behind whatever is in use can be read: whole vectors are, and what doesn't belong to a text is masked out. */
const AHEAD: u64 = 64

/** Makes sure that memory reaches up to `used`, and `AHEAD` further. False: there is no more. */
export function reach(used: u64): bool {
  if (used > LIMIT) return false
  const end = used + AHEAD
  const have = <u64>memory.size() * PAGE
  if (end <= have) return true
  // Doubling keeps the number of times small that the host must look at the memory anew.
  let pages = (end - have + PAGE - 1) / PAGE
  const wanted = <u64>memory.size() < pages ? pages : <u64>memory.size()
  if (memory.grow(<i32>wanted) >= 0) return true
  return memory.grow(<i32>pages) >= 0
}

export function aligned(address: u64): u64 {
  return (address + 15) & ~(<u64>15)
}

/** Whether `count` records of `size` bytes at `offset` lie within `[from, whole)`. */
export function tableFits(offset: u32, count: u32, size: u32, from: u32, whole: u32): bool {
  return offset >= from && <u64>offset + <u64>count * <u64>size <= <u64>whole
}

/** Whether a range lies within a table of `length` elements. */
export function rangeFits(first: u32, count: u32, length: u32): bool {
  return <u64>first + <u64>count <= <u64>length
}
