import type { AttributesOf } from '../../../src/kinds/attributes/attribute.ts'
import { path } from '../../../src/kinds/attributes/path.ts'
import { references } from '../../../src/kinds/attributes/references.ts'
import { tags } from '../../../src/kinds/attributes/tags.ts'
import type { DesiredToy, ToyState } from './kind.ts'

export const TOY_ATTRIBUTES = {
  path,
  roles: references('roles', {
    to: 'role',
    by: 'name',
    grant: (name) => `plays with role ${name}`,
    loss: (name) => `its role \`role/${name}\``,
  }),
  tags,
} as const satisfies AttributesOf<ToyState, DesiredToy>
