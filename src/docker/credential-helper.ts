import type { AskHelper } from './auth.ts'

/**
 * Runs `docker-credential-<helper> get`: the server's address goes to its standard input, JSON comes back
 * (https://github.com/docker/docker-credential-helpers). One that is missing or fails knows nothing.
 */
export function helperProcess(env: Record<string, string | undefined>): AskHelper {
  return async (helper, server) => {
    const { spawn } = await import('node:child_process')
    const child = spawn(`docker-credential-${helper}`, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    const exited = new Promise<boolean>((resolve) => {
      child.on('error', () => resolve(false))
      child.on('close', (code) => resolve(code === 0))
    })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    // A helper that ends without reading closes the pipe.
    child.stdin.on('error', () => undefined)
    child.stdin.end(server)
    return (await exited) ? parsed(printed) : undefined
  }
}

function parsed(printed: string): { Username: string; Secret: string } | undefined {
  try {
    const { Username, Secret } = JSON.parse(printed) as { Username?: string; Secret?: string }
    return Username && Secret ? { Username, Secret } : undefined
  } catch {
    return undefined
  }
}
