/** Where random cases begin: the same ones at every run, unless a soak tells another seed. */
export const SEED = Number(process.env.EVALUATOR_FUZZ_SEED ?? 20_261_126)
