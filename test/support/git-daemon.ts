import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from './cli.ts'
import { withFolder } from './folder.ts'

const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'init.defaultBranch=main']

export interface GitServer {
  /** Where the repository is worked on. */
  work: string
  /** The repository's address. */
  url: string
  git(...args: string[]): Promise<string>
  /** Writes files and commits them with everything else; resolves to the commit. */
  commit(files: Record<string, string>): Promise<string>
}

/** A repository that `git daemon` serves on the loopback interface; gone afterwards. */
export function withGitServer<T>(body: (server: GitServer) => Promise<T>): Promise<T> {
  return withFolder({}, async (base) => {
    const work = join(base, 'lab.git')
    await mkdir(work)
    const git = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)('git', [...IDENTITY, ...args], { cwd: work })
      return stdout.trim()
    }
    await git('init', '--quiet')
    const [port = 0] = await freePorts(1)
    const words = [
      'daemon',
      '--verbose',
      '--export-all',
      '--listen=127.0.0.1',
      `--port=${port}`,
      `--base-path=${base}`,
      base,
    ]
    const child = spawn('git', words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    try {
      await once(child.stderr, 'data')
      return await body({
        work,
        url: `git://127.0.0.1:${port}/lab.git`,
        git,
        commit: (files) => committed(work, git, files),
      })
    } finally {
      const ended = once(child, 'exit')
      if (child.pid) process.kill(-child.pid)
      await ended
    }
  })
}

async function committed(work: string, git: GitServer['git'], files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), content)
  }
  await git('add', '--all')
  await git('commit', '--quiet', '--allow-empty', '-m', 'x')
  return git('rev-parse', 'HEAD')
}
