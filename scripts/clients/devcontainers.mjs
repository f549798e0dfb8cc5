// The command line of Dev Containers, on which editors build: a workspace whose container is a service of Compose files.
import { checks as again } from './devcontainers/again.mjs'
import { check, devcontainer, inside, stack, succeeds } from './devcontainers/checks.mjs'
import { checks as up } from './devcontainers/up.mjs'
import { npmPackage } from './lib/npm.mjs'

export const title = '@devcontainers/cli'

export const install = ({ log }) => npmPackage('@devcontainers/cli', '0.89.0', { log })

const merged = (scene, place, ...args) =>
  succeeds(scene, place, 'read-configuration', '--include-merged-configuration', ...args)
const twoFiles = (scene) => ({
  files: {
    'compose.yaml': stack(scene),
    'more.yaml': { services: { app: { user: 'nobody', environment: { FROM: 'second' } } } },
  },
})

const builds = (scene) => ({
  files: { 'compose.yaml': stack(scene, { image: undefined, build: '.' }) },
  more: { Dockerfile: `FROM ${scene.image}\nENV BUILT=1\n` },
})

export const checks = {
  'read-configuration': check({ config: { shutdownAction: 'none' } }, merged),
  'read-configuration of two files': check(twoFiles, merged),
  'read-configuration of a running container': check({}, async (scene, place) => {
    await succeeds(scene, place, 'up')
    return merged(scene, place)
  }),
  ...up,
  ...again,
  'exec in workspaceFolder': check({}, async (scene, place) => {
    await succeeds(scene, place, 'up')
    return [
      await inside(scene, place, 'pwd'),
      await inside(scene, place, 'ls', '-a'),
      await inside(scene, place, '--remote-env', 'A=b c', 'sh', '-c', 'echo $A $FROM'),
    ]
  }),
  'exec with an exit code': check({}, async (scene, place) => {
    await succeeds(scene, place, 'up')
    return inside(scene, place, 'sh', '-c', 'echo out; exit 3')
  }),
  'exec without a container fails': check(
    {},
    async (scene, place) => (await devcontainer(scene, place, 'exec', 'true')).code,
  ),
  'run-user-commands': check({ config: { postCreateCommand: 'echo created >> /log' } }, async (scene, place) => {
    await succeeds(scene, place, 'up', '--skip-post-create')
    const before = await inside(scene, place, 'cat', '/log')
    return [before.code, await succeeds(scene, place, 'run-user-commands'), await inside(scene, place, 'cat', '/log')]
  }),
  build: check(builds, async (scene, place) => [
    await succeeds(scene, place, 'build'),
    await variables(scene, `${scene.project}-app`),
  ]),
  'build with the name of an image': check(builds, async (scene, place) => {
    const name = `${scene.project}-named:1`
    return [await succeeds(scene, place, 'build', '--image-name', name), await variables(scene, name)]
  }),
  'build --no-cache': check(builds, (scene, place) => succeeds(scene, place, 'build', '--no-cache')),
  'build of a service with an image': check({}, (scene, place) => succeeds(scene, place, 'build')),
  'build that fails': check(
    (scene) => ({ ...builds(scene), more: { Dockerfile: `FROM ${scene.image}\nRUN false\n` } }),
    async (scene, place) => {
      const { code, outcome } = await devcontainer(scene, place, 'build')
      return { code, description: outcome?.description }
    },
  ),
}

/** The variables of an image. */
async function variables(scene, image) {
  return (await scene.run(['docker', 'inspect', '-f', '{{json .Config.Env}}', image])).stdout
}

/** Those of `npm test`. */
export const short = [
  'read-configuration of two files',
  'up',
  'up with a Dockerfile',
  'up after a stop',
  'exec in workspaceFolder',
]
