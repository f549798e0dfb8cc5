import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { Duplex, type Readable, type Writable } from 'node:stream'
import type { Address } from './endpoint.ts'

type SshAddress = Extract<Address, { kind: 'ssh' }>
type Child = ChildProcessByStdio<Writable, Readable, Readable>

/** The tunnel could not be opened, or broke; the message is ssh's last output. */
class SshError extends Error {
  override readonly name = 'SshError'
}

/**
 * A connection to an engine over ssh, made as the docker command line does: the user's own ssh runs `docker system dial-stdio`
 * remotely, which connects our stream to the engine's socket. The user's keys, agent, known hosts and `~/.ssh/config` therefore
 * apply.
 */
export function sshTunnel(address: SshAddress, env: Record<string, string | undefined>): Duplex {
  const child = spawn('ssh', sshArguments(address), { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const tunnel = new SshTunnel(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-1000)
  })
  child.on('error', (error) => tunnel.destroy(new SshError(`cannot run ssh: ${error.message}`)))
  child.on('close', (code) =>
    tunnel.finish(code === 0 ? undefined : new SshError(said.trim() || `ssh ended with code ${code}`)),
  )
  return tunnel
}

export function sshArguments({ hostname, port, user, socket }: SshAddress): string[] {
  return [
    '-o',
    'ConnectTimeout=15',
    '-T',
    ...(user ? ['-l', user] : []),
    ...(port ? ['-p', String(port)] : []),
    '--',
    hostname,
    'docker',
    ...(socket ? ['--host', `unix://${socket}`] : []),
    'system',
    'dial-stdio',
  ]
}

/** A process's stdin and stdout as one stream, with the methods of a network socket that an HTTP agent calls. */
class SshTunnel extends Duplex {
  readonly #child: Child

  constructor(child: Child) {
    super()
    this.#child = child
    child.stdout.on('data', (chunk) => this.push(chunk) || child.stdout.pause())
    // Ignores writes to an ended process: its exit reports the reason.
    child.stdin.on('error', () => undefined)
  }

  /** The process has ended. */
  finish(error: Error | undefined): void {
    if (error) this.destroy(error)
    else this.push(null)
  }

  override _read(): void {
    this.#child.stdout.resume()
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, () => done())
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill()
    done(error)
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    this.#child.ref()
    for (const pipe of this.#pipes()) pipe.ref()
    return this
  }

  /** An idle connection must not keep the program alive. */
  unref(): this {
    this.#child.unref()
    for (const pipe of this.#pipes()) pipe.unref()
    return this
  }

  #pipes(): Socket[] {
    const { stdin, stdout, stderr } = this.#child
    return [stdin, stdout, stderr].filter((pipe) => pipe instanceof Socket)
  }
}
