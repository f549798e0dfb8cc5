// What all checks of the package share.
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** A database's stand-in, what depends on it, and a service that prints. */
export const stack = ({ image, port }) => {
  const stays = { image, init: true, command: ['sleep', '1000'] }
  return {
    services: {
      db: { ...stays, volumes: ['data:/data'] },
      web: { ...stays, depends_on: ['db'], ports: [`127.0.0.1:${port}:80`], environment: { GREETING: 'hello' } },
      talks: { image, init: true, command: ['sh', '-c', 'echo one; echo two; sleep 1000'] },
    },
    volumes: { data: {} },
  }
}

/** The library, and the options that most calls have. */
export function open({ folder, env }, place) {
  const library = createRequire(join(place.folder, 'package.json'))('docker-compose')
  return { library, options: { cwd: folder, env } }
}

/** A check on a stack that is up, unless `cold`. What it returns, and what the engine holds then, must be the same. */
export function check(body, { cold = false } = {}) {
  return async (scene, place) => {
    const { library, options } = open(scene, place)
    await scene.write('compose.yaml', stack(scene))
    if (!cold) await library.upAll(options)
    const seen = await body(library, options, scene)
    return { seen: plain(seen), engine: await scene.engine() }
  }
}

/** Of a result, what does not depend on times and ids: progress goes to standard error, and is worded differently. */
export function plain(seen) {
  if (typeof seen?.exitCode !== 'number') return seen
  return { exitCode: seen.exitCode, ...(seen.data && { data: seen.data }), ...(seen.shown && { out: seen.out }) }
}

export const shown = async (result) => ({ ...(await result), shown: true })
