// Runs many pure test files in one process, for the versions of Node beside the one that runs `npm test`: node … test-batch.mjs FILE …
import { pathToFileURL } from 'node:url'

// As uvu's own runner does it: each file adds its suites to the queue. uvu reads the switch when it is loaded.
globalThis.UVU_DEFER = 1
globalThis.UVU_QUEUE = []
const { exec } = await import('uvu')
for (const [index, file] of process.argv.slice(2).entries()) {
  globalThis.UVU_QUEUE.push([file])
  globalThis.UVU_INDEX = index
  await import(pathToFileURL(file).href)
}
await exec(false)
