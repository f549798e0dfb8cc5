// What the package reads.
import { check, shown } from './checks.mjs'

export const look = {
  config: check(({ config }, options) => config(options), { cold: true }),
  configServices: check(async ({ configServices }, options) => (await configServices(options)).data.services.sort(), {
    cold: true,
  }),
  configVolumes: check(({ configVolumes }, options) => configVolumes(options), { cold: true }),
  ps: check(({ ps }, options) => ps(options).then(inOrder)),
  'ps as JSON': check(({ ps }, options) => ps({ ...options, commandOptions: [['--format', 'json']] }).then(inOrder)),
  'ps of everything': check(async ({ stopOne, ps }, options) => {
    await stopOne('talks', options)
    return ps({ ...options, commandOptions: ['--all'] }).then(inOrder)
  }),
  'ps of services': check(({ ps }, options) => ps({ ...options, commandOptions: ['--services'] }).then(inOrder)),
  'ps of ids': check(async ({ ps }, options) =>
    (await ps({ ...options, commandOptions: ['-q'] })).data.services.map(({ name }) => name.length),
  ),
  images: check(({ images }, options) => images(options).then(inOrder)),
  'images as JSON': check(({ images }, options) =>
    images({ ...options, commandOptions: [['--format', 'json']] }).then(inOrder),
  ),
  stats: check(async ({ stats }, options) => Object.keys(await stats('web', options)).sort()),
  logs: check(({ logs }, options) => shown(logs('talks', options))),
  'logs of several services, followed to their end': check(async ({ logs, kill }, options) => {
    const followed = logs(['talks'], {
      ...options,
      follow: true,
      callback: (chunk) => String(chunk).includes('two') && kill(options),
    })
    return shown(followed)
  }),
  port: check(({ port }, options) => port('web', 80, options)),
  'port that is not published rejects': check(({ port }, options) =>
    port('web', 81, options).catch(({ exitCode }) => exitCode),
  ),
  version: check(async ({ version }, options) => /^\d+\.\d+\.\d+/.test((await version(options)).data.version), {
    cold: true,
  }),
}

/** Rows by name, without how long containers have run: tools list them in different orders. */
export function inOrder({ exitCode, data }) {
  const rows = data.services.map((row) => ({
    ...row,
    ...(row.imageId && { imageId: row.imageId.length }),
    ...(row.state && { state: row.state.replace(/^Up .*/, 'Up') }),
  }))
  return { exitCode, rows: rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
}
