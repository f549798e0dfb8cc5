import { engineContract, type Subject } from '../../docker/engine-contract.ts'
import { liveEngine } from '../../support/live.ts'
import { ensureDeclaringImage, ensureScratchImage } from '../../support/scratch-image.ts'

const EVERY_100_MS = { Interval: 100_000_000, Timeout: 5_000_000_000 }

/** Ends as soon as it is asked to: a shell alone would not hear it as the first process. */
const WAIT = 'trap "exit 143" TERM; sleep 1000 & wait'

const live = await liveEngine()
if ('skip' in live) console.log(`skipped: ${live.skip}`)
engineContract('real engine', 'engine' in live ? await subject(live.engine) : undefined).run()

async function subject(engine: Subject['engine']): Promise<Subject> {
  const Image = await ensureScratchImage(engine)
  const shell = (script: string) => ({ Image, Cmd: ['sh', '-c', script] })
  return {
    engine,
    runs: shell(WAIT),
    fails: shell('exit 3'),
    missing: { Image, Cmd: ['nothing'] },
    getsHealthy: {
      ...shell(`(sleep 0.3; touch /ready) & ${WAIT}`),
      Healthcheck: { Test: ['CMD', 'test', '-f', '/ready'], Retries: 100, ...EVERY_100_MS },
    },
    staysUnhealthy: { ...shell(WAIT), Healthcheck: { Test: ['CMD', 'false'], Retries: 2, ...EVERY_100_MS } },
    prints: shell('echo out 1; echo err 1 >&2; echo out 2'),
    declares: { Image: await ensureDeclaringImage(engine), Cmd: ['sh', '-c', WAIT] },
  }
}
