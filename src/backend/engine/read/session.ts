import { type Engine, EngineError, type InteractiveExec } from '../../../docker/port.ts'
import type { Clock, StepContext } from '../../../execute/step-context.ts'
import type { Attached, ExecReader } from '../../read/exec.ts'
import type { AttachRequest, ExecRequest, Session } from '../../session.ts'

export function execReader(engine: Engine): ExecReader {
  return {
    exec: (id, request, timing) => execSession(engine, id, request, timing),
    attach: (id, request, timing) => attachedTo(engine, id, request, timing),
    execDetached: (id, request, signal) => execDetached(engine, id, request, signal),
  }
}

/** The clock of a session, and the signal that ends it. */
type Timing = Pick<StepContext, 'clock' | 'signal'>

/** Runs a command in a container. The exit code is the engine's: 126 or 127 if the command could not be run at all. */
async function execSession(
  engine: Engine,
  container: string,
  request: ExecRequest,
  { clock, signal }: Timing,
): Promise<Session> {
  const { tty } = request
  const exec = await engine.createExec(container, specOf(request, true), signal)
  const stream = await engine.attachExec(exec, { tty }, signal)
  return {
    ...stream,
    resize: (size) => resized(() => engine.resizeExec(exec, size), clock, signal),
    couldNotRun: () => hasNotRun(engine, exec, signal),
    exitCode: () => exitCodeOf(engine, exec, clock, signal),
  }
}

/** Runs a command in a container, detached. */
async function execDetached(
  engine: Engine,
  container: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<void> {
  const exec = await engine.createExec(container, specOf({ ...request, stdin: false }, false), signal)
  await engine.startExec(exec, { tty: request.tty }, signal)
}

/** Attaches to a container before it starts, so that neither its output nor its end is missed. */
export async function containerSession(
  engine: Engine,
  container: string,
  options: { stdin: boolean; tty: boolean; removed: boolean; detachKeys?: string },
  { clock, signal }: Timing,
): Promise<Session> {
  const ended = await engine.waitContainer(container, options.removed ? 'removed' : 'next-exit', signal)
  const stream = await engine.attachContainer(container, options, signal)
  return {
    ...stream,
    resize: (size) => resized(() => engine.resizeContainer(container, size), clock, signal),
    signal: (name) => quietly(engine.killContainer(container, name)),
    stop: () => quietly(engine.stopContainer(container, {})),
    exitCode: () => ended.exitCode(),
  }
}

/** Attaches to a running container and shows its output from now on. If it has ended in the meantime, the session ends. */
async function attachedTo(
  engine: Engine,
  container: string,
  request: AttachRequest,
  { clock, signal }: Timing,
): Promise<Attached> {
  const { spec } = (await engine.inspectContainer(container, signal)) ?? {}
  const tty = spec?.Tty === true
  const stdin = request.stdin && spec?.OpenStdin === true
  const ended = await engine.waitContainer(container, 'next-exit', signal)
  const stream = await engine.attachContainer(container, { ...request, stdin, tty }, signal)
  const session: Session = {
    ...stream,
    resize: (size) => resized(() => engine.resizeContainer(container, size), clock, signal),
    signal: (name) => quietly(engine.killContainer(container, name)),
    exitCode: () => Promise.race([ended.exitCode(), earlierExit(engine, container, signal)]),
  }
  return { session, tty, stdin }
}

/** Never resolves while the container runs. */
async function earlierExit(engine: Engine, container: string, signal: AbortSignal): Promise<number> {
  const detail = await engine.inspectContainer(container, signal)
  if (detail && !detail.running) return detail.exitCode
  return new Promise(() => undefined)
}

function specOf(request: ExecRequest, attached: boolean): InteractiveExec {
  const { command, env, user, workingDir, privileged, tty, size, stdin, detachKeys } = request
  return {
    cmd: command,
    ...(env.length > 0 && { env }),
    ...(user !== undefined && { user }),
    ...(workingDir !== undefined && { workingDir }),
    ...(privileged && { privileged }),
    ...(tty && size && { size }),
    ...(tty && detachKeys !== undefined && { detachKeys }),
    tty,
    stdin,
    attached,
  }
}

const PAUSE = 20
const MOST_TRIES = 25

/** Retries: between its answer to a start and the program's first instruction, the engine does not know the terminal yet. */
async function resized(resize: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await resize()
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || tries === MOST_TRIES) return
      await clock.sleep(PAUSE, signal).catch(() => undefined)
    }
    if (signal.aborted) return
  }
}

/** An ended program cannot receive a signal, and needs none. */
async function quietly(done: Promise<void>): Promise<void> {
  try {
    await done
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !thrown.isRefusal) throw thrown
  }
}

/** Once the engine gives up on a command, it writes the reason into the output. */
async function hasNotRun(engine: Engine, exec: string, signal: AbortSignal): Promise<boolean> {
  const { running, hasBegun } = await engine.inspectExec(exec, signal)
  return !running && !hasBegun
}

/** The output may end a moment before the engine records the exit code, or much earlier if the program closes it. */
async function exitCodeOf(engine: Engine, exec: string, clock: Clock, signal: AbortSignal): Promise<number> {
  for (let pause = PAUSE; ; pause = Math.min(1000, 2 * pause)) {
    const { running, exitCode } = await engine.inspectExec(exec, signal)
    if (!running && exitCode !== undefined) return exitCode
    await clock.sleep(pause, signal)
  }
}
