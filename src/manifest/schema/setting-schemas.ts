import type { z } from 'zod'
import type { SettingManifests, SettingPlace } from '../manifest-kind.ts'

/** The keys of a file under which settings of the account stand. What reads them knows them from the list, not by this type. */
export const settingsIn = (
  place: SettingPlace['in'],
  settings: SettingManifests,
): Readonly<Record<never, z.ZodType>> =>
  Object.fromEntries(
    Object.values(settings)
      .filter((setting) => setting.place.in === place)
      .map(({ place: { key }, schema, told }) => [
        key,
        schema.nullable().optional().meta({ description: told }),
      ]),
  )
