// A directory: the records of one kind by number, of however many blocks, as a list of addresses that doubles when it is
// full. Static memory, since an allocator of AssemblyScript's would share the arena.
//   ┌──────┬───────┬──────┐
//   │ list │ count │ room │
//   └──────┴───────┴──────┘
export const DIRECTORY_LIST = 0
const DIRECTORY_COUNT = DIRECTORY_LIST + 4
export const DIRECTORY_ROOM = DIRECTORY_COUNT + 4
const DIRECTORY_SIZE = DIRECTORY_ROOM + 4

export const ACTIONS = memory.data(DIRECTORY_SIZE, 16)
export const SETS = memory.data(DIRECTORY_SIZE, 16)
export const PRINCIPALS = memory.data(DIRECTORY_SIZE, 16)
export const RESOURCES = memory.data(DIRECTORY_SIZE, 16)
export const CONTEXTS = memory.data(DIRECTORY_SIZE, 16)

export function countIn(directory: usize): u32 {
  return load<u32>(directory + DIRECTORY_COUNT)
}

/** A record by its number, which is known to exist. */
export function recordIn(directory: usize, number: u32): usize {
  return <usize>load<u32>(<usize>load<u32>(directory + DIRECTORY_LIST) + <usize>number * 4)
}

export function addTo(directory: usize, record: usize): void {
  const count = countIn(directory)
  store<u32>(<usize>load<u32>(directory + DIRECTORY_LIST) + <usize>count * 4, <u32>record)
  store<u32>(directory + DIRECTORY_COUNT, count + 1)
}

export function empty(directory: usize): void {
  memory.fill(directory, 0, DIRECTORY_SIZE)
}
