import { createServer } from 'node:net'
import { type HostPorts, hostPorts } from '../../../init/ports.ts'
import type { Template } from '../../../init/template.ts'

/** A port for each port of the services that nothing on this machine listens on. */
export async function freePorts(templates: readonly Template[]): Promise<HostPorts> {
  const taken = new Set<number>()
  for (;;) {
    const ports = hostPorts(templates, (port) => taken.has(port))
    const found = await Promise.all([...ports.values()].map(async (port) => ((await isTaken(port)) ? [port] : [])))
    if (found.flat().length === 0) return ports
    for (const port of found.flat()) taken.add(port)
  }
}

/** Tries the loopback address, where the stack publishes its ports. */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (thrown: NodeJS.ErrnoException) => resolve(thrown.code === 'EADDRINUSE'))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}
