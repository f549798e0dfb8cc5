import { setTimeout } from 'node:timers/promises'
import type { Engine, EngineEvent } from '../../../../docker/port.ts'
import { COMPOSE } from '../../../docker/labels.ts'

/** A listener for events of a container. */
export interface Watch {
  /** Resolves once the subscription stands: what happens from then on is not missed. Call the result to leave. */
  listen(id: string, onNews: () => void): Promise<() => void>
}

/** Between the end of a stream and the next try. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

interface Stream {
  stands: Promise<void>
  stop: AbortController
}

/**
 * One subscription to the engine's events, shared by all waits of a run: opened for the first, closed after the last. Events only
 * say that it is time to look again; what they say is never taken for the state. A broken stream is reopened, and every listener looks.
 */
export function watchContainers(engine: Engine, project: string): Watch {
  const listeners = new Set<{ id: string; onNews: () => void }>()
  let stream: Stream | undefined

  const tell = (id?: string) => {
    for (const listener of listeners) if (id === undefined || listener.id === id) listener.onNews()
  }
  const open = (failures = 0): Stream => {
    const stop = new AbortController()
    const subscribed = engine.events({ types: ['container'], labels: [`${COMPOSE.project}=${project}`] }, stop.signal)
    const opened: Stream = { stands: subscribed.then(() => undefined), stop }
    // A stream without any event may never have one: it is reopened less and less often.
    let tries = failures + 1
    const heard = (id: string) => {
      tries = 0
      tell(id)
    }
    const again = () => void reopen(opened, tries)
    subscribed.then((events) => pump(events, heard)).then(again, again)
    return opened
  }
  const reopen = async (ended: Stream, failures: number) => {
    const pause = FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1)
    await setTimeout(Math.min(LONGEST_PAUSE_MS, pause), undefined, { ref: false })
    if (stream !== ended || listeners.size === 0) return
    stream = open(failures)
    await stream.stands.catch(() => undefined)
    tell()
  }
  const leave = (listener: { id: string; onNews: () => void }) => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stream?.stop.abort()
    stream = undefined
  }
  return {
    async listen(id, onNews) {
      const listener = { id, onNews }
      listeners.add(listener)
      stream ??= open()
      await stream.stands.catch((thrown) => {
        leave(listener)
        throw thrown
      })
      return () => leave(listener)
    },
  }
}

/** Probes are events too, three each: only what can change a verdict is news. */
const NEWS = /^(start|restart|die|oom|destroy|pause|unpause|health_status)/

async function pump(events: AsyncIterable<EngineEvent>, tell: (id: string) => void): Promise<void> {
  for await (const event of events) if (NEWS.test(event.action)) tell(event.id)
}
