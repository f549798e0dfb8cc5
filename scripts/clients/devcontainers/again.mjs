// `devcontainer up` again, after changes and stops, and where it fails.
import { check, created, devcontainer, idOf, stack, succeeds } from './checks.mjs'

const up = (scene, place, ...args) => succeeds(scene, place, 'up', ...args)

/** What stays the same, or does not, when something is done between two `up`. */
const twice =
  (between, ...args) =>
  async (scene, place) => {
    await up(scene, place)
    const before = await Promise.all(['app', 'db'].map((name) => idOf(scene, name)))
    await between(scene, place)
    const outcome = await up(scene, place, ...args)
    const after = await Promise.all(['app', 'db'].map((name) => idOf(scene, name)))
    return { outcome, kept: before.map((id, at) => id === after[at]), app: await created(scene) }
  }

export const checks = {
  'up again': check(
    {},
    twice(() => undefined),
  ),
  'up after a stop': check(
    {},
    twice((scene) => scene.run(['docker', 'compose', '-p', scene.project, 'stop'])),
  ),
  'up after the container was stopped': check(
    {},
    twice((scene) => scene.run(['docker', 'stop', '-t', '0', `${scene.project}-app-1`])),
  ),
  'up after the container was removed': check(
    {},
    twice((scene) => scene.run(['docker', 'rm', '-f', `${scene.project}-app-1`])),
  ),
  'up after a change of the Compose file keeps the container': check(
    {},
    twice((scene) => scene.write('.devcontainer/compose.yaml', stack(scene, { environment: { FROM: 'changed' } }))),
  ),
  'up --remove-existing-container': check(
    {},
    twice(() => undefined, '--remove-existing-container'),
  ),
  'up --remove-existing-container after a change': check(
    {},
    twice(
      (scene) => scene.write('.devcontainer/compose.yaml', stack(scene, { environment: { FROM: 'changed' } })),
      '--remove-existing-container',
    ),
  ),
  'up --build-no-cache': check(
    (scene) => ({
      files: { 'compose.yaml': stack(scene, { image: undefined, build: { context: '.', dockerfile: 'Dockerfile' } }) },
      more: { Dockerfile: `FROM ${scene.image}\nRUN echo 1 > /built\n` },
    }),
    (scene, place) => up(scene, place, '--build-no-cache', '--remove-existing-container'),
  ),
  'up --expect-existing-container fails without one': check(
    {},
    async (scene, place) => (await devcontainer(scene, place, 'up', '--expect-existing-container')).outcome,
  ),
  'up with shutdownAction, then stop and down': check(
    { config: { shutdownAction: 'stopCompose' } },
    async (scene, place) => {
      await up(scene, place)
      const compose = (...words) => scene.run(['docker', 'compose', '-p', scene.project, ...words])
      const stopped = [(await compose('stop')).code, await scene.engine()]
      return [stopped, (await compose('down', '-v')).code]
    },
  ),
  'up of a service that is not there fails': check({ config: { service: 'none' } }, async (scene, place) =>
    failure(await devcontainer(scene, place, 'up')),
  ),
  'up of a broken file fails': check({ files: { 'compose.yaml': 'services: [' } }, async (scene, place) =>
    failure(await devcontainer(scene, place, 'up')),
  ),
  'up of an image that is not there fails': check(
    (scene) => ({ files: { 'compose.yaml': stack(scene, { image: `${scene.registry}/none:1` }) } }),
    async (scene, place) => failure(await devcontainer(scene, place, 'up')),
  ),
}

function failure({ code, outcome }) {
  return { code, outcome: outcome?.outcome, description: outcome?.description }
}
