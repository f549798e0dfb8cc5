// `devcontainer up` the first time; with the settings that end up in a Compose file of the client's own.
import { check, created, inside, stack, succeeds } from './checks.mjs'

const up = (scene, place, ...args) => succeeds(scene, place, 'up', ...args)

const SETTINGS = {
  containerEnv: { FROM: 'settings', MORE: 'a b' },
  remoteEnv: { REMOTE: '${containerEnv:MORE}!' },
  init: true,
  capAdd: ['SYS_PTRACE'],
  mounts: ['source=PROJECT-cache,target=/cache,type=volume'],
  containerUser: 'nobody',
  overrideCommand: true,
}

const FEATURE = { id: 'hello', version: '1.0.0', name: 'Hello', containerEnv: { HELLO: 'feature' } }

const more = ({ image }) => ({
  services: { app: { environment: { FROM: 'second' } }, extra: { image, command: ['sleep', '999'] } },
})

export const checks = {
  up: check({}, async (scene, place) => [await up(scene, place), await created(scene)]),
  'up of two files': check(
    (scene) => ({ files: { 'compose.yaml': stack(scene), 'more.yaml': more(scene) } }),
    async (scene, place) => [await up(scene, place), await created(scene), await created(scene, 'extra')],
  ),
  'up with runServices': check({ config: { runServices: ['db'] } }, up),
  'up with settings that change the container': check(
    ({ project }) => ({ config: JSON.parse(JSON.stringify(SETTINGS).replace('PROJECT', project)) }),
    async (scene, place) => [
      await up(scene, place),
      await created(scene),
      await inside(scene, place, 'sh', '-c', 'echo $FROM $MORE $REMOTE; id -un'),
    ],
  ),
  'up with mounts and labels on the command line': check({}, async (scene, place) => [
    await up(
      scene,
      place,
      '--id-label',
      'test=a=b',
      '--mount',
      `type=volume,source=${scene.project}-m,target=/m`,
      '--remote-env',
      'A=1',
    ),
    await created(scene),
  ]),
  'up with a Dockerfile': check(
    (scene) => ({
      files: { 'compose.yaml': stack(scene, { image: undefined, build: { context: '.', args: { WORD: 'built' } } }) },
      more: { Dockerfile: `FROM ${scene.image}\nARG WORD\nRUN echo $WORD > /built\n` },
    }),
    async (scene, place) => [await up(scene, place), await inside(scene, place, 'cat', '/built')],
  ),
  'up with a stage of a Dockerfile': check(
    (scene) => ({
      files: { 'compose.yaml': stack(scene, { image: undefined, build: { context: '.', target: 'one' } }) },
      more: { Dockerfile: `FROM ${scene.image} AS one\nRUN echo one > /built\nFROM one\nRUN echo two > /built\n` },
    }),
    async (scene, place) => [await up(scene, place), await inside(scene, place, 'cat', '/built')],
  ),
  // BuildKit of engine 20.10 finds no user without /etc/group, which the small image does not have.
  'up with a feature of the workspace': check(
    (scene) => ({
      config: { features: { './hello': {} } },
      files: { 'compose.yaml': stack(scene, { image: undefined, build: '.' }) },
      more: {
        Dockerfile: `FROM ${scene.image}\nCOPY group /etc/group\n`,
        group: 'root:x:0:\n',
        'hello/devcontainer-feature.json': FEATURE,
        'hello/install.sh': '#!/bin/sh\necho hello > /hello\n',
      },
    }),
    async (scene, place) => [await up(scene, place), await inside(scene, place, 'sh', '-c', 'cat /hello; echo $HELLO')],
  ),
  'up with lifecycle commands': check(
    {
      config: {
        onCreateCommand: 'echo on >> /log',
        postCreateCommand: ['sh', '-c', 'echo created >> /log'],
        postStartCommand: { a: 'echo started >> /log' },
      },
    },
    async (scene, place) => [await up(scene, place), await inside(scene, place, 'cat', '/log')],
  ),
  // The client starts no profile by itself: without runServices, it would wait for the service for ever.
  'up with a service of a profile': check(
    (scene) => ({
      config: { runServices: ['extra'] },
      files: { 'compose.yaml': stack(scene, { profiles: ['dev'] }) },
    }),
    up,
  ),
  'up with COMPOSE_PROFILES': check(
    (scene) => ({
      files: {
        'compose.yaml': {
          services: {
            ...stack(scene).services,
            tool: { image: scene.image, command: ['sleep', '1000'], init: true, profiles: ['tools'] },
          },
          volumes: { data: {} },
        },
      },
    }),
    (scene, place) => {
      scene.env.COMPOSE_PROFILES = 'tools'
      return up(scene, place)
    },
  ),
  'up with an .env file': check(
    (scene) => ({
      files: { 'compose.yaml': stack(scene, { environment: { FROM: '${WORD:-none}' } }) },
      more: { '.env': 'WORD=file\n' },
    }),
    async (scene, place) => [await up(scene, place), await created(scene)],
  ),
  'up that waits for health': check(
    (scene) => ({
      files: {
        'compose.yaml': {
          services: {
            app: {
              image: scene.image,
              init: true,
              command: ['sleep', '1000'],
              depends_on: { db: { condition: 'service_healthy' } },
            },
            db: {
              image: scene.image,
              init: true,
              command: ['sh', '-c', 'sleep 1; touch /ready; sleep 1000'],
              healthcheck: { test: 'test -e /ready', interval: '1s' },
            },
          },
        },
      },
    }),
    up,
  ),
  'up with a project name of the client': check({}, async (scene, place) => {
    delete scene.env.COMPOSE_PROJECT_NAME
    const named = `${scene.project}_devcontainer`
    scene.projects.push(named)
    return [await up(scene, place), await scene.engine(named)]
  }),
}
