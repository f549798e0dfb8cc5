import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The words that start `docker compose` on this machine, or why a test that needs it is skipped. */
export async function composePlugin(): Promise<{ words: string[] } | { skip: string }> {
  const folder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker')
  for (const words of [['docker', 'compose'], [join(folder, 'cli-plugins/docker-compose')]]) {
    const version = await compose(words, ['version', '--short'], {}).catch(() => undefined)
    if (version !== undefined) return { words }
  }
  return { skip: 'docker compose is not installed (node scripts/compose-plugin.mjs sets it up)' }
}

/** Runs it to its end; rejects with what it printed if it fails. */
export async function compose(
  words: string[],
  args: string[],
  options: { cwd?: string; env?: Record<string, string> /** With these variables and no others. */; clean?: boolean },
): Promise<string> {
  const [program = '', ...first] = words
  const { cwd, env, clean } = options
  // Node hands the variable of coverage on, even beside others that are given, unless it stands among these.
  const least = {
    PATH: process.env.PATH,
    DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'),
    NODE_V8_COVERAGE: undefined,
  }
  const all = { ...(clean ? least : process.env), ...env }
  const { stdout } = await run(program, [...first, ...args], { ...(cwd !== undefined && { cwd }), env: all })
  return stdout
}
