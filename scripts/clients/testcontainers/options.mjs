// What an environment of testcontainers is made of.
import { check, printed, stack } from './checks.mjs'

const word = (started) => printed(started, 'web-1', 'sh', '-c', 'echo $WORD')

const ready = ({ Wait }) => Wait.forLogMessage('ready')

/** A stack whose service prints what its image was built with. */
const buildable = (scene, content) => {
  const build = { context: '.', dockerfile_inline: `FROM ${scene.image}\nRUN echo ${content} > /built\n` }
  return scene.write('compose.yaml', { services: { web: { build, init: true, command: ['sleep', '1000'] } } })
}

export const checks = {
  'passes variables': check((environment) => void environment.withEnvironment({ WORD: 'given' }), word),
  'passes a file of variables': check(async (environment, _, scene) => {
    await scene.write('words.env', 'WORD=file\n')
    environment.withEnvironmentFile('words.env')
  }, word),
  'enables profiles': check(async (environment, _, scene) => {
    const { services, ...rest } = stack(scene)
    await scene.write('compose.yaml', {
      ...rest,
      services: { ...services, web: { ...services.web, profiles: ['x'] }, extra: { ...services.db, profiles: ['y'] } },
    })
    environment.withProfiles('x', 'y')
  }, word),
  'starts only the services that are named': check(() => ({ services: ['db'] })),
  builds: check(
    (environment, _, scene) => buildable(scene, 'one').then(() => void environment.withBuild()),
    (started) => printed(started, 'web-1', 'cat', '/built'),
  ),
  'builds again where the Dockerfile has changed': check(
    async (environment, { DockerComposeEnvironment }, scene) => {
      await buildable(scene, 'one')
      await environment.withBuild().up()
      await buildable(scene, 'two')
      return {
        environment: new DockerComposeEnvironment(scene.folder, 'compose.yaml')
          .withProjectName(scene.project)
          .withBuild(),
      }
    },
    (started) => printed(started, 'web-1', 'cat', '/built'),
  ),
  'takes several files': check(async (_, { DockerComposeEnvironment }, scene) => {
    await scene.write('more.yaml', { services: { web: { environment: { WORD: 'second' } } } })
    return {
      environment: new DockerComposeEnvironment(scene.folder, ['compose.yaml', 'more.yaml']).withProjectName(
        scene.project,
      ),
    }
  }, word),
  'chooses a project name': check(
    (_, { DockerComposeEnvironment }, scene) => ({
      environment: new DockerComposeEnvironment(scene.folder, 'compose.yaml'),
    }),
    async (started, scene) => {
      const project = started.getContainer('web-1').getLabels()['com.docker.compose.project']
      scene.projects.push(project)
      return [/^testcontainers-/.test(project), await scene.engine(project)]
    },
  ),
  'keeps containers with withNoRecreate': check(async (environment, _, scene) => {
    await environment.up()
    const { services, ...rest } = stack(scene)
    await scene.write('compose.yaml', {
      ...rest,
      services: { ...services, web: { ...services.web, environment: { WORD: 'changed' } } },
    })
    environment.withNoRecreate().withProjectName(scene.project)
  }, word),
  'recreates containers that have changed': check(async (environment, library) => {
    await environment.withWaitStrategy('web-1', ready(library)).up()
    environment.withEnvironment({ WORD: 'changed' })
  }, word),
  'pulls with PullPolicy.alwaysPull': check(async (environment, { PullPolicy }, scene) => {
    const image = `${scene.registry}/${scene.project}:1`
    for (const words of [
      ['tag', scene.image, image],
      ['push', image],
      ['image', 'rm', image],
    ])
      await scene.run(['docker', ...words])
    await scene.write('compose.yaml', { services: { web: { image, init: true, command: ['sleep', '1000'] } } })
    environment.withPullPolicy(PullPolicy.alwaysPull())
  }),
}
