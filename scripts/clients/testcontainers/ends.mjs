// Containers of an environment of testcontainers, and how it ends.
import { check, open, printed, stack } from './checks.mjs'

/** Starts an environment, ends it, and returns what is left. */
const ended = (end) => async (scene, place) => {
  const { DockerComposeEnvironment } = open(place)
  await scene.write('compose.yaml', stack(scene))
  const started = await new DockerComposeEnvironment(scene.folder, 'compose.yaml').withProjectName(scene.project).up()
  await end(started)
  return scene.engine()
}

/** How `up` fails, and what it leaves. */
const refused = (content) => async (scene, place) => {
  const { DockerComposeEnvironment } = open(place)
  await scene.write('compose.yaml', content(scene))
  const environment = new DockerComposeEnvironment(scene.folder, 'compose.yaml').withProjectName(scene.project)
  const message = await environment.up().then(
    () => undefined,
    (error) => error.message,
  )
  return { failed: typeof message === 'string' && message.length > 0, engine: await scene.engine() }
}

export const checks = {
  'names its containers': check(
    () => undefined,
    (started) => {
      const web = started.getContainer('web-1')
      return [
        web.getName(),
        web.getNetworkNames(),
        web.getLabels()['com.docker.compose.service'],
        started.getContainer('db-1').getName(),
      ]
    },
  ),
  'runs commands in a container, and restarts it': check(
    () => undefined,
    async (started) => {
      const before = await printed(started, 'db-1', 'sh', '-c', 'echo x > /data/x; cat /data/x; exit 3')
      await started.getContainer('db-1').restart()
      return [before, await printed(started, 'db-1', 'cat', '/data/x')]
    },
  ),
  'down removes containers and networks': ended((started) => started.down({ removeVolumes: false })),
  'down removes volumes': ended((started) => started.down({ removeVolumes: true, timeout: 1000 })),
  'stop keeps everything': ended((started) => started.stop()),
  'a broken file is refused': refused(() => 'services: ['),
  'an image that is not there is refused': refused(({ registry }) => ({
    services: { web: { image: `${registry}/none:1` } },
  })),
  'a dependency that fails is reported': refused(({ image }) => ({
    services: {
      web: { image, command: ['sleep', '1000'], depends_on: { job: { condition: 'service_completed_successfully' } } },
      job: { image, command: ['false'] },
    },
  })),
}
