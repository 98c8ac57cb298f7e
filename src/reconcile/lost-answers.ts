import type { WriteOperation } from '../model/operations.ts'
import type { IamReader, IamWriter } from '../target/ports.ts'
import { orWhenMissing } from './api-values.ts'
import type { Delivery } from './deliver.ts'
import type { LostAnswers } from './observe-kind.ts'
import { type Pauses, patientReader } from './retries.ts'

/**
 * Whether what a call was to do shows in the account, after no answer came of it; null: it can be made again, whatever became of it.
 * @throws IamError
 */
export const whetherDone = <O extends WriteOperation>(
  answers: LostAnswers,
  { operation, input }: Pick<Delivery<O>, 'operation' | 'input'>,
  iam: IamReader & IamWriter,
  pauses: Pauses,
): Promise<boolean> | null => {
  const look = answers[operation]
  if (look === undefined) return null
  const { read } = patientReader(iam, pauses)
  // What isn't there, or can't be seen yet, holds nothing: the call itself then says so.
  return orWhenMissing(false, look({ read, write: (...call) => iam.write(...call) }, input))
}
