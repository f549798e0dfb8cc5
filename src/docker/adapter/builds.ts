import type { Keyring } from '../auth.ts'
import type { Engine } from '../port.ts'
import type { Link } from './http/link.ts'

/** Builds load much code, Node's and ours, so it is imported on the first build. */
export function buildCalls(
  link: Link,
  keyring: Keyring,
  env: Record<string, string | undefined> = {},
): Pick<Engine, 'buildImage'> {
  return {
    async buildImage(spec, options) {
      const { buildImage } = await import('./builder/build.ts')
      return buildImage({ link, keyring, env }, spec, options)
    },
  }
}
