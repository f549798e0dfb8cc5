// From the pass of a health test to the start call of the service that waited for it.
import { join } from 'node:path'
import { callProxy } from './proxy.mjs'

const PROJECT = 'com.docker.compose.project'
const SERVICE = 'com.docker.compose.service'

/**
 * Brings a stack up by `bringUp(env)`, whose calls to the engine pass through a proxy, and resolves to a number of milliseconds for
 * each service that waits for another's health. The pass is what the engine notes: the end of a test with exit code 0, or the
 * moment when it calls the container healthy, whichever is first.
 */
export async function handoffs({ engine, stack, project, folder }, bringUp) {
  const heard = await hearPasses(engine.port, project)
  const path = join(folder, 'p.sock')
  const proxy = await callProxy(path, engine.socket)
  try {
    await bringUp({ DOCKER_HOST: `unix://${path}` })
    const starts = await startCalls(engine.port, project, proxy.calls)
    return stack.services.flatMap(({ name, after }) =>
      after.filter((edge) => edge.healthy).map((edge) => starts.get(name) - heard.passes.get(edge.service)),
    )
  } finally {
    heard.stop()
    proxy.close()
  }
}

/** When each service's health test passed first. */
async function hearPasses(port, project) {
  const passes = new Map()
  const listening = new AbortController()
  const events = await port.events({ types: ['container'], labels: [`${PROJECT}=${project}`] }, listening.signal)
  const hear = async () => {
    for await (const { action, attributes, timeNano } of events) {
      const passed =
        action === 'health_status: healthy' || (action.startsWith('exec_die') && attributes.exitCode === '0')
      const service = attributes[SERVICE]
      if (passed && !passes.has(service)) passes.set(service, Number(timeNano) / 1e6)
    }
  }
  hear().catch(() => undefined)
  return { passes, stop: () => listening.abort() }
}

/** When the start call of each service's container came in. */
async function startCalls(port, project, calls) {
  const containers = await port.listContainers({ labels: [`${PROJECT}=${project}`] })
  const starts = calls.filter(({ method, path }) => method === 'POST' && /^\/containers\/[^/]+\/start/.test(path))
  return new Map(
    containers.map(({ id, name, labels }) => {
      const start = starts.find(({ path }) => [id, name].includes(path.split('/')[2]))
      return [labels[SERVICE], start?.at]
    }),
  )
}
