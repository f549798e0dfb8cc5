// Strategies by which testcontainers waits for a service of an environment.
import { check, open, printed, stack } from './checks.mjs'

const isReady = (started) => printed(started, 'web-1', 'cat', '/ready')

export const checks = {
  'waits for ports that listen': check(() => undefined, isReady),
  'waits for a log line': check((environment, { Wait }) => {
    environment.withWaitStrategy('web-1', Wait.forLogMessage(/ready/))
  }, isReady),
  'waits for health': check((environment, { Wait }) => {
    environment.withWaitStrategy('web-1', Wait.forHealthCheck())
  }, isReady),
  'waits for an answer over HTTP': check(
    async (environment, { Wait }, scene) => {
      await scene.write('compose.yaml', {
        services: {
          web: {
            ...stack(scene).services.web,
            depends_on: [],
            command: ['sh', '-c', 'mkdir /w; echo hello > /w/index.html; exec httpd -f -p 80 -h /w'],
          },
        },
      })
      environment.withWaitStrategy('web-1', Wait.forHttp('/', 80))
    },
    async (started) => {
      const web = started.getContainer('web-1')
      return (await fetch(`http://${web.getHost()}:${web.getMappedPort(80)}/`)).text()
    },
  ),
  'waits for a command': check((environment, { Wait }) => {
    environment.withWaitStrategy('web-1', Wait.forSuccessfulCommand('test -e /ready'))
  }, isReady),
  'waits for a job to end': check(async (environment, { Wait }, scene) => {
    await scene.write('compose.yaml', {
      services: { job: { image: scene.image, command: ['sh', '-c', 'sleep 1; echo done'] } },
    })
    environment.withWaitStrategy('job-1', Wait.forOneShotStartup())
  }),
  'a wait that takes too long takes the environment down': async (scene, place) => {
    const { DockerComposeEnvironment, Wait } = open(place)
    await scene.write('compose.yaml', stack(scene))
    const environment = new DockerComposeEnvironment(scene.folder, 'compose.yaml').withProjectName(scene.project)
    const never = Wait.forLogMessage('never')
    const failed = await environment
      .withWaitStrategy('web-1', never)
      .withStartupTimeout(1500)
      .up()
      .catch((error) => error.message)
    return { failed: typeof failed === 'string', engine: await scene.engine() }
  },
}
