// What the numbers depend on.
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** Facts of machine and engine, as `[name, value]` would be printed. */
export async function machineFacts(engine, compose) {
  const { version, apiVersion } = await engine.version()
  return {
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} at once`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    engine: `${version} (API ${apiVersion})`,
    compose: compose ? `${compose.version} (\`${compose.words.join(' ')}\`)` : 'not installed',
  }
}

/** How much else ran, as the number of processors that the whole machine kept busy: from one call to the next. */
export function busyness() {
  const before = ticks()
  return () => {
    const after = ticks()
    const busy = (after.busy - before.busy) / (after.all - before.all)
    return {
      processorsBusy: Math.round(busy * availableParallelism() * 100) / 100,
      load: loadavg().map((each) => Math.round(each * 10) / 10),
    }
  }
}

/** The first line of /proc/stat (proc(5)): idle and iowait are its fourth and fifth number. */
function ticks() {
  if (process.platform !== 'linux') return { busy: 0, all: 1 }
  const numbers = readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1, 9).map(Number)
  const all = numbers.reduce((sum, each) => sum + each, 0)
  return { busy: all - numbers[3] - numbers[4], all }
}
