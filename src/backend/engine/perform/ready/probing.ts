import type { ContainerDetail } from '../../../../docker/port.ts'
import { OVER } from '../../../../execute/slow-call.ts'
import { type ProbeTools, probeUntilPass } from './probe.ts'

/** Our own runs of a container's health test, one at a time. */
export class Probing {
  #probed: string | undefined
  #passed: string | undefined
  readonly #over = new AbortController()

  constructor(
    private readonly tools: ProbeTools,
    private readonly stop: AbortSignal,
    private readonly onPass: () => void,
  ) {}

  /** Whether the test has passed in this run of the container. */
  hasPassed(detail: ContainerDetail): boolean {
    return this.#passed === runOf(detail)
  }

  begin(detail: ContainerDetail): void {
    if (!this.#probed) void this.#probe(detail)
  }

  end(): void {
    this.#over.abort(OVER)
  }

  /** Failures of our own probing mean nothing: the container may just have stopped, which the look after its event shows. */
  async #probe(detail: ContainerDetail): Promise<void> {
    this.#probed = runOf(detail)
    const signal = AbortSignal.any([this.stop, this.#over.signal])
    const isPassed = await probeUntilPass(this.tools, detail, signal).catch(() => false)
    if (isPassed) this.#passed = this.#probed
    this.#probed = undefined
    if (isPassed) this.onPass()
  }
}

/** A pass says nothing of a later run of the same container. */
function runOf({ id, startedAt }: ContainerDetail): string {
  return `${id} ${startedAt}`
}
