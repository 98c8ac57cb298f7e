// Families of faults that are still there: each is held to be found, so that whoever mends one takes it off. And the estates
// of the fixed sample, by the seeds that they are drawn from: every family had some in them when the sample was taken.

export const OPEN_FAMILIES: readonly string[] = []

/** Open as well, and too seldom for the sample: only a longer run shows them. */
export const RARE_OPEN_FAMILIES: readonly string[] = [
  // What 185,000 questions of one run listed too much; whether it is the hunt that draws too little isn't settled.
  // A Deny for a canonical user by `aws:PrincipalOrgID` or `aws:PrincipalType`.
  'somebody outside is listed and denied',
  // `ForAnyValue:StringLike aws:PrincipalOrgPaths */r-ab12/*` where no organization is declared.
  'somebody of the project is listed and denied',
  // Two patterns, or a pattern and a number, of `aws:PrincipalAccount` in one state.
  'what was allowed before is gained, or what still is is lost',
  // A gate that fails for others doesn't say of somebody that it isn't known.
  'another reading of an open rule',
]

export const SAMPLE_SEEDS: readonly number[] = [
  2656367997, 2656241293, 2655655287, 2655504826, 2655584016, 2656019561, 2654435761, 2654483275, 2655671125,
  2655457312, 2655013848, 2655211823, 2656439268, 2655560259, 2655940371, 2654807954, 2654926739, 2655845343,
  2654768359, 2655045524, 2654562465, 2654451599, 2654459518, 2654443680, 2654467437, 2654475356, 2654491194,
  2654499113, 2654507032, 2654514951, 2654522870, 2654530789, 2654538708, 2654546627, 2654554546, 2654570384,
  2654578303, 2654586222, 2654594141, 2654602060, 2654609979, 2654617898, 2654625817, 2654633736, 1401656283,
  1402115585, 2654657493, 2654665412, 3009955320, 3011364902,
]
