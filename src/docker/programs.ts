import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { configFolder } from '../util/docker-configuration.ts'
import type { Environment } from './endpoint.ts'

interface Options {
  signal: AbortSignal
  onLine(line: string): string | undefined
  pluginOnly?: boolean
}

/** Where the docker command line looks for plugins in addition to the user's own folder (cli-plugins/manager of docker/cli). */
const PLUGIN_FOLDERS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
]

/** Implements the interface in backend/programs.ts. */
export function userPrograms({ env, home, platform }: Environment) {
  return {
    async run(name: string, args: string[], options: Options): Promise<{ code: number; errors: string } | undefined> {
      const plugins = [join(configFolder(env, home), 'cli-plugins'), ...PLUGIN_FOLDERS]
      const suffixes = platform === 'win32' ? ['.exe', '.cmd', ''] : ['']
      const path = options.pluginOnly ? [] : (env.PATH ?? '').split(delimiter)
      const candidates = [
        ...plugins.map((folder) => join(folder, `docker-${name}`)),
        ...path.map((folder) => join(folder, name)),
      ]
      const program = await firstExecutable(candidates.flatMap((each) => suffixes.map((suffix) => each + suffix)))
      return program === undefined ? undefined : runToEnd(program, args, env, options)
    },
  }
}

async function firstExecutable(files: string[]): Promise<string | undefined> {
  for (const file of files) {
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  return undefined
}

async function runToEnd(
  program: string,
  args: string[],
  env: Environment['env'],
  { signal, onLine }: Options,
): Promise<{ code: number; errors: string }> {
  signal.throwIfAborted()
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], signal })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-10_000)
  })
  // If a program ends without reading, the pipe closes.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  ended.catch(() => undefined)
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = onLine(line)
    if (answer !== undefined) child.stdin.write(`${answer}\n`)
  }
  child.stdin.end()
  return { code: await ended, errors: errors.trim() }
}
