import type { ContainerDetail, Engine, EngineError } from '../../../../docker/port.ts'
import { OVER, reportSlowCall } from '../../../../execute/slow-call.ts'
import type { StepContext } from '../../../../execute/step-context.ts'
import { Wakeup } from '../../../../util/async.ts'
import { runtimeWords } from '../../../runtime-words.ts'
import type { Watch } from '../ready/watch.ts'

/** Why a command in a container did not succeed: a nonzero exit code, or a refusal. */
export type Misfortune = { exitCode: number; output: string } | { refusal: EngineError }

/** When a container's first process ends, the kernel kills the rest with SIGKILL. */
const KILLED = 137
/** Longer than an engine takes to record that a container's program has ended: a third of a second on a busy machine. */
const NOTED_MS = 2_000

/** How a container's program ended; `undefined` if the container is gone too. */
export type End = Pick<ContainerDetail, 'state' | 'exitCode'> | undefined

/**
 * Whether a command could not run, or not to its end, because its container's program had ended. Engines and runtimes report that in
 * many ways, mostly before the engine has recorded the end. So, whatever the message, wait a moment for the end.
 */
export async function missed(
  { engine, watch }: { engine: Engine; watch: Watch },
  container: string,
  misfortune: Misfortune,
  context: StepContext,
): Promise<{ end: End } | undefined> {
  if (!mayBeMissed(misfortune)) return undefined
  const news = new Wakeup()
  const leave = await reportSlowCall(watch.listen(container, news.ring), context)
  const over = new AbortController()
  const late = new AbortController()
  const giveUp = () => late.abort(OVER)
  context.clock.sleep(NOTED_MS, over.signal).then(giveUp, () => undefined)
  try {
    for (;;) {
      const detail = await reportSlowCall(engine.inspectContainer(container, context.signal), context)
      if (!detail?.running) return { end: detail }
      if (late.signal.aborted) return undefined
      await news.next(AbortSignal.any([context.signal, late.signal])).catch(() => context.signal.throwIfAborted())
    }
  } finally {
    over.abort(OVER)
    leave()
  }
}

function mayBeMissed(misfortune: Misfortune): boolean {
  if ('exitCode' in misfortune) return misfortune.exitCode === KILLED
  const { refusal } = misfortune
  return refusal.isRefusal && !ABOUT_THE_COMMAND.test(runtimeWords(refusal.message))
}

/** Errors about the command itself: it cannot run no matter how long its container runs. */
const ABOUT_THE_COMMAND = /^(there is no (program|directory)|the program ")|^unable to find user/
