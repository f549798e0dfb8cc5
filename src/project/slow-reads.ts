import type { Backend } from '../backend/backend.ts'
import type { Reader } from '../backend/reader.ts'
import { reportSlowCall } from '../execute/slow-call.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Notice } from './notice.ts'

/** The parts of a project that reports need. */
export interface Asking {
  signal: AbortSignal
  clock: Clock
  notify(notice: Notice): Promise<void>
}

/** Wraps a backend so that its silence during observations is reported. Steps report their own. */
export function withSlowNotices<O, A>(backend: Backend<O, A>, project: Asking): Backend<O, A> {
  return {
    ...backend,
    observe: (...args) => reported(backend.observe(...args), project),
    startObserve(signal) {
      const pending = backend.startObserve(signal)
      return (...args) => reported(pending(...args), project)
    },
    reader: withSlowReads(backend.reader, project),
  }
}

export function withSlowReads(reader: Reader, project: Asking): Reader {
  return {
    ...reader,
    list: (...args) => reported(reader.list(...args), project),
    details: (...args) => reported(reader.details(...args), project),
    changes: (...args) => reported(reader.changes(...args), project),
    environment: (...args) => reported(reader.environment(...args), project),
  }
}

function reported<T>(asked: Promise<T>, project: Asking): Promise<T> {
  const { signal, clock } = project
  return reportSlowCall(asked, {
    signal,
    clock,
    progress: (text) => void project.notify({ kind: 'slow-engine', text }),
  })
}
