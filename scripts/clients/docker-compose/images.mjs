// Builds, pushes and pulls.
import { check, plain } from './checks.mjs'

/** A stack whose services are built. */
async function buildable(scene) {
  const build = { context: '.', dockerfile_inline: `FROM ${scene.image}\nRUN echo built > /built\n` }
  const service = { build, init: true, command: ['sleep', '1000'] }
  await scene.write('compose.yaml', { services: { a: service, b: service } })
  return async () =>
    (await scene.run(['docker', 'images', '--format', '{{.Repository}}'])).stdout
      .split('\n')
      .filter((name) => name.startsWith(scene.project))
      .sort()
}

/** A stack whose images come from the registry of this run, which has them. */
async function pushed(scene, library, options) {
  const names = ['a', 'b'].map((name) => `${scene.registry}/${scene.project}-${name}:1`)
  const services = Object.fromEntries(
    ['a', 'b'].map((name, at) => [
      name,
      {
        image: names[at],
        build: { context: '.', dockerfile_inline: `FROM ${scene.image}\nRUN echo ${name} > /built\n` },
      },
    ]),
  )
  await scene.write('compose.yaml', { services })
  await library.buildAll(options)
  const result = await library.push(options)
  await scene.run(['docker', 'image', 'rm', '-f', ...names])
  const there = async () =>
    Promise.all(names.map(async (name) => (await scene.run(['docker', 'image', 'inspect', name])).code))
  return { result, there }
}

const built = (build) =>
  check(
    async (library, options, scene) => {
      const images = await buildable(scene)
      return [plain(await build(library, options)), await images()]
    },
    { cold: true },
  )

const pulled = (pull) =>
  check(
    async (library, options, scene) => {
      const { there } = await pushed(scene, library, options)
      return [plain(await pull(library, options)), await there()]
    },
    { cold: true },
  )

export const images = {
  buildAll: built(({ buildAll }, options) => buildAll(options)),
  'buildAll with parallel': built(({ buildAll }, options) => buildAll({ ...options, parallel: true })),
  buildMany: built(({ buildMany }, options) => buildMany(['b'], options)),
  buildOne: built(({ buildOne }, options) =>
    buildOne('a', { ...options, commandOptions: ['--no-cache', ['--build-arg', 'A=1']] }),
  ),
  push: check(async (library, options, scene) => plain((await pushed(scene, library, options)).result), { cold: true }),
  'push with ignorePushFailures': check(
    async ({ push }, options, scene) => {
      await scene.write('compose.yaml', {
        services: {
          a: { image: '127.0.0.1:1/none:1', build: { context: '.', dockerfile_inline: `FROM ${scene.image}` } },
        },
      })
      return push({ ...options, ignorePushFailures: true })
    },
    { cold: true },
  ),
  pullAll: pulled(({ pullAll }, options) => pullAll(options)),
  pullMany: pulled(({ pullMany }, options) => pullMany(['b'], options)),
  pullOne: pulled(({ pullOne }, options) => pullOne('a', options)),
  'pullOne of an image that is not there rejects': check(
    async ({ pullOne }, options, scene) => {
      await scene.write('compose.yaml', { services: { a: { image: `${scene.registry}/none:1` } } })
      return pullOne('a', options).catch(({ exitCode }) => exitCode !== 0)
    },
    { cold: true },
  ),
}
