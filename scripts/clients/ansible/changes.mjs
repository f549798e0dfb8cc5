// docker_compose_v2 and docker_compose_v2_pull: what they report as changed, and what the engine holds then.
import { check, stack, task } from './checks.mjs'

const present = (options, more) => task('', { state: 'present', ...options }, more)
const changed = (scene) => scene.write('compose.yaml', stack(scene, { environment: { WORD: 'two' } }))

/** Every state in check mode, then really: what the check has announced should be what happens. */
const rehearsed = (options) =>
  check(() => [task('', options, { check: true }), task('', options), task('', options, { check: true })])

const building = (scene) => ({
  services: {
    web: {
      build: { context: '.', dockerfile_inline: `FROM ${scene.image}\nRUN echo 1 > /built\n` },
      init: true,
      command: ['sleep', '1000'],
    },
  },
})

const none = (scene) => ({ services: { web: { image: `${scene.registry}/none:1` } } })

/** A stack of an image that only the registry of this run has. */
const fromRegistry = async (scene) => {
  const image = `${scene.registry}/${scene.project}:1`
  for (const words of [
    ['tag', scene.image, image],
    ['push', image],
    ['image', 'rm', image],
  ])
    await scene.run(['docker', ...words])
  await scene.write('compose.yaml', { services: { web: { image, init: true, command: ['sleep', '1000'] } } })
}

export const checks = {
  present: check(() => [present()], { cold: true }),
  'present in check mode': check(() => [present({}, { check: true })], { cold: true }),
  'present again': rehearsed({ state: 'present' }),
  'present after a change': check(
    async (scene) => [await changed(scene), present({}, { check: true }), present()].filter(Boolean),
    { file: (scene) => stack(scene) },
  ),
  'present with services': check(() => [present({ services: ['db'] })], { cold: true }),
  'present without dependencies': check(() => [present({ services: ['web'], dependencies: false })], { cold: true }),
  'present with profiles': check(() => [present({ profiles: ['tools'] })], { cold: true }),
  'present with a definition': check((scene) => [present({ definition: stack(scene), project_name: scene.project })], {
    cold: true,
  }),
  'present with files and env_files': check(
    async (scene) => {
      await scene.write('more.yaml', { services: { db: { environment: { WORD: '${WORD}' } } } })
      await scene.write('words.env', 'WORD=file\n')
      return [present({ files: ['compose.yaml', 'more.yaml'], env_files: ['words.env'] })]
    },
    { cold: true },
  ),
  'present with recreate': rehearsed({ state: 'present', recreate: 'always' }),
  'present with recreate never': check(() => [present({ recreate: 'never' })]),
  'present with scale': rehearsed({ state: 'present', scale: { db: 2 } }),
  'present with wait': check(() => [present({ wait: true, wait_timeout: 20 })], {
    cold: true,
    file: (scene) => stack(scene, { healthcheck: { test: 'true', interval: '1s' } }),
  }),
  'present with remove_orphans': check(async (scene) => {
    const { services, volumes } = stack(scene)
    await scene.write('compose.yaml', { services: { db: services.db }, volumes })
    return [present(), present({ remove_orphans: true })]
  }),
  'present with renew_anon_volumes, timeout and yes': check(() => [
    present({ renew_anon_volumes: true, recreate: 'always', timeout: 1, assume_yes: true }),
  ]),
  'present with a build': check(
    () => [present({}, { check: true }), present(), present({ build: 'always' }), present({ build: 'never' })],
    { file: building, cold: true },
  ),
  'present with pull always': check(
    async (scene) => {
      await fromRegistry(scene)
      return [
        present({ pull: 'always' }, { check: true }),
        present({ pull: 'always' }),
        present({ pull: 'always' }),
        present({ pull: 'never' }),
      ]
    },
    { cold: true },
  ),
  'present with an image that is not there': check(() => [present({ pull: 'never' }), present()], {
    file: none,
    cold: true,
  }),
  'present with a broken file': check(() => [present()], { file: () => 'services: [', cold: true }),
  'present with a job that fails': check(() => [present()], {
    cold: true,
    file: (scene) => stack(scene, { depends_on: { job: { condition: 'service_completed_successfully' } } }),
  }),
  'present with a dependency that fails': check(() => [present()], {
    cold: true,
    file: ({ image }) => ({
      services: {
        web: {
          image,
          command: ['sleep', '1000'],
          depends_on: { job: { condition: 'service_completed_successfully' } },
        },
        job: { image, command: ['false'] },
      },
    }),
  }),
  stopped: rehearsed({ state: 'stopped' }),
  'stopped from nothing': check(
    () => [task('', { state: 'stopped' }, { check: true }), task('', { state: 'stopped' })],
    { cold: true },
  ),
  'stopped with services': rehearsed({ state: 'stopped', services: ['web'], timeout: 1 }),
  'present after stopped': check(() => [task('', { state: 'stopped' }), present({}, { check: true }), present()]),
  restarted: rehearsed({ state: 'restarted' }),
  'restarted with services': rehearsed({ state: 'restarted', services: ['db'] }),
  absent: rehearsed({ state: 'absent' }),
  'absent with volumes, images and orphans': rehearsed({
    state: 'absent',
    remove_volumes: true,
    remove_images: 'local',
    remove_orphans: true,
  }),
  'pull in check mode, then really': check(
    async (scene) => {
      await fromRegistry(scene)
      return [
        task('_pull', {}, { check: true }),
        task('_pull', {}),
        task('_pull', {}),
        task('_pull', { policy: 'missing' }),
      ]
    },
    { cold: true },
  ),
  'pull of an image that is not there': check(() => [task('_pull', {})], { file: none, cold: true }),
  'pull with ignore_buildable': check(() => [task('_pull', { ignore_buildable: true })], {
    file: building,
    cold: true,
  }),
  'pull with include_deps and services': check(
    async (scene) => {
      await fromRegistry(scene)
      return [task('_pull', { services: ['web'], include_deps: true })]
    },
    { cold: true },
  ),
}
