import { execFile } from 'node:child_process'
import type { ContainerSummary, Engine } from '../../../docker/port.ts'

/** The engine's ways to say that a host port is taken (libnetwork, docker-proxy, rootlesskit). */
const TAKEN = [
  /Bind for \S*?:(\d+) failed: port is already allocated/,
  /listen (?:tcp|udp)\d? \S*?:(\d+): bind: address already in use/,
  /(?:port|address)\D{0,20}?(\d+)\D{0,40}?already (?:in use|allocated)/i,
]

/** The port that a failed start could not have, and what holds it: a container, or a process of this machine. */
export async function portHolder(
  engine: Engine,
  container: string,
  message: string,
): Promise<{ port: string; holder: string } | undefined> {
  const port = TAKEN.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined)
  if (!port) return undefined
  const others = await engine.listContainers({}).catch(() => [])
  const holder = others.find((each) => each.id !== container && publishes(each, Number(port)))
  if (holder) return { port, holder: `container ${holder.name} (${holder.image})` }
  return { port, holder: (await processOn(port)) ?? "another program on the engine's machine" }
}

function publishes(container: ContainerSummary, port: number): boolean {
  return container.ports.some((each) => each.published === port)
}

/** Linux's `ss` names listeners; where there is none, or no right to ask, nothing is known. */
function processOn(port: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('ss', ['-Hltnup', `sport = :${port}`], { timeout: 2_000 }, (_failed, output) => {
      const found = /users:\(\("([^"]+)",pid=(\d+)/.exec(String(output ?? ''))
      resolve(found ? `process ${found[1]} (pid ${found[2]})` : undefined)
    })
  })
}
