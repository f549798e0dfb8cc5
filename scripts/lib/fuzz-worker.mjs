// Carries out cases for scripts/fuzz.mjs, and says of each that it begins, and what it broke.
import { parentPort, workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
const [{ caseOf }, { readCorpus }, { brokenLaw }, { minimal }] = await Promise.all([
  import('../../test/load/fuzz/cases.ts'),
  import('../../test/load/fuzz/corpus.ts'),
  import('../../test/load/fuzz/laws.ts'),
  import('../../test/load/fuzz/minimal.ts'),
])
const { from, to, most } = workerData
const corpus = readCorpus()
let failed = 0
for (let seed = from; seed < to && failed < most; seed++) {
  parentPort.postMessage({ seed })
  const broken = lawBrokenBy(seed)
  if (broken) failed++
  if (broken) parentPort.postMessage({ seed, broken })
}
parentPort.postMessage({ seed: to })

/** The law, and the smallest case that still breaks one in the same way. */
function lawBrokenBy(seed) {
  const found = caseOf(seed, corpus)
  const broken = brokenLaw(found)
  if (!broken) return undefined
  const kind = kindOf(broken)
  const { files, stacks } = minimal(found, (each) => kindOf(brokenLaw(each) ?? '') === kind)
  return `${broken}\n${JSON.stringify({ stacks, files }, null, 2)}`
}

/** Two of one kind begin alike. */
function kindOf(broken) {
  return broken.slice(0, 30)
}
