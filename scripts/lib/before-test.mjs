// Loaded before a test file.
import fc from 'fast-check'

// The generated cases of its laws follow from one seed, so that the same code gets the same verdict; scripts/laws.mjs tries others.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) })

// Node has noted by now where this process's coverage goes. Command lines that it starts are bundles, whose coverage tells nothing of src.
delete process.env.NODE_V8_COVERAGE
