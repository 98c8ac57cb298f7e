import { exportedRecord } from '../../iam/audit/exported-record.ts'
import type { Invocation, Said } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { readingAudit } from '../opening/audit-file.ts'
import { diagnosticsOnly } from '../output/present.ts'
import { auditQueryOf, unreadableWarnings } from '../questions/audit-query.ts'

/** How many characters are written at once. */
const AT_ONCE = 262_144

export async function run(invocation: Invocation): Promise<Said> {
  const { flags, streams } = invocation
  const query = auditQueryOf(flags, Date.now())
  return readingAudit(invocation, async (reader) => {
    if (reader !== null) diagnosticsOnly(unreadableWarnings(reader), streams)
    let text = '{"Records":['
    let between = ''
    for (const row of reader?.matching(query, 'oldest', null) ?? []) {
      text += `${between}${exportedRecord(row)}`
      between = ','
      if (text.length < AT_ONCE) continue
      await streams.outAll(Buffer.from(text))
      text = ''
      if (streams.readerGone.aborted) break
    }
    await streams.outAll(Buffer.from(`${text}]}\n`))
    return { said: 'everything', exitCode: EXIT.ok }
  })
}
