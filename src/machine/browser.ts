import { spawn } from 'node:child_process'

interface Desktop {
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
}

/** The command that opens an address in the user's browser; undefined without a graphical display. */
export function browserWords({ platform, env }: Desktop): string[] | undefined {
  if (env.BROWSER) return [env.BROWSER]
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined
}

/** Resolves to true once the browser has started, or to false if it could not. */
export function openBrowser(address: string, desktop: Desktop): Promise<boolean> {
  const [program, ...words] = browserWords(desktop) ?? []
  if (program === undefined) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(program, [...words, address], { detached: true, stdio: 'ignore' })
    child.on('spawn', () => resolve(true)).on('error', () => resolve(false))
    child.unref()
  })
}
