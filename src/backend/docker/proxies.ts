import type { ContainerDetail, Engine } from '../../docker/port.ts'

type Creating = Pick<Engine, 'createContainer' | 'buildImage'>

/**
 * The same engine; new containers and builds get the user's proxies, as with the docker command line. What a stack declares wins. They
 * are in no plan and no fingerprint: they may hold passwords, and a changed proxy recreates nothing.
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
  // Not a copy: every other call is the engine's at the time of the call.
  return Object.assign(Object.create(engine), creating)
}

/** A container as the stack knows it: without proxies that its service does not declare. */
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
