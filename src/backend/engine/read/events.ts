import type { Engine, EngineEvent } from '../../../docker/port.ts'
import { COMPOSE, isOfTools } from '../../docker/labels.ts'
import type { Change, EventReader, Occurrence, PastChange } from '../../read/events.ts'

export function eventReader(engine: Engine): Required<EventReader> {
  return {
    async changes(project, signal) {
      const events = await engine.events({ types: ['container'], labels: [`${COMPOSE.project}=${project}`] }, signal)
      return toChanges(events)
    },
    async occurrences(project, options, signal) {
      const labels = [`${COMPOSE.project}=${project}`]
      return toOccurrences(await engine.events({ types: ['container'], labels, ...options }, signal))
    },
    remembered: (project, until, signal) => remembered(engine, project, until, signal),
  }
}

async function remembered(engine: Engine, project: string, until: number, signal: AbortSignal): Promise<PastChange[]> {
  const labels = [`${COMPOSE.project}=${project}`]
  const past = { since: 1, until: until / 1000 }
  const found: PastChange[] = []
  for await (const event of await engine.events({ types: ['container'], labels, past }, signal)) {
    const change = toChange(event)
    if (change) found.push({ ...change, at: Number(event.timeNano / 1_000_000n) })
  }
  return found
}

async function* toChanges(events: AsyncIterable<EngineEvent>): AsyncIterable<Change> {
  for await (const event of events) {
    const change = toChange(event)
    if (change) yield change
  }
}

async function* toOccurrences(events: AsyncIterable<EngineEvent>): AsyncIterable<Occurrence> {
  for await (const { timeNano: time, action, id, attributes } of events) {
    const own = Object.entries(attributes).filter(([name]) => !isOfTools(name))
    yield { time, action, id, ...whose(attributes), attributes: Object.fromEntries(own) }
  }
}

function whose(attributes: EngineEvent['attributes']): { service: string; oneoff: boolean } {
  return {
    service: attributes[COMPOSE.service] ?? '',
    oneoff: attributes[COMPOSE.oneoff]?.toLowerCase() === 'true',
  }
}

const ACTIONS = new Set(['start', 'die', 'destroy', 'create', 'stop', 'kill', 'oom'])

function toChange({ action, id, attributes }: EngineEvent): Change | undefined {
  const common = {
    id,
    ...whose(attributes),
    number: Number(attributes[COMPOSE.number] ?? 0),
  }
  const health = /^health_status: (healthy|unhealthy|starting)$/.exec(action)?.[1]
  if (health) return { ...common, action: 'health', health: health as 'healthy' | 'unhealthy' | 'starting' }
  if (!ACTIONS.has(action)) return undefined
  const { exitCode, signal, name } = attributes
  return {
    ...common,
    ...(name !== undefined && { name }),
    action: action as Change['action'],
    ...(exitCode !== undefined && { exitCode: Number(exitCode) }),
    ...(signal !== undefined && { signal }),
  }
}
