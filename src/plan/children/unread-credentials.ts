import { type Diagnostic, infoOf } from '../../diagnostics/index.ts'
import { CHILD_KINDS, CHILDREN } from '../../model/index.ts'
import type { Planning } from '../planning.ts'

/** Of whom it isn't known whether they have credentials that nobody declares. */
export const unreadCredentials = ({ observed }: Pick<Planning, 'observed'>): readonly Diagnostic[] =>
  CHILD_KINDS.flatMap((kind) => {
    const count = observed.undeclared?.unread[kind]?.size ?? 0
    const { plural, parent, section } = CHILDREN[kind]
    return count === 0
      ? []
      : [
          infoOf({
            code: 'plan.credentials-not-read',
            message: `${plural} of ${count} ${parent}s weren't looked for: AWS lists them of one ${parent} at a time`,
            help: `\`${section}\` of a ${parent} has them read, \`{}\` where there are to be none`,
          }),
        ]
  })
