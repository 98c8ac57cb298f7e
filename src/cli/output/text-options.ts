import type { Account, Estate } from '../../model/index.ts'
import type { TextOptions } from '../../report/plans/plan-text.ts'
import type { Streams } from './streams.ts'

/** How a command's result is laid out for whoever reads it. */
export const outOptions = ({ outColor, outWidth }: Pick<Streams, 'outColor' | 'outWidth'>): TextOptions => ({
  color: outColor,
  ...(outWidth === undefined ? {} : { width: outWidth }),
})

/** Of several accounts names alone would not tell whose they are. */
export const onlyAccount = ({ accounts: [only, second] }: Pick<Estate, 'accounts'>): Account | null =>
  second === undefined ? (only?.account ?? null) : null

/** How problems are. */
export const errOptions = ({ errColor, errWidth }: Pick<Streams, 'errColor' | 'errWidth'>): TextOptions => ({
  color: errColor,
  ...(errWidth === undefined ? {} : { width: errWidth }),
})
