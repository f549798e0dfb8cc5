import { setMaxListeners } from 'node:events'
import type {
  AttachCalls,
  EngineEvent,
  EngineStream,
  ExecCalls,
  InteractiveExec,
  OutputChunk,
} from '../../../src/docker/port.ts'
import { answerTo } from './fixture.ts'
import { containerOf } from './lookup.ts'
import { NO_PROGRAM, NOT_RUN } from './streams.ts'
import { newId, refuse, type StoredContainer, type World } from './world.ts'

interface StoredExec {
  container: StoredContainer
  spec: InteractiveExec
  exitCode?: number
}

/**
 * Programs that are talked to. What a container prints comes all at once when it ends; an exec prints what its image's fixture says, or,
 * if it is `cat` without a file, its input.
 */
export function sessionCalls(world: World): Omit<ExecCalls, 'exec'> & AttachCalls {
  const execs = new Map<string, StoredExec>()
  const execOf = (id: string) => execs.get(id) ?? refuse(404, `No such exec instance: ${id}`)
  return {
    async createExec(id, spec) {
      const container = running(world, id)
      const exec = newId(world, 'exec')
      execs.set(exec, { container, spec })
      return exec
    },
    async startExec(id) {
      run(world, execOf(id))
    },
    async attachExec(id, _options, signal) {
      signal.throwIfAborted()
      const exec = execOf(id)
      const stream = openStream(signal)
      if (exec.spec.cmd[0] === NO_PROGRAM) {
        exec.exitCode = 127
        stream.push({ stream: 'stdout', payload: Buffer.from(`${NOT_RUN}\r\n`) })
        stream.finish()
        return stream
      }
      if (exec.spec.stdin && exec.spec.cmd.join(' ') === 'cat') {
        stream.onInput = (bytes) => stream.push({ stream: 'stdout', payload: bytes })
        stream.onEnd = () => {
          exec.exitCode = 0
          stream.finish()
        }
        return stream
      }
      const answer = () => {
        stream.push({ stream: 'stdout', payload: Buffer.from(run(world, exec)) })
        stream.finish()
      }
      if (exec.spec.stdin && exec.container.image.fixture.readsInput) stream.onEnd = answer
      else answer()
      return stream
    },
    async inspectExec(id) {
      const { exitCode, spec } = execOf(id)
      const hasBegun = spec.cmd[0] !== NO_PROGRAM
      return { running: exitCode === undefined, hasBegun, ...(exitCode !== undefined && { exitCode }) }
    },
    async resizeExec(id) {
      execOf(id)
    },
    async attachContainer(id, _options, signal) {
      signal.throwIfAborted()
      const container = containerOf(world, id)
      const stream = openStream(signal)
      onEvent(world, container, ['die', 'destroy'], () => {
        for (const { stream: name, text } of container.log)
          stream.push({ stream: name, payload: Buffer.from(`${text}\n`) })
        stream.finish()
      })
      return stream
    },
    async resizeContainer(id) {
      running(world, id)
    },
    async waitContainer(id, until, signal) {
      signal.throwIfAborted()
      const container = containerOf(world, id)
      const ended = new Promise<number>((resolve, reject) => {
        setMaxListeners(0, signal)
        signal.addEventListener('abort', () => reject(signal.reason))
        const actions = until === 'removed' ? ['destroy'] : ['die', 'destroy']
        onEvent(world, container, actions, () => resolve(container.exitCode))
      })
      ended.catch(() => undefined)
      return { exitCode: () => ended }
    },
  }
}

function running(world: World, id: string): StoredContainer {
  const container = containerOf(world, id)
  if (container.state !== 'running') refuse(409, `Container ${container.id} is not running`)
  return container
}

function run(world: World, exec: StoredExec): string {
  const { container, spec } = exec
  const ports = Object.keys(container.spec.ExposedPorts ?? {})
  const since = world.clock.now() - (container.startedAt ?? 0)
  const { exitCode, output } = answerTo(container.image.fixture, spec, ports, since)
  exec.exitCode = exitCode
  return output
}

function onEvent(world: World, container: StoredContainer, actions: string[], reported: () => void): void {
  const listener = (event: EngineEvent) => {
    if (event.id !== container.id || !actions.includes(event.action)) return
    world.listeners.delete(listener)
    reported()
  }
  world.listeners.add(listener)
}

interface MemoryStream extends EngineStream {
  push(chunk: OutputChunk): void
  finish(): void
  onInput(bytes: Uint8Array): void
  onEnd(): void
}

function openStream(signal: AbortSignal): MemoryStream {
  const chunks: OutputChunk[] = []
  let over = false
  let wake = () => {}
  const finish = () => {
    over = true
    wake()
  }
  setMaxListeners(0, signal)
  signal.addEventListener('abort', finish)
  async function* output(): AsyncGenerator<OutputChunk> {
    for (;;) {
      const chunk = chunks.shift()
      if (chunk) yield chunk
      else if (over) return signal.throwIfAborted()
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  const stream: MemoryStream = {
    output: output(),
    push(chunk) {
      chunks.push(chunk)
      wake()
    },
    finish,
    onInput: () => undefined,
    onEnd: () => undefined,
    write: async (bytes) => stream.onInput(bytes),
    end: () => stream.onEnd(),
    close: finish,
  }
  return stream
}
