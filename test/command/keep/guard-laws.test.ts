import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { isAlive } from '../../support/memory/lifecycle.ts'
import { type Guarding, type GuardScene, guardScene, placeOf } from './guard-scene.ts'

/** Every kind of service: tested, waited for, several, restarted by the engine, living in the namespaces of that, done after a while. */
const STACK = {
  name: 'lab',
  services: {
    db: { image: 'db:1', healthcheck: { test: ['CMD', 'true'], interval: '1s' } },
    web: { image: 'app:1', depends_on: { db: { condition: 'service_healthy' } } },
    app: { image: 'app:1', scale: 2, depends_on: { job: { condition: 'service_completed_successfully' } } },
    ever: { image: 'app:1', restart: 'always' },
    guest: { image: 'app:1', network_mode: 'service:ever' },
    job: { image: 'job:1' },
  },
}
const SERVICES = ['db', 'web', 'app', 'ever', 'guest'] as const
const PLACES = ['db/1', 'web/1', 'app/1', 'app/2', 'ever/1', 'guest/1'] as const
const NEEDS: Readonly<Record<string, string[]>> = { web: ['db'], guest: ['ever'] }
/** They are started along with a restart, even if they were stopped. */
const FOLLOWERS: Readonly<Record<string, string[]>> = { ever: ['guest'] }

type Op =
  | {
      kind: 'crash' | 'docker stop' | 'docker kill' | 'docker rm -f' | 'docker start' | 'docker restart'
      place: (typeof PLACES)[number]
    }
  | { kind: 'stop' | 'start' | 'restart' | 'kill' | 'rm'; service: (typeof SERVICES)[number] }
  | { kind: 'scale'; count: number }
  | { kind: 'up' | 'down' | 'cut' | 'other guard' }
  | { kind: 'engine'; away: number }

const places = fc.constantFrom(...PLACES)
const services = fc.constantFrom(...SERVICES)
const ops: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash', 'docker stop', 'docker kill', 'docker rm -f', 'docker start', 'docker restart'),
      place: places,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('stop', 'start', 'restart', 'kill', 'rm'), service: services }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('up', 'down', 'cut', 'other guard') }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('engine' as const), away: fc.integer({ min: 1, max: 600_000 }) }),
  },
)
const schedules = fc.array(fc.tuple(ops, fc.constantFrom(0, 40, 300, 3_000, 90_000)), { maxLength: 12 })

/** What is wanted, kept beside: by place. */
type Model = Set<string>

const placesOf = (service: string) => PLACES.filter((place) => place.startsWith(`${service}/`))

class Run {
  readonly wanted: Model = new Set(PLACES)
  guarding: Guarding | undefined

  constructor(readonly scene: GuardScene) {}

  async do(op: Op): Promise<void> {
    const { scene, wanted } = this
    switch (op.kind) {
      case 'crash':
        if (this.isRunning(op.place)) scene.crash(nameAt(op.place))
        return
      case 'docker stop':
        return this.byHand(op.place, (id) => scene.engine.behindTheBack.stopContainer(id, {}))
      case 'docker kill':
        return this.byHand(op.place, (id) => scene.engine.behindTheBack.killContainer(id, 'KILL'))
      case 'docker rm -f':
        if (this.isRunning(op.place))
          await scene.engine.behindTheBack.removeContainer(scene.at(nameAt(op.place)).id, {
            force: true,
            volumes: false,
          })
        return
      case 'docker start': {
        const found = scene.find(nameAt(op.place))
        if (!found || found.state === 'restarting') return
        // Refused where its namespaces are those of a container that does not run.
        return scene.engine.behindTheBack.startContainer(found.id).then(
          () => void wanted.add(op.place),
          () => undefined,
        )
      }
      case 'docker restart':
        return this.restartByHand(op.place)
      case 'stop':
      case 'kill':
        for (const place of this.known(op.service)) wanted.delete(place)
        return this.flotilla(op.kind, op.service)
      case 'start':
      case 'restart':
        return this.startAgain(op.kind, op.service)
      case 'rm':
        return this.remove(op.service)
      case 'scale':
        for (const place of [...wanted]) if (place.startsWith('app/')) wanted.delete(place)
        for (let number = 1; number <= op.count; number++) wanted.add(`app/${number}`)
        return this.flotilla('scale', `app=${op.count}`)
      case 'up':
        wanted.clear()
        for (const place of PLACES) wanted.add(place)
        return this.flotilla('up', '-d')
      case 'down':
        wanted.clear()
        return this.flotilla('down')
      case 'cut':
        return scene.cut()
      case 'other guard':
        await this.guarding?.end()
        this.guarding = await scene.guard()
        return
      case 'engine':
        // What is stopped by hand just before an engine ends cannot be distinguished from what the engine stops.
        await scene.elapse(20_000)
        await scene.endEngine()
        await scene.elapse(op.away)
        return scene.beginEngine()
    }
  }

  isRunning(place: string): boolean {
    return this.scene.find(nameAt(place))?.state === 'running'
  }

  known(service: string): string[] {
    return [...new Set([...placesOf(service), ...this.wanted])].filter((place) => place.startsWith(`${service}/`))
  }

  async byHand(place: string, act: (id: string) => Promise<void>): Promise<void> {
    if (!this.isRunning(place)) return
    this.wanted.delete(place)
    await act(this.scene.at(nameAt(place)).id)
  }

  async restartByHand(place: string): Promise<void> {
    if (!this.isRunning(place)) return
    const { stopContainer, startContainer } = this.scene.engine.behindTheBack
    const { id } = this.scene.at(nameAt(place))
    await stopContainer(id, {})
    await startContainer(id).catch(() => this.wanted.delete(place))
  }

  /** Only what is there can be started; what it needs is started along. */
  async startAgain(kind: 'start' | 'restart', service: string): Promise<void> {
    if (kind === 'restart' && service === 'guest' && !this.isRunning('ever/1')) return
    const all = kind === 'start' ? [service, ...(NEEDS[service] ?? [])] : [service]
    if (all.some((each) => !this.scene.find(`${each}-1`))) return
    const followers = kind === 'restart' ? (FOLLOWERS[service] ?? []) : []
    await this.flotilla(kind, service)
    for (const each of [...all, ...followers])
      for (const { spec, name } of this.scene.engine.world.containers.values())
        if (spec.Labels?.['com.docker.compose.service'] === each)
          this.wanted.add(placeOf(this.scene.at(name.slice('lab-'.length))))
  }

  /** What is not there afterwards is not wanted any more; what runs stays. */
  async remove(service: string): Promise<void> {
    const before = [...this.scene.engine.world.containers.values()].filter((each) => !isAlive(each)).map(placeOf)
    await this.flotilla('rm', '-f', service)
    const after = new Set([...this.scene.engine.world.containers.values()].map(placeOf))
    for (const place of before) if (place.startsWith(`${service}/`) && !after.has(place)) this.wanted.delete(place)
  }

  async flotilla(...argv: string[]): Promise<void> {
    await this.scene.run(...argv)
  }
}

/** What lives in the namespaces of another was started after it, in its present container. */
function assertJoined(scene: GuardScene, reported: string): void {
  const [host, guest] = ['ever-1', 'guest-1'].map(scene.find)
  if (host?.state !== 'running' || guest?.state !== 'running') return
  assert.is(guest.spec.Labels?.[OURS.shares], host.id, reported)
  assert.ok((guest.startedAt ?? 0) >= (host.startedAt ?? 0), reported)
}

function nameAt(place: string): string {
  return place.replace('/', '-')
}

test('once all is quiet, exactly what is wanted runs, and nothing is asked any more', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const scene = guardScene(STACK)
      const run = new Run(scene)
      try {
        await scene.must('up', '-d')
        run.guarding = await scene.guard()
        for (const [op, pause] of schedule) {
          await run.do(op)
          if (pause > 0) await scene.elapse(pause)
        }
        await scene.elapse(600_000)
        scene.engine.calls.length = 0
        await scene.elapse(3_600_000)
        assert.equal(scene.engine.calls, [], 'calls while nothing happens')
        const reported = await run.guarding.end()
        const running = [...scene.engine.world.containers.values()].filter(isAlive).map(placeOf)
        // Without its host, a guest neither has to end nor can be started.
        const counts = (place: string) => place !== 'guest/1' || run.wanted.has('ever/1')
        assert.equal(running.filter(counts).sort(), [...run.wanted].filter(counts).sort(), reported)
        assertJoined(scene, reported)
      } finally {
        scene.remove()
      }
    }),
    {
      includeErrorInReport: true,
      numRuns: Number(process.env.RUNS ?? 25),
      ...(process.env.SEED && { seed: Number(process.env.SEED) }),
    },
  )
})

test.run()
