import { setTimeout } from 'node:timers/promises'
import type { Engine, EngineEvent } from '../../../../docker/port.ts'
import { COMPOSE } from '../../../docker/labels.ts'

/** Notifies of a container's events. */
export interface Watch {
  /** Resolves once the subscription is active: no later event is missed. Call the result to unsubscribe. */
  listen(id: string, onNews: () => void): Promise<() => void>
}

/** The pause between the end of a stream and the first retry. */
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

interface Listener {
  id: string
  onNews: () => void
}

interface Stream {
  stands: Promise<void>
  stop: AbortController
}

export function watchContainers(engine: Engine, project: string): Watch {
  return new ContainerWatch(engine, project)
}

/**
 * One subscription to the engine's events, shared by all waits of a run: opened for the first, closed after the last. An event only
 * triggers a new check; its content is never taken as the state. After a broken stream is reopened, every listener checks again.
 */
class ContainerWatch implements Watch {
  readonly #engine: Engine
  readonly #project: string
  readonly #listeners = new Set<Listener>()
  #stream: Stream | undefined

  constructor(engine: Engine, project: string) {
    this.#engine = engine
    this.#project = project
  }

  async listen(id: string, onNews: () => void): Promise<() => void> {
    const listener = { id, onNews }
    this.#listeners.add(listener)
    this.#stream ??= this.#open()
    await this.#stream.stands.catch((thrown) => {
      this.#leave(listener)
      throw thrown
    })
    return () => this.#leave(listener)
  }

  /** A stream may fail before its first event, again and again: the retries become less frequent. */
  #open(failures = 0): Stream {
    const stop = new AbortController()
    const filter = { types: ['container'], labels: [`${COMPOSE.project}=${this.#project}`] }
    const subscribed = this.#engine.events(filter, stop.signal)
    const opened: Stream = { stands: subscribed.then(() => undefined), stop }
    let tries = failures + 1
    const heard = (id: string) => {
      tries = 0
      this.#notify(id)
    }
    const again = () => void this.#reopen(opened, tries)
    subscribed.then((events) => pump(events, heard)).then(again, again)
    return opened
  }

  async #reopen(ended: Stream, failures: number): Promise<void> {
    const pause = FIRST_PAUSE_MS * 2 ** Math.max(0, failures - 1)
    await setTimeout(Math.min(LONGEST_PAUSE_MS, pause), undefined, { ref: false })
    if (this.#stream !== ended || this.#listeners.size === 0) return
    this.#stream = this.#open(failures)
    await this.#stream.stands.catch(() => undefined)
    this.#notify()
  }

  /** Notifies the listeners of one container, or all listeners without an id. */
  #notify(id?: string): void {
    for (const listener of this.#listeners) if (id === undefined || listener.id === id) listener.onNews()
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    this.#stream?.stop.abort()
    this.#stream = undefined
  }
}

/** Events that can change a verdict. Probes send three events each, which are ignored. */
const NEWS = /^(start|restart|die|oom|destroy|pause|unpause|health_status)/

async function pump(events: AsyncIterable<EngineEvent>, heard: (id: string) => void): Promise<void> {
  for await (const event of events) if (NEWS.test(event.action)) heard(event.id)
}
