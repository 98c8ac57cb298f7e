import type { BlockBuilder } from './block.ts'
import type { Engine } from './engine.ts'

/** How many requests are written at once: so many that a block stays in the processor's nearer caches. */
export const BLOCK_REQUESTS_AT_MOST = 1024

/**
 * Opens a block, for its requests to be decided.
 * @param fill adds all that the block has; called again where a text isn't ASCII, when lengths are counted exactly
 */
export function openBlock(engine: Engine, block: BlockBuilder, fill: () => void): void {
  block.clear()
  fill()
  if (isOpened(engine, block)) return
  block.clear('exact')
  fill()
  isOpened(engine, block)
}

function isOpened(engine: Engine, block: BlockBuilder): boolean {
  const { size } = block
  if (!block.writeTo(engine.reserve(size))) return false
  engine.open(size)
  return true
}
