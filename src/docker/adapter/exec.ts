import type { IncomingMessage } from 'node:http'
import { id as anId, each, fields, flag, number } from '../../util/shape.ts'
import type { ExecCalls, ExecSpec, InteractiveExec, OutputChunk } from '../port.ts'
import { containerPath } from './containers.ts'
import { refusalSieve } from './exec-refusal.ts'
import { multiplexed } from './frames.ts'
import type { Request } from './http/exchange.ts'
import type { Link } from './http/link.ts'
import { requestDone, requestJson, requestStream } from './http/request.ts'
import { openStream } from './http/stream.ts'

const MOST_OUTPUT = 64 * 1024
const MOST_LOOKS = 100

export function execCalls(link: Link): ExecCalls {
  return {
    ...interactiveCalls(link),
    async exec(id, spec, signal, onOutput) {
      signal.throwIfAborted()
      const exec = await create(link, id, bodyOf(spec), signal)
      const request = { ...post(exec, 'start'), body: { Detach: false, Tty: false }, signal }
      const sieve = refusalSieve((chunk) => onOutput?.(chunk))
      const output = await collect(link, request, await requestStream(link, request), sieve.add)
      const { exitCode, hasBegun } = await endOf(link, exec, signal)
      sieve.end({ hasBegun })
      return { exitCode, output }
    },
  }
}

function interactiveCalls(link: Link): Omit<ExecCalls, 'exec'> {
  return {
    createExec: (id, spec, signal) => create(link, id, interactiveBody(spec), signal),
    startExec(exec, { tty }, signal) {
      return requestDone(link, { ...post(exec, 'start'), body: { Detach: true, Tty: tty }, signal })
    },
    attachExec(exec, { tty }, signal) {
      return openStream(link, { path: execPath(exec, 'start'), body: { Detach: false, Tty: tty }, tty }, signal)
    },
    async inspectExec(exec, signal) {
      const { Running, ExitCode, Pid } = await inspect(link, exec, signal)
      return { running: Running, hasBegun: Pid !== 0, ...(typeof ExitCode === 'number' && { exitCode: ExitCode }) }
    },
    resizeExec: (exec, { columns, rows }) =>
      requestDone(link, { ...post(exec, 'resize'), query: { w: columns, h: rows } }),
  }
}

const execPath = (exec: string, call: string) => `/exec/${encodeURIComponent(exec)}/${call}`
const post = (exec: string, call: string) => ({ method: 'POST', path: execPath(exec, call) }) as const

const CREATED = fields({ Id: anId })

async function create(link: Link, container: string, body: object, signal: AbortSignal): Promise<string> {
  const request = { method: 'POST', path: containerPath(container, 'exec'), body, signal } as const
  return (await requestJson<{ Id: string }>(link, request, CREATED)).Id
}

interface ExecInfo {
  Running: boolean
  ExitCode?: number | null
  /** 0 until the process exists; keeps its value after the process ends. */
  Pid?: number
}

const EXEC = fields({ Running: flag, ...each('ExitCode', number), ...each('Pid', number) })

function inspect(link: Link, exec: string, signal: AbortSignal): Promise<ExecInfo> {
  return requestJson(link, { method: 'GET', path: execPath(exec, 'json'), signal }, EXEC)
}

function interactiveBody({ stdin, tty, attached, size, detachKeys, ...spec }: InteractiveExec) {
  return {
    ...bodyOf(spec),
    AttachStdin: stdin,
    AttachStdout: attached,
    AttachStderr: attached,
    Tty: tty,
    ...(size && { ConsoleSize: [size.rows, size.columns] }),
    ...(detachKeys !== undefined && { DetachKeys: detachKeys }),
  }
}

function bodyOf(spec: ExecSpec) {
  return {
    AttachStdout: true,
    AttachStderr: true,
    Cmd: spec.cmd,
    ...(spec.env ? { Env: spec.env } : {}),
    ...(spec.user ? { User: spec.user } : {}),
    ...(spec.workingDir ? { WorkingDir: spec.workingDir } : {}),
    ...(spec.privileged ? { Privileged: true } : {}),
  }
}

/** Of longer output, only the end is kept. */
async function collect(
  link: Link,
  request: Request,
  response: IncomingMessage,
  onOutput: (chunk: OutputChunk) => void,
): Promise<string> {
  let output: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of multiplexed(response)) {
      onOutput(chunk)
      output = Buffer.concat([output, chunk.payload])
      if (output.length > MOST_OUTPUT) output = output.subarray(output.length - MOST_OUTPUT)
    }
  } catch (error) {
    throw link.failure(error, request.signal, request)
  } finally {
    response.destroy()
  }
  return output.toString('utf8')
}

/** The output may end a moment before the engine records the exit code; in that case, ask again. */
async function endOf(link: Link, exec: string, signal: AbortSignal): Promise<{ exitCode: number; hasBegun: boolean }> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const { Running, ExitCode, Pid } = await inspect(link, exec, signal)
    if (!Running && typeof ExitCode === 'number') return { exitCode: ExitCode, hasBegun: Pid !== 0 }
  }
  throw link.failure(new Error('the command ended without an exit code'), signal)
}
