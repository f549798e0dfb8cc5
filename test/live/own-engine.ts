import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { connect } from '../../src/docker/connect.ts'
import type { Engine } from '../../src/docker/port.ts'
import { thisEnvironment } from '../support/live.ts'
import { ensureScratchImage } from '../support/scratch-image.ts'

/** An engine of a test's own, which it may restart, crash, or fill up. */
export interface OwnEngine {
  engine: Engine
  /** For DOCKER_HOST. */
  host: string
  /** Where it keeps its data: a file system of `size`. */
  data: string
  /** Ends the engine by that signal, and resolves once the next one answers. */
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Why this machine cannot run one; undefined if it can. */
export function noOwnEngine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'an engine of its own needs root on Linux'
  const missing = ['dockerd', 'unshare'].filter((program) => !isInstalled(program))
  return missing.length > 0 ? `${missing.join(' and ')} cannot be run here` : undefined
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Namespaces of its own for mounts and network: the engine of the machine, its bridge and its rules are not touched. Whenever the
 * engine ends another one is started, until the folder has a file `over`.
 */
const KEEP_RUNNING = `
mount --make-rprivate / && mount -t tmpfs -o size="$SIZE" tmpfs "$FOLDER/data" && ip link set lo up || exit 1
while [ ! -e "$FOLDER/over" ]; do
  rm -f "$FOLDER/pid"
  dockerd --data-root "$FOLDER/data" --exec-root "$FOLDER/run" --pidfile "$FOLDER/pid" -H "unix://$FOLDER/docker.sock" \\
    >>"$FOLDER/log" 2>&1
done
`

export async function withOwnEngine<T>(size: string, body: (own: OwnEngine) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-engine-'))
  for (const name of ['data', 'run']) rmSync(join(folder, name), { recursive: true, force: true })
  const script = `mkdir "$FOLDER/data" "$FOLDER/run"; ${KEEP_RUNNING}`
  const env = { ...process.env, FOLDER: folder, SIZE: size }
  const keeper = spawn('unshare', ['-mn', 'sh', '-c', script], { env, stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => keeper.on('close', () => resolve()))
  const host = `unix://${join(folder, 'docker.sock')}`
  const engine = await connect({ ...thisEnvironment(), env: { ...process.env, DOCKER_HOST: host } })
  const pid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'))
  const end = async (signal: NodeJS.Signals) => {
    process.kill(pid(), signal)
  }
  try {
    await untilAnswers(engine)
    await ensureScratchImage(engine)
    return await body({
      engine,
      host,
      data: `/proc/${keeper.pid}/root${join(folder, 'data')}`,
      async restart(signal) {
        const before = pid()
        await end(signal)
        await until(() => existsSync(join(folder, 'pid')) && pid() !== before && pid() > 0)
        await untilAnswers(engine)
      },
    })
  } finally {
    spawn('touch', [join(folder, 'over')])
    await until(() => existsSync(join(folder, 'over')))
    await end('SIGTERM').catch(() => undefined)
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

function untilAnswers(engine: Engine): Promise<void> {
  return until(async () => {
    const version = await engine.version(AbortSignal.timeout(2_000)).catch(() => undefined)
    return version !== undefined
  })
}

/** For what nothing signals: an engine that starts. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the engine of this test does not start')
}
