import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { kill, platform } from 'node:process'

/** Why git could not do something, in words. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure'
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

interface GitOptions {
  env: Readonly<Record<string, string | undefined>>
  signal: AbortSignal
  /** How long it may take. */
  seconds: number
  cwd?: string
}

/** Far more than the branches of one name need. */
const MOST_CHARACTERS = 1024 * 1024

/** No hooks, and nothing that a repository could bring with it. */
const SETTINGS = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'advice.detachedHead=false']

/** Runs the program `git`, which never asks anything. Resolves to its standard output; throws a GitFailure. */
export async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const { signal, seconds, cwd } = options
  const late = AbortSignal.timeout(seconds * 1000)
  const child = spawn('git', [...SETTINGS, ...args], {
    env: environmentOf(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    // Its own group: what it starts itself, ssh for example, is ended with it.
    detached: platform !== 'win32',
  })
  const stop = () => end(child.pid)
  const stopping = AbortSignal.any([signal, late])
  stopping.addEventListener('abort', stop, { once: true })
  const [output, errors] = [collected(child.stdout, stop), collected(child.stderr, stop)]
  try {
    const [code] = await once(child, 'close')
    signal.throwIfAborted()
    if (late.aborted) throw new GitFailure(`git took longer than ${seconds} seconds`)
    if (code !== 0) throw failureOf(errors.join(''))
    return output.join('')
  } catch (thrown) {
    throw isMissing(thrown) ? new GitFailure('the program git is missing', 'install git') : thrown
  } finally {
    stopping.removeEventListener('abort', stop)
  }
}

function collected(stream: NodeJS.ReadableStream, stop: () => void): string[] {
  const pieces: string[] = []
  let size = 0
  stream.setEncoding('utf8').on('data', (text: string) => {
    size += text.length
    if (size > MOST_CHARACTERS) stop()
    else pieces.push(text)
  })
  return pieces
}

function end(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    kill(platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}

/** As in `docker compose`: no prompt, no shared ssh connection; what the user sets himself counts. */
function environmentOf(env: GitOptions['env']): Record<string, string | undefined> {
  // A command that runs in a hook of another repository must not work on that one.
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_OBJECT_DIRECTORY, GIT_COMMON_DIR, ...rest } = env
  return {
    GIT_TERMINAL_PROMPT: '0',
    SSH_ASKPASS_REQUIRE: 'never',
    GIT_ALLOW_PROTOCOL: 'http:https:ssh:git',
    ...(!env.GIT_SSH && { GIT_SSH_COMMAND: 'ssh -o ControlMaster=no -o BatchMode=yes' }),
    ...rest,
    LC_ALL: 'C',
  }
}

/** The last sentences of what git prints are the reason. */
function failureOf(errors: string): GitFailure {
  const lines = errors.split('\n').filter((line) => line.trim() !== '')
  const fatal = lines.filter((line) => /^(?:fatal|error|remote): /.test(line))
  const reason = (fatal.length > 0 ? fatal : lines).slice(-2).join('; ').slice(0, 500)
  const isDenied = /terminal prompts disabled|Authentication failed|Permission denied/i.test(errors)
  const hint = isDenied
    ? 'git needs credentials that it can find without asking: a credential helper, or an ssh agent'
    : undefined
  return new GitFailure(reason.replace(/(\w:\/\/)[^/@\s]*@/g, '$1') || 'git failed', hint)
}
