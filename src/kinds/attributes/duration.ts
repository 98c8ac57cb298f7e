const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** How long a credential is left in use that another has taken the place of, where nothing is said of it: a week. */
export const USUAL_GRACE = 7 * 86_400_000

/** What stands for a time that passes: a number and a unit. */
export const DURATION = /^([1-9]\d{0,4})([mhdw])$/

/** Milliseconds; null: it is no duration. */
export function durationOf(text: string): number | null {
  const [, digits, unit = ''] = DURATION.exec(text) ?? []
  const each = UNITS[unit]
  return digits === undefined || each === undefined ? null : Number(digits) * each
}
