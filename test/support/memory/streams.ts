import type {
  EngineEvent,
  EngineLogLine,
  EngineLogOptions,
  EventFilter,
  ExecCalls,
  StreamCalls,
} from '../../../src/docker/port.ts'
import { answerTo } from './fixture.ts'
import { containerOf, matchesLabels } from './lookup.ts'
import { type Queue, queue } from './queue.ts'
import { refuse, rfc3339, type StoredContainer, type World, wallTime } from './world.ts'

/** No image has it. */
export const NO_PROGRAM = 'nothing'
export const NOT_RUN = `OCI runtime exec failed: exec: "${NO_PROGRAM}": executable file not found in $PATH: unknown`

export function streamCalls(world: World): StreamCalls & Pick<ExecCalls, 'exec'> {
  return {
    async events(filter, signal) {
      signal.throwIfAborted()
      if (filter.past) return remembered(world, filter, filter.past)
      if (filter.since !== undefined || filter.until !== undefined) return windowOf(world, filter, signal)
      return listen(world, signal, (event) => isWanted(event, filter))
    },
    logs: (id, options, signal) => readLogs(world, id, options, signal),
    async exec(id, spec, signal, onOutput) {
      signal.throwIfAborted()
      const { image, spec: own, state, startedAt = 0, id: fullId, files } = containerOf(world, id)
      if (state !== 'running') refuse(409, `Container ${fullId} is not running`)
      if (spec.cmd[0] === NO_PROGRAM) refuse(400, NOT_RUN)
      const content = spec.cmd[0] === 'cat' && files.get(spec.cmd[1] ?? '')
      const answer = content
        ? { exitCode: 0, output: Buffer.from(content).toString('utf8') }
        : answerTo(image.fixture, spec, Object.keys(own.ExposedPorts ?? {}), world.clock.now() - startedAt)
      onOutput?.({ stream: 'stdout', payload: Buffer.from(answer.output) })
      return answer
    },
  }
}

async function* remembered(
  { history }: World,
  filter: EventFilter,
  { since, until }: NonNullable<EventFilter['past']>,
): AsyncGenerator<EngineEvent> {
  const secondsOf = ({ timeNano }: EngineEvent) => Number(timeNano) / 1e9
  yield* history.filter((event) => isWanted(event, filter) && secondsOf(event) >= since && secondsOf(event) <= until)
}

/** What is remembered from `since` on, then what comes, to `until`. */
async function* windowOf(world: World, filter: EventFilter, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const until = Number(filter.until ?? Number.POSITIVE_INFINITY)
  const ended = new AbortController()
  const events = listen(world, AbortSignal.any([signal, ended.signal]), (event) => isWanted(event, filter))
  if (filter.since !== undefined) yield* remembered(world, filter, { since: Number(filter.since), until })
  const left = until * 1000 - wallTime(world.clock.now())
  if (left <= 0) return ended.abort()
  if (Number.isFinite(left))
    void world.clock.sleep(left, signal).then(
      () => ended.abort(),
      () => undefined,
    )
  try {
    yield* events
  } catch (thrown) {
    if (!ended.signal.aborted) throw thrown
  }
}

/** From now on. */
function listen(world: World, signal: AbortSignal, wanted: (event: EngineEvent) => boolean): Queue<EngineEvent> {
  const events = queue<EngineEvent>(signal, () => world.listeners.delete(listener))
  const listener = (event: EngineEvent) => {
    if (wanted(event)) events.push(event)
  }
  world.listeners.add(listener)
  return events
}

function isWanted(event: EngineEvent, { types, labels = [] }: EventFilter): boolean {
  return types.includes(event.type) && matchesLabels(labels, event.attributes)
}

async function* readLogs(
  world: World,
  id: string,
  options: EngineLogOptions,
  signal: AbortSignal,
): AsyncGenerator<EngineLogLine> {
  const container = containerOf(world, id)
  const stopped = new AbortController()
  const ends = listen(
    world,
    AbortSignal.any([signal, stopped.signal]),
    (event) => event.id === container.id && event.action === 'die',
  )
  try {
    const soFar = container.log.filter((line) => isWithin(line.at, options, world.clock.now()))
    const shown = options.tail === undefined ? soFar : soFar.slice(Math.max(0, soFar.length - options.tail))
    for (const line of shown) yield lineOf(line, options)
    if (options.follow) yield* followed(world, container, options, signal, ends)
  } finally {
    stopped.abort()
  }
}

/** Line by line as they fall due, until the container ends for good. */
async function* followed(
  world: World,
  container: StoredContainer,
  options: EngineLogOptions,
  signal: AbortSignal,
  ends: Queue<EngineEvent>,
): AsyncGenerator<EngineLogLine> {
  const ended = ends[Symbol.asyncIterator]()
  let from = world.clock.now()
  while (container.state === 'running' || container.state === 'paused') {
    const next = container.log.find(({ at }) => at > from)
    const life = container.life?.signal ?? signal
    const due =
      next && world.clock.sleep(next.at - world.clock.now(), AbortSignal.any([signal, life])).catch(() => undefined)
    await (due ?? ended.next())
    signal.throwIfAborted()
    const now = world.clock.now()
    for (const line of container.log.filter(({ at }) => at > from && at <= now)) yield lineOf(line, options)
    from = now
  }
}

function isWithin(at: number, { since, until }: EngineLogOptions, now: number): boolean {
  const time = wallTime(at) / 1000
  return at <= now && (!since || time >= seconds(since)) && (!until || time <= seconds(until))
}

function seconds(time: string): number {
  return /^[\d.]+$/.test(time) ? Number(time) : Date.parse(time) / 1000
}

function lineOf({ at, stream, text }: StoredContainer['log'][number], { timestamps }: EngineLogOptions): EngineLogLine {
  return { stream, text, ...(timestamps ? { time: rfc3339(at) } : {}) }
}
