import { capabilityOf } from '../../../backend/capability.ts'
import type { Replica } from '../../../backend/read/containers.ts'
import type { Usage } from '../../../backend/read/look.ts'
import type { Reader } from '../../../backend/reader.ts'
import { BackendError } from '../../../diagnostics/backend-error.ts'

/** A container with its latest sample; undefined until the first one. */
export interface Watched {
  replica: Replica
  usage?: Usage
}

/** Tracks the resource usage of containers, each from when it is first listed until it is no longer listed. */
export class UsageWatch {
  readonly #watched = new Map<string, Watched & { ended: AbortController }>()
  #failure: unknown

  constructor(
    private readonly reader: Reader,
    private readonly signal: AbortSignal,
  ) {}

  /** The containers listed last, in order. Throws the failure of any of them. */
  now(): Watched[] {
    if (this.#failure !== undefined) throw this.#failure
    return [...this.#watched.values()]
  }

  /** Subscribes to new containers, and unsubscribes from those that are gone. */
  listed(replicas: readonly Replica[]): void {
    const ids = new Set(replicas.map(({ id }) => id))
    for (const [id, { ended }] of this.#watched) {
      if (!ids.has(id)) ended.abort()
    }
    const before = new Map(this.#watched)
    this.#watched.clear()
    for (const replica of replicas) {
      const known = before.get(replica.id)
      this.#watched.set(replica.id, known ?? this.#begun(replica))
    }
  }

  end(): void {
    for (const { ended } of this.#watched.values()) ended.abort()
  }

  #begun(replica: Replica): Watched & { ended: AbortController } {
    const watched = { replica, ended: new AbortController() }
    void this.#listen(watched).catch((thrown) => {
      if (!isOver(thrown) && !watched.ended.signal.aborted && !this.signal.aborted) this.#failure ??= thrown
    })
    return watched
  }

  async #listen(watched: Watched & { ended: AbortController }): Promise<void> {
    const signal = AbortSignal.any([this.signal, watched.ended.signal])
    for await (const usage of capabilityOf(this.reader, 'look').usage(watched.replica.id, { stream: true }, signal))
      watched.usage = usage
  }
}

/** A container that was removed in the meantime is not a failure. */
function isOver(thrown: unknown): boolean {
  return thrown instanceof BackendError && thrown.kind === 'gone'
}
