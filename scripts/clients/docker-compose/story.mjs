// One stack from up to down, with every function whose output the package parses: what `npm test` has time for.
import { check, plain, shown } from './checks.mjs'
import { inOrder } from './look.mjs'

export const story = {
  'upAll to down, with all outputs that are parsed': check(
    async (library, options) => {
      const seen = [
        plain(await library.upAll(options)),
        ...(await parsed(library, options)),
        ...(await commands(library, options)),
      ]
      return [...seen, plain(await library.downAll({ ...options, commandOptions: ['--volumes', '-t', '1'] }))]
    },
    { cold: true },
  ),
}

async function parsed({ ps, images, port, version, config }, options) {
  const json = { ...options, commandOptions: [['--format', 'json']] }
  return [
    inOrder(await ps(options)),
    inOrder(await ps(json)),
    inOrder(await images(options)),
    inOrder(await images(json)),
    plain(await port('web', 80, options)),
    plain(await config(options)),
    /^\d+\.\d+\.\d+/.test((await version(options)).data.version),
  ]
}

async function commands({ exec, run }, options) {
  const removed = { ...options, commandOptions: ['--rm'] }
  return [
    plain(await shown(exec('web', ['sh', '-c', 'echo "$GREETING"'], options))),
    plain(await shown(run('db', ['echo', 'ran'], removed))),
    await exec('web', ['sh', '-c', 'exit 7'], options).catch(({ exitCode }) => exitCode),
  ]
}
