import type { BuildOptions } from '../../port.ts'
import type { BuildProgress } from './progress.ts'
import { type Fields, flag, messages, readFields, text } from './protobuf.ts'

/** A step of the build's graph, as BuildKit calls it. */
interface Vertex {
  name: string
  started: boolean
  completed: boolean
  error: string
  lastLine: string
}

// Field numbers of moby.buildkit.v1.StatusResponse, Vertex and VertexLog:
// https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
const STATUS = { vertexes: 1, logs: 3 }
const VERTEX = { digest: 1, name: 3, cached: 4, started: 5, completed: 6, error: 7 }
const LOG = { vertex: 1, msg: 4 }

/** Follows `moby.buildkit.trace` messages, base64 of a StatusResponse, and reports the newest step. */
export function buildkitProgress(options: Pick<BuildOptions, 'onProgress' | 'onOutput'>): BuildProgress {
  const vertexes = new Map<string, Vertex>()
  const report = (vertex: Vertex) => {
    const done = [...vertexes.values()].filter((each) => each.completed).length
    const words = vertex.lastLine ? `${vertex.name}: ${vertex.lastLine}` : vertex.name
    options.onProgress(words, done, vertexes.size)
  }
  return {
    add({ id, aux }) {
      if (id !== 'moby.buildkit.trace' || typeof aux !== 'string') return
      const status = readFields(Buffer.from(aux, 'base64'))
      const changed = messages(status, STATUS.vertexes).map((fields) => update(vertexes, fields, options.onOutput))
      const told = messages(status, STATUS.logs).map((fields) => addLog(vertexes, fields, options.onOutput))
      const newest = told.at(-1) ?? changed.findLast((vertex) => !vertex.completed) ?? changed.at(-1)
      if (newest?.started) report(newest)
    },
    failure(sentence) {
      const failed = [...vertexes.values()].find((vertex) => vertex.error && !/\bcancel/.test(vertex.error))
      return failed ? `${failed.name}: ${failed.error}` : sentence
    },
  }
}

/** The builder reports a step again whenever it changes. */
function update(vertexes: Map<string, Vertex>, fields: Fields, onOutput: (line: string) => void): Vertex {
  const digest = text(fields, VERTEX.digest)
  const before = vertexes.get(digest)
  const after: Vertex = {
    name: text(fields, VERTEX.name),
    started: fields.has(VERTEX.started),
    completed: fields.has(VERTEX.completed),
    error: text(fields, VERTEX.error),
    lastLine: before?.lastLine ?? '',
  }
  vertexes.set(digest, after)
  if (after.started && !before?.started) onOutput(flag(fields, VERTEX.cached) ? `${after.name} (cached)` : after.name)
  return after
}

/** A piece of output may hold several lines, or none but blanks. */
function addLog(vertexes: Map<string, Vertex>, fields: Fields, onOutput: (line: string) => void): Vertex | undefined {
  const vertex = vertexes.get(text(fields, LOG.vertex))
  const lines = text(fields, LOG.msg)
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '')
  for (const line of lines) onOutput(line)
  if (vertex) vertex.lastLine = lines.at(-1)?.trim() ?? vertex.lastLine
  return vertex
}
