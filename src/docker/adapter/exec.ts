import type { IncomingMessage } from 'node:http'
import type { Engine, ExecSpec, InteractiveExec } from '../port.ts'
import { multiplexed } from './frames.ts'
import { aborting, type Link, requestJson, requestStream } from './link.ts'
import { openStream } from './stream.ts'

const MOST_OUTPUT = 64 * 1024
const MOST_LOOKS = 100

type Calls = Pick<Engine, 'exec' | 'createExec' | 'startExec' | 'attachExec' | 'inspectExec' | 'resizeExec'>

export function execCalls(link: Link): Calls {
  return {
    ...interactiveCalls(link),
    async exec(id, spec, signal) {
      signal.throwIfAborted()
      const path = `/containers/${encodeURIComponent(id)}/exec`
      const created = await requestJson(link, { method: 'POST', path, body: bodyOf(spec), signal })
      const exec = (created as { Id: string }).Id
      const body = { Detach: false, Tty: false }
      const response = await requestStream(link, { method: 'POST', path: `/exec/${exec}/start`, body, signal })
      const output = await collect(link, response, signal)
      return { exitCode: await exitCodeOf(link, exec, signal), output }
    },
  }
}

function interactiveCalls(link: Link): Omit<Calls, 'exec'> {
  const post = (path: string, more: Partial<Parameters<typeof requestJson>[1]>) =>
    requestJson(link, { method: 'POST', path, ...more })
  return {
    async createExec(id, spec, signal) {
      const path = `/containers/${encodeURIComponent(id)}/exec`
      const created = await post(path, { body: interactiveBody(spec), signal })
      return (created as { Id: string }).Id
    },
    async startExec(exec, { tty }, signal) {
      await post(`/exec/${exec}/start`, { body: { Detach: true, Tty: tty }, signal })
    },
    attachExec(exec, { tty }, signal) {
      return openStream(link, { path: `/exec/${exec}/start`, body: { Detach: false, Tty: tty }, tty }, signal)
    },
    async inspectExec(exec, signal) {
      const { Running, ExitCode } = await link.call(link.docker.getExec(exec).inspect(aborting(signal)), signal)
      return { running: Running, ...(ExitCode === null ? {} : { exitCode: ExitCode }) }
    },
    async resizeExec(exec, { columns, rows }) {
      await post(`/exec/${exec}/resize`, { query: { w: columns, h: rows } })
    },
  }
}

function interactiveBody({ stdin, tty, attached, size, ...spec }: InteractiveExec) {
  return {
    ...bodyOf(spec),
    AttachStdin: stdin,
    AttachStdout: attached,
    AttachStderr: attached,
    Tty: tty,
    ...(size && { ConsoleSize: [size.rows, size.columns] }),
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

/** Of more output than that, the end is what tells. */
async function collect(link: Link, response: IncomingMessage, signal: AbortSignal): Promise<string> {
  let output: Buffer = Buffer.alloc(0)
  try {
    for await (const { payload } of multiplexed(response)) {
      output = Buffer.concat([output, payload])
      if (output.length > MOST_OUTPUT) output = output.subarray(output.length - MOST_OUTPUT)
    }
  } catch (error) {
    throw link.failure(error, signal)
  } finally {
    response.destroy()
  }
  return output.toString('utf8')
}

/** The output can end a moment before the engine has noted the exit code: then it is asked again. */
async function exitCodeOf(link: Link, exec: string, signal: AbortSignal): Promise<number> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const info = await link.call(link.docker.getExec(exec).inspect(aborting(signal)), signal)
    if (!info.Running && info.ExitCode !== null) return info.ExitCode
  }
  throw link.failure(new Error('the command ended without an exit code'), signal)
}
