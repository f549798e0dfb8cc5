// Loaded before a test file: the generated cases of its laws follow from one seed, so that the same code gets the same verdict.
// scripts/laws.mjs tries other seeds.
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) })
