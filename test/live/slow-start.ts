import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SlowStart {
  /** For a service: its start asks this log driver for leave, and takes until it gets it. */
  logging: { driver: string; options: Record<string, string> }
  /** Resolves once the engine is at the start. */
  begun: Promise<void>
  release(): void
  close(): void
}

/**
 * Makes the engine's start of a container take as long as wanted: the splunk log driver asks its server, here, whether it is there
 * before the container starts (https://docs.docker.com/engine/logging/drivers/splunk/, splunk-verify-connection).
 */
export async function slowStart(): Promise<SlowStart> {
  const waiting = new Set<ServerResponse>()
  let released = false
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const server = createServer((asked, answer) => {
    asked.resume()
    begin()
    if (released) answer.end('{}')
    else waiting.add(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    logging: { driver: 'splunk', options: { 'splunk-url': url, 'splunk-token': 'none' } },
    begun,
    release() {
      released = true
      for (const answer of waiting) answer.end('{}')
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
