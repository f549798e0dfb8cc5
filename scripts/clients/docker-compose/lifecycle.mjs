// What the package starts, stops and runs.
import { check, shown, stack } from './checks.mjs'

export const lifecycle = {
  upAll: check(({ upAll }, options) => upAll(options), { cold: true }),
  'upAll of a configuration on standard input': check(
    ({ upAll }, options, scene) => upAll({ ...options, configAsString: JSON.stringify(stack(scene)) }),
    { cold: true },
  ),
  'upAll with --no-start': check(({ upAll }, options) => upAll({ ...options, commandOptions: ['--no-start'] }), {
    cold: true,
  }),
  'upAll of two files': check(
    async ({ upAll }, options, scene) => {
      await scene.write('more.yaml', {
        services: { more: { image: scene.image, init: true, command: ['sleep', '1000'] } },
      })
      return upAll({ ...options, config: ['compose.yaml', 'more.yaml'] })
    },
    { cold: true },
  ),
  'upAll of a broken file rejects': check(
    async ({ upAll }, options, scene) => {
      await scene.write('compose.yaml', 'services: [')
      return upAll(options).catch(({ exitCode, out, err }) => ({ failed: exitCode !== 0, out, said: err.length > 0 }))
    },
    { cold: true },
  ),
  'upAll with --abort-on-container-exit': check(
    async ({ upAll }, options, scene) => {
      await scene.write('compose.yaml', { services: { job: { image: scene.image, command: ['true'] } } })
      return upAll({ ...options, commandOptions: ['--abort-on-container-exit'] })
    },
    { cold: true },
  ),
  upMany: check(({ upMany }, options) => upMany(['talks', 'db'], options), { cold: true }),
  'upOne with its dependency': check(({ upOne }, options) => upOne('web', options), { cold: true }),
  down: check(({ down }, options) => down(options)),
  'downAll with volumes': check(({ downAll }, options) =>
    downAll({ ...options, commandOptions: ['--volumes', '--remove-orphans', '-t', '1'] }),
  ),
  downMany: check(({ downMany }, options) => downMany(['web', 'talks'], options)),
  downOne: check(({ downOne }, options) => downOne('talks', options)),
  stop: check(({ stop }, options) => stop(options)),
  stopOne: check(({ stopOne }, options) => stopOne('web', options)),
  stopMany: check(({ stopMany }, options) => stopMany(options, 'web', 'db')),
  pauseOne: check(({ pauseOne }, options) => pauseOne('db', options)),
  unpauseOne: check(async ({ pauseOne, unpauseOne }, options) => {
    await pauseOne('db', options)
    return unpauseOne('db', options)
  }),
  kill: check(({ kill }, options) => kill(options)),
  rm: check(async ({ stop, rm }, options) => {
    await stop(options)
    return rm(options, 'web', 'talks')
  }),
  'exec of a line': check(({ exec }, options) => shown(exec('web', 'echo a b', options))),
  'exec of words': check(({ exec }, options) => shown(exec('web', ['sh', '-c', 'echo "$GREETING"'], options))),
  'exec with options': check(({ exec }, options) =>
    shown(
      exec('web', 'env', {
        ...options,
        commandOptions: [
          ['--workdir', '/tmp'],
          ['-e', 'A=b'],
          ['-u', 'nobody'],
        ],
      }),
    ).then(({ out, ...rest }) => ({ ...rest, out: out.replace(/HOSTNAME=.*/, '') })),
  ),
  'exec of a command that fails rejects with its code': check(({ exec }, options) =>
    exec('web', ['sh', '-c', 'echo no >&2; exit 7'], options).catch(({ exitCode, err }) => [exitCode, err]),
  ),
  run: check(({ run }, options) =>
    shown(run('web', ['sh', '-c', 'echo "$GREETING"'], { ...options, commandOptions: ['--rm'] })),
  ),
  'run of a command that fails': check(({ run }, options) =>
    run('talks', 'false', { ...options, commandOptions: ['--rm', '--no-deps'] }).catch(({ exitCode }) => exitCode),
  ),
  createAll: check(({ createAll }, options) => createAll(options), { cold: true }),
  createMany: check(({ createMany }, options) => createMany(['db', 'talks'], options), { cold: true }),
  createOne: check(({ createOne }, options) => createOne('web', options), { cold: true }),
  restartAll: check(({ restartAll }, options) => restartAll(options)),
  restartMany: check(({ restartMany }, options) => restartMany(['db', 'talks'], options)),
  restartOne: check(({ restartOne }, options) => restartOne('talks', options)),
}
