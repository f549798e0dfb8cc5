import type { ContainerDetail, Engine } from '../../docker/port.ts'

type Creating = Pick<Engine, 'createContainer' | 'buildImage'>

/**
 * Wraps an engine so that new containers and builds get the user's proxies, as with the docker command line. Variables that a stack
 * declares take precedence. Proxies appear in no plan and no fingerprint: they may contain passwords, and a changed proxy recreates
 * nothing.
 */
export function withProxies(engine: Engine): Engine {
  const proxies = () => engine.proxyVariables?.() ?? {}
  const creating: Creating = {
    createContainer: (name, spec, platform) => {
      const more = missingIn(proxies(), spec.Env ?? [])
      const Env = [...(spec.Env ?? []), ...more]
      return engine.createContainer(name, more.length > 0 ? { ...spec, Env } : spec, platform)
    },
    buildImage: (spec, options) => engine.buildImage({ ...spec, args: { ...proxies(), ...spec.args } }, options),
  }
  // Not a copy: all other calls go to the engine's methods at call time.
  return Object.assign(Object.create(engine), creating)
}

/** Removes the proxies that the service does not declare, to show a container as the stack declares it. */
export function withoutProxies(
  engine: Engine,
  detail: ContainerDetail,
  declared: Readonly<Record<string, unknown>>,
): ContainerDetail {
  const given = Object.entries(engine.proxyVariables?.() ?? {}).filter(([name]) => !Object.hasOwn(declared, name))
  const { Env } = detail.spec
  if (given.length === 0 || !Env) return detail
  const words = new Set(given.map(([name, value]) => `${name}=${value}`))
  return { ...detail, spec: { ...detail.spec, Env: Env.filter((each) => !words.has(each)) } }
}

function missingIn(proxies: Record<string, string>, env: readonly string[]): string[] {
  const known = new Set(env.map((each) => each.split('=')[0]))
  return Object.entries(proxies).flatMap(([name, value]) => (known.has(name) ? [] : [`${name}=${value}`]))
}
