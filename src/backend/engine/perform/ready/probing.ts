import type { ContainerDetail } from '../../../../docker/port.ts'
import { OVER } from '../../../../execute/slow-call.ts'
import { type ProbeTools, probeUntilPass } from './probe.ts'

/** Runs a container's health test ourselves, one run at a time. */
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

  /** Errors of our own probing have no meaning: the container may just have stopped, which its event will show. */
  async #probe(detail: ContainerDetail): Promise<void> {
    this.#probed = runOf(detail)
    const signal = AbortSignal.any([this.stop, this.#over.signal])
    const isPassed = await probeUntilPass(this.tools, detail, signal).catch(() => false)
    if (isPassed) this.#passed = this.#probed
    this.#probed = undefined
    if (isPassed) this.onPass()
  }
}

/** Identifies a run: a pass does not apply to a later run of the same container. */
function runOf({ id, startedAt }: ContainerDetail): string {
  return `${id} ${startedAt}`
}
