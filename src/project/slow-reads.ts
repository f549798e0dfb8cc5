import type { Backend } from '../backend/backend.ts'
import type { Reader } from '../backend/reader.ts'
import { answered } from '../execute/slow-call.ts'
import type { Clock } from '../execute/step-context.ts'

export interface Listener {
  signal: AbortSignal
  clock: Clock
  say(text: string): void
}

/** A backend whose silence is told when it is asked for the state of things. Steps tell of their own. */
export function attentive<O, A>(backend: Backend<O, A>, listener: Listener): Backend<O, A> {
  return {
    ...backend,
    observe: (...args) => told(backend.observe(...args), listener),
    startObserve(signal) {
      const pending = backend.startObserve(signal)
      return (...args) => told(pending(...args), listener)
    },
    reader: attentiveReader(backend.reader, listener),
  }
}

export function attentiveReader(reader: Reader, listener: Listener): Reader {
  return {
    ...reader,
    list: (...args) => told(reader.list(...args), listener),
    changes: (...args) => told(reader.changes(...args), listener),
    environment: (...args) => told(reader.environment(...args), listener),
  }
}

function told<T>(asked: Promise<T>, { say, ...listener }: Listener): Promise<T> {
  return answered(asked, { ...listener, progress: (text) => say(`Waiting: ${text}`) })
}
