import type { AskHelper } from './auth.ts'

/**
 * Runs `docker-credential-<helper> get`: reads JSON after writing the server's address to its standard input
 * (https://github.com/docker/docker-credential-helpers). A helper that is missing or fails has no credentials.
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
    // If a helper ends without reading, the pipe closes.
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
