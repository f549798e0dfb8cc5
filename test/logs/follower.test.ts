import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE, OURS } from '../../src/backend/docker/labels.ts'
import { engineReader } from '../../src/backend/engine/read/reader.ts'
import { EngineError } from '../../src/docker/port.ts'
import { following } from '../../src/logs/follow.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import type { StoredContainer } from '../support/memory/world.ts'
import { rfc3339 } from '../support/memory/world.ts'
import { type MemoryEngine, memoryEngine } from '../support/memory-engine.ts'

// Following what others do to containers meanwhile, on the in-memory engine and its clock.

type Deed = 'stop' | 'start' | 'kill' | 'recreate' | 'drop'

interface Happening {
  /** Milliseconds since the happening before. */
  after: number
  /** Which service it is about. */
  service: number
  deed: Deed
}

interface Story {
  fixtures: ImageFixture[]
  restart: string[]
  happenings: Happening[]
}

const line = fc.record({
  after: fc.nat(8).map((step) => step * 25),
  text: fc.constantFrom('a', 'b', 'c'),
  stream: fc.constantFrom('stdout' as const, 'stderr' as const),
})
const fixture = fc.record({
  log: fc.array(line, { maxLength: 6 }).map((lines) => lines.sort((a, b) => a.after - b.after)),
  exits: fc.record({ after: fc.integer({ min: 1, max: 20 }).map((step) => step * 25), code: fc.nat(2) }),
})
const happening: fc.Arbitrary<Happening> = fc.record({
  after: fc.nat(6).map((step) => step * 50),
  service: fc.nat(2),
  deed: fc.constantFrom<Deed[]>('stop', 'start', 'kill', 'recreate', 'drop'),
})
const stories: fc.Arbitrary<Story> = fc.record({
  fixtures: fc.array(fixture, { minLength: 3, maxLength: 3 }),
  restart: fc.array(fc.constantFrom('no', 'on-failure'), { minLength: 3, maxLength: 3 }),
  happenings: fc.array(happening, { maxLength: 8 }),
})

interface Reported {
  id: string
  time: string
  text: string
}

class Stage {
  readonly engine: MemoryEngine
  readonly reported: Reported[] = []
  readonly ends: { id: string; code: number | undefined }[] = []
  /** Ids of containers that were said to be started again, each time; said not to be after all; and that the engine did start again. */
  readonly promised: string[] = []
  readonly takenBack: string[] = []
  readonly kept: string[] = []
  /** Every container that there ever was. */
  readonly cast = new Set<StoredContainer>()
  readonly deaths: string[] = []
  readonly #current: string[] = []

  constructor(private readonly story: Story) {
    const images = Object.fromEntries(story.fixtures.map((each, index) => [`s${index}:1`, each]))
    this.engine = memoryEngine({ images })
    this.engine.world.listeners.add(({ action, id }) => {
      if (action === 'die') this.deaths.push(id)
      if (action === 'start' && (this.engine.world.containers.get(id)?.restartCount ?? 0) > 0) this.kept.push(id)
    })
  }

  async begin(): Promise<void> {
    for (const index of this.story.fixtures.keys()) await this.create(index)
    for (const id of this.#current) await this.engine.behindTheBack.startContainer(id)
  }

  async act(): Promise<void> {
    const { clock } = this.engine
    for (const { after, service, deed } of this.story.happenings) {
      await clock.sleep(after)
      await this.#do(deed, service)
    }
    await clock.sleep(60_000)
  }

  async create(index: number, replaces?: string): Promise<string> {
    const { behindTheBack: engine, world } = this.engine
    const labels = {
      [COMPOSE.project]: 'p',
      [COMPOSE.service]: `s${index}`,
      [COMPOSE.number]: '1',
      ...(replaces !== undefined && { [OURS.replaces]: replaces }),
    }
    const RestartPolicy = { Name: this.story.restart[index] ?? 'no', MaximumRetryCount: 2 }
    const spec = { Image: `s${index}:1`, Labels: labels, HostConfig: { RestartPolicy } }
    const { id } = await engine.createContainer(`p-s${index}-${world.sequence}`, spec as never)
    this.#current[index] = id
    const stored = world.containers.get(id)
    if (stored) this.cast.add(stored)
    return id
  }

  async #do(deed: Deed, index: number): Promise<void> {
    const { behindTheBack: engine, world } = this.engine
    const id = this.#current[index] ?? ''
    if (deed === 'start') await engine.startContainer(id)
    if (deed === 'stop') await engine.stopContainer(id, { grace: 0 })
    if (deed === 'kill' && world.containers.get(id)?.state === 'running') await engine.killContainer(id, 'KILL')
    if (deed === 'recreate') {
      const next = await this.create(index, id)
      await engine.stopContainer(id, { grace: 0 })
      await engine.startContainer(next)
    }
    if (deed === 'drop') this.broken = true
  }

  /** The next event finds the subscription gone. */
  broken = false

  async follow(): Promise<void> {
    const { clock } = this.engine
    const late = clock.sleep(300_000).then(() => {
      throw new Error('following does not end')
    })
    await Promise.race([this.#follow(), late])
  }

  async #follow(): Promise<void> {
    const whole = engineReader(this.engine)
    const stage = this
    const reader: typeof whole = {
      ...whole,
      async changes(project, signal) {
        return breaking(await whole.changes(project, signal), stage)
      },
    }
    await following(
      reader,
      {
        project: 'p',
        services: undefined,
        from: () => ({}),
        isNews: () => true,
        onLine: ({ id }, { time = '', text }) => this.reported.push({ id, time, text }),
        onExit: ({ id }, { code, restarting }) => {
          this.ends.push({ id, code })
          if (restarting) this.promised.push(id)
        },
        onGivenUp: ({ id }) => this.takenBack.push(id),
        clock: this.engine.clock,
      },
      new AbortController().signal,
    ).ended
  }

  /** What there was to tell, up to when following ended. */
  written(until: number): Reported[] {
    return [...this.cast].flatMap(({ id, log }) =>
      log.filter(({ at }) => at <= until).map(({ at, text }) => ({ id, time: rfc3339(at), text })),
    )
  }
}

async function* breaking<T>(events: AsyncIterable<T>, stage: Stage): AsyncGenerator<T> {
  for await (const event of events) {
    if (stage.broken) {
      stage.broken = false
      throw new EngineError('socket hang up')
    }
    yield event
  }
}

/** Looks at the stage once a story was followed to its end. */
async function followed(story: ConstructorParameters<typeof Stage>[0], look: (stage: Stage) => void): Promise<void> {
  const stage = new Stage(story)
  await stage.begin()
  const acting = stage.act()
  await stage.follow()
  look(stage)
  await acting
}

const keyOf = ({ id, time, text }: Reported) => `${id.slice(0, 8)} ${time} ${text}`

test('no line is lost and none is printed twice, through stops, restarts, replacements and lost subscriptions', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      await followed(story, (stage) => {
        const until = stage.engine.clock.now()
        assert.equal(stage.reported.map(keyOf).sort(), stage.written(until).map(keyOf).sort())
      })
    }),
    { numRuns: 100 },
  )
})

const QUIET = stories.map((story) => ({
  ...story,
  happenings: story.happenings.filter(({ deed }) => deed !== 'drop'),
}))

test('lines of different containers come in order of time, and each end once, after its lines', async () => {
  await fc.assert(
    fc.asyncProperty(QUIET, async (story) => {
      await followed(story, (stage) => {
        const times = stage.reported.map(({ time }) => time)
        assert.equal(times, [...times].sort())
        assert.equal(stage.ends.map(({ id }) => id).sort(), [...stage.deaths].sort())
      })
    }),
    { numRuns: 100 },
  )
})

test('an announced restart happens, or the announcement is withdrawn', async () => {
  let takenBack = 0
  let kept = 0
  await fc.assert(
    fc.asyncProperty(QUIET, async (story) => {
      await followed(story, (stage) => {
        assert.equal(stage.promised.sort(), [...stage.kept, ...stage.takenBack].sort())
        takenBack += stage.takenBack.length
        kept += stage.kept.length
      })
    }),
    { numRuns: 200 },
  )
  assert.ok(kept > 0 && takenBack > 0, `${kept} kept, ${takenBack} taken back: the stories hold both`)
})

test.run()
