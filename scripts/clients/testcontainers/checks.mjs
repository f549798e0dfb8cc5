// What all checks of testcontainers share.
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** A web server that becomes ready after a moment, and a database's stand-in. */
export function stack({ image }) {
  const script = 'sleep 0.5; echo ready; touch /ready; exec httpd -f -p 80'
  return {
    services: {
      web: {
        ...{ image, init: true, command: ['sh', '-c', script], ports: ['80'], depends_on: ['db'] },
        environment: { WORD: '${WORD:-none}' },
        healthcheck: { test: 'test -e /ready', interval: '0.3s' },
      },
      db: { image, init: true, command: ['sleep', '1000'], volumes: ['data:/data'] },
    },
    volumes: { data: {} },
  }
}

/**
 * A check that starts an environment. `prepare` sets it up and may write other files; `look` says what is seen of it once it has started.
 * It ends with `down`, and what the engine holds before and after that must be the same.
 */
export function check(prepare, look = () => undefined) {
  return async (scene, place) => {
    const library = open(place)
    await scene.write('compose.yaml', stack(scene))
    const environment = new library.DockerComposeEnvironment(scene.folder, 'compose.yaml').withProjectName(
      scene.project,
    )
    const { services, environment: other = environment } = (await prepare(environment, library, scene)) ?? {}
    const started = await other.up(services)
    const seen = await look(started, scene, library)
    const engine = await scene.engine()
    await started.down()
    return { seen, engine, after: await scene.engine() }
  }
}

export function open(place) {
  return createRequire(join(place.folder, 'package.json'))('testcontainers')
}

/** What a command prints in a container of the environment. */
export async function printed(started, name, ...command) {
  const { exitCode, output } = await started.getContainer(name).exec(command)
  return { exitCode, output }
}
