import type { Engine } from '../../src/docker/port.ts'
import { ensureScratchImage } from '../support/scratch-image.ts'
import { type Case, describe, runCase, type Unrepaired } from './chaos.ts'
import { withScene } from './scene.ts'

/** Carries cases out one after the other; a case that could not be repaired is followed by a fresh project. */
export async function runCases(engine: Engine, cases: Case[], log: (line: string) => void): Promise<Unrepaired[]> {
  await ensureScratchImage(engine)
  const waiting = [...cases]
  const failures: Unrepaired[] = []
  while (waiting.length > 0) {
    await withScene(engine, async (scene) => {
      for (let each = waiting.shift(); each; each = waiting.shift()) {
        const began = performance.now()
        const failure = await runCase(scene, each)
        log(`${failure ? 'NOT REPAIRED' : 'repaired'}  ${describe(each)}  ${Math.round(performance.now() - began)} ms`)
        if (!failure) continue
        for (const problem of failure.problems) log(`    ${problem}`)
        failures.push(failure)
        return
      }
    })
  }
  return failures
}
