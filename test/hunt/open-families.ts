// Families of faults that are still there: each is held to be found, so that whoever mends one takes it off. And the estates
// of the fixed sample, by the seeds that they are drawn from: every family had some in them when the sample was taken.

export const OPEN_FAMILIES: readonly string[] = [
  'neverPrincipals that name somebody outside',
  'who-can does not list somebody',
  'neverPrincipals that name a session',
  'two forms of one question have two answers',
  'only sts:TagSession on a role',
  'a resource of an account outside of the project',
  'a name that the service does not allow',
  'a verdict by the pattern tier',
  'a potential access that is denied',
  'a pattern entry beside a typed one',
  'a witness with a key that such requests never have',
  'a path change is taken for two principals',
  'two owners of one bucket',
  'somebody outside is listed and denied',
  'somebody of the project is listed and denied',
  'a witness that contradicts its resource',
  'public access holds',
  'names of a calling service are not derived',
  'a witness with an impossible aws:userid',
  'partitions of principals are not compared',
  'somebody of the project is missed',
  'a bucket without a name',
  'a provider is missed',
  "a service's own keys of tags are not derived",
  'a service is missed',
  'somebody outside is missed',
]

export const SAMPLE_SEEDS: readonly number[] = [
  2654467437, 2657191573, 2655219742, 2655338527, 2654530789, 2656518458, 2656843137, 2656534296, 2656977760,
  2656787704, 2654966334, 2656106670, 2656795623, 2654910901, 2657088626, 2655172228, 2654879225, 2656209617,
  2655298932, 2655663206, 2654760440, 2654507032, 2654633736, 2654435761, 2654443680, 2654451599, 2654459518,
  2654475356, 2654483275, 2654491194, 2654499113, 2654514951, 2654522870, 2654538708, 2654546627, 2654554546,
  2654562465, 2654570384, 2654578303, 2654586222, 2654594141, 2654602060, 2654609979, 2654617898, 2654625817,
  2654641655, 2654649574, 2654657493, 2654665412, 2654673331,
]
