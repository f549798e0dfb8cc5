import type { BuildOptions } from '../../port.ts'
import { type Fields, flag, messages, number, readFields, text } from './grpc/protobuf.ts'
import { type BuildProgress, LOG_LINES } from './progress.ts'

/** A step of the build's graph, as BuildKit calls it. */
interface Vertex {
  /** Counts from 1 in the order in which steps start; 0 before the step starts. */
  number: number
  name: string
  started: boolean
  completed: boolean
  error: string
  /** The last lines of its output, then the unfinished line. */
  lines: string[]
  pending: string
}

// Field numbers of moby.buildkit.v1.StatusResponse, Vertex and VertexLog:
// https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
const STATUS = { vertexes: 1, logs: 3 }
const VERTEX = { digest: 1, name: 3, cached: 4, started: 5, completed: 6, error: 7 }
const LOG = { vertex: 1, msg: 4 }
const TIME = { seconds: 1, nanos: 2 }

/** Follows a build by its messages of POST /build, or by those of BuildKit itself. */
export interface StatusProgress extends BuildProgress {
  /** A StatusResponse. */
  addStatus(bytes: Uint8Array): void
}

type Options = Pick<BuildOptions, 'onProgress' | 'onOutput'>

/**
 * Follows `moby.buildkit.trace` messages (base64 of a StatusResponse). Reports the newest step, and those that run now, as progress. Reports each step, each
 * complete line that it prints, and its end as output, prefixed with the step's number: `#5 [2/3] RUN make`.
 */
export function buildkitProgress(options: Options): StatusProgress {
  const vertexes = new Map<string, Vertex>()
  const report = (vertex: Vertex) => {
    const done = [...vertexes.values()].filter((each) => each.completed).length
    const running = [...vertexes.values()].filter(({ started, completed }) => started && !completed)
    options.onProgress(newsOf(vertex), done, vertexes.size, running.map(newsOf))
  }
  const addStatus = (bytes: Uint8Array) => {
    const status = readFields(bytes)
    const changed = messages(status, STATUS.vertexes).map((fields) => update(vertexes, fields, options))
    const heard = messages(status, STATUS.logs).map((fields) => addLog(vertexes, fields, options))
    for (const [vertex, fields] of changed) tellEnd(vertex, fields, options)
    const newest = heard.at(-1) ?? (changed.findLast(([{ completed }]) => !completed) ?? changed.at(-1))?.[0]
    if (newest?.started) report(newest)
  }
  return {
    add({ id, aux }) {
      if (id === 'moby.buildkit.trace' && typeof aux === 'string') addStatus(Buffer.from(aux, 'base64'))
    },
    addStatus,
    failure(sentence) {
      const failed = [...vertexes.values()].find((vertex) => vertex.error && !/\bcancel/.test(vertex.error))
      if (!failed) return { sentence, log: [] }
      const log = failed.pending.trim() === '' ? failed.lines : [...failed.lines, failed.pending]
      return { sentence: `${failed.name}: ${reasonOf(failed)}`, step: instructionOf(failed.name), log }
    },
  }
}

/** The builder's message repeats the command, which the step's name already contains. */
function reasonOf({ error }: Vertex): string {
  return /exit code: \d+$/.exec(error)?.[0] ?? error
}

/** `[2/3] RUN make`, or the step's newest output line in place of the instruction: `[2/3] compiling`. */
function newsOf({ name, lines }: Vertex): string {
  const line = lines.at(-1)?.trim()
  return line ? [markOf(name), line].filter(Boolean).join(' ') : name
}

function markOf(name: string): string {
  return /^\[[^\]]*\]/.exec(name)?.[0] ?? ''
}

function instructionOf(name: string): string {
  return name.slice(markOf(name).length).trim()
}

/** The builder reports a step again whenever it changes. */
function update(vertexes: Map<string, Vertex>, fields: Fields, { onOutput }: Options): [Vertex, Fields] {
  const digest = text(fields, VERTEX.digest)
  const known = vertexes.get(digest)
  const vertex = known ?? { number: 0, name: '', started: false, completed: false, error: '', lines: [], pending: '' }
  if (!known) vertexes.set(digest, vertex)
  vertex.name = text(fields, VERTEX.name)
  vertex.error = text(fields, VERTEX.error)
  if (fields.has(VERTEX.started) && !vertex.started) {
    vertex.started = true
    vertex.number = [...vertexes.values()].filter(({ started }) => started).length
    onOutput(`#${vertex.number} ${vertex.name}`)
  }
  return [vertex, fields]
}

/** Called after the output is added: one message may bring both. */
function tellEnd(vertex: Vertex, fields: Fields, { onOutput }: Options): void {
  if (!fields.has(VERTEX.completed) || vertex.completed || !vertex.started) return
  vertex.completed = true
  if (vertex.pending !== '') addLines(vertex, [vertex.pending], onOutput)
  vertex.pending = ''
  onOutput(`#${vertex.number} ${endOf(vertex, fields)}`)
}

function endOf(vertex: Vertex, fields: Fields): string {
  if (vertex.error) return /\bcancel/.test(vertex.error) ? 'CANCELED' : `ERROR: ${reasonOf(vertex)}`
  if (flag(fields, VERTEX.cached)) return 'CACHED'
  const seconds = secondsAt(fields, VERTEX.completed) - secondsAt(fields, VERTEX.started)
  return `DONE ${Math.max(0, seconds).toFixed(1)}s`
}

function secondsAt(fields: Fields, field: number): number {
  const [time] = messages(fields, field)
  return time ? number(time, TIME.seconds) + number(time, TIME.nanos) / 1e9 : 0
}

/** A line may arrive in several pieces. Text that a carriage return overwrites is dropped. */
function addLog(vertexes: Map<string, Vertex>, fields: Fields, { onOutput }: Options): Vertex | undefined {
  const vertex = vertexes.get(text(fields, LOG.vertex))
  if (!vertex) return undefined
  const parts = (vertex.pending + text(fields, LOG.msg)).split(/\r*\n/)
  vertex.pending = (parts.pop() ?? '').slice(-LONGEST_LINE)
  addLines(vertex, parts, onOutput)
  return vertex
}

/** In characters; longer lines are cut. */
const LONGEST_LINE = 16_384

function addLines(vertex: Vertex, lines: readonly string[], onOutput: Options['onOutput']): void {
  for (const line of lines) {
    const shown = line.slice(line.trimEnd().lastIndexOf('\r') + 1)
    if (shown.trim() === '') continue
    onOutput(`#${vertex.number} ${shown}`)
    vertex.lines.push(shown)
    if (vertex.lines.length > LOG_LINES) vertex.lines.shift()
  }
}
