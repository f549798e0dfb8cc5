import { memoryEngine } from '../support/memory-engine.ts'
import { engineContract } from './engine-contract.ts'

const EVERY_100_MS = { Interval: 100_000_000, Timeout: 1_000_000_000 }

for (const apiVersion of ['1.41', '1.47']) {
  const engine = memoryEngine({
    apiVersion,
    images: {
      'runs:1': {},
      'fails:1': { exits: { after: 0, code: 3 } },
      'missing:1': { startFails: 'exec: "nothing": executable file not found in $PATH' },
      'healthy:1': { passesAfter: 300 },
      'unhealthy:1': { passesAfter: Number.POSITIVE_INFINITY },
      'prints:1': {
        log: [
          { after: 0, text: 'out 1' },
          { after: 5, text: 'err 1', stream: 'stderr' },
          { after: 10, text: 'out 2' },
        ],
        exits: { after: 20, code: 0 },
      },
      'declares:1': { env: ['IMAGE=1'], volumes: ['/data'], exposedPorts: ['80/tcp'] },
    },
    build: ({ dockerfileInline }) => (dockerfileInline?.includes('exit 7') ? new Error('RUN exit 7: exit code 7') : {}),
  })
  engineContract(`memory engine, API ${apiVersion}`, {
    engine,
    runs: { Image: 'runs:1' },
    fails: { Image: 'fails:1' },
    missing: { Image: 'missing:1' },
    getsHealthy: { Image: 'healthy:1', Healthcheck: { Test: ['CMD', 'ready'], Retries: 100, ...EVERY_100_MS } },
    staysUnhealthy: { Image: 'unhealthy:1', Healthcheck: { Test: ['CMD', 'ready'], Retries: 2, ...EVERY_100_MS } },
    prints: { Image: 'prints:1' },
    declares: { Image: 'declares:1' },
  }).run()
}
