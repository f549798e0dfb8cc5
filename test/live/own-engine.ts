import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
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
  /** As a service manager does it: the engine stops its containers and ends; resolves once the next one answers. */
  restart(): Promise<void>
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
 * Separate namespaces for mounts, network and processes: the engine of the machine, its bridge and its rules are not touched, and
 * nothing outlives the test. A line `restart` ends the engine and starts the next; anything else, or the end of the input, ends all.
 */
const KEEPER = `
mount --make-rprivate / && mount -t tmpfs -o size="$SIZE" tmpfs "$FOLDER/data" && ip link set lo up || exit 1
while :; do
  dockerd --data-root "$FOLDER/data" --exec-root "$FOLDER/run" --pidfile "$FOLDER/pid" -H "unix://$FOLDER/docker.sock" $FLAGS \\
    >>"$FOLDER/log" 2>&1 &
  read -r word
  kill -TERM $!
  wait $!
  echo ended
  [ "$word" = restart ] || exit 0
done
`

/** `flags` are its own beside those, words without spaces. */
export async function withOwnEngine<T>(
  size: string,
  body: (own: OwnEngine) => Promise<T>,
  flags: readonly string[] = [],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-engine-'))
  for (const name of ['data', 'run']) mkdirSync(join(folder, name))
  const env = { ...process.env, FOLDER: folder, SIZE: size, FLAGS: flags.join(' ') }
  const words = ['-mnpf', '--kill-child', '--mount-proc', 'sh', '-c', KEEPER]
  const keeper = spawn('unshare', words, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const host = `unix://${join(folder, 'docker.sock')}`
  const engine = await connect({ ...thisEnvironment(), env: { ...process.env, DOCKER_HOST: host } })
  const end = async (word: string) => {
    const ended = once(keeper.stdout, 'data')
    keeper.stdin.write(`${word}\n`)
    await ended
  }
  try {
    await untilAnswers(engine)
    await ensureScratchImage(engine)
    return await body({
      engine,
      host,
      data: `/proc/${keeper.pid}/root${join(folder, 'data')}`,
      async restart() {
        await end('restart')
        await untilAnswers(engine)
      },
    })
  } finally {
    await end('over')
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
