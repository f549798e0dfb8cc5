// A proxy in front of the engine's socket that notes when each call comes in. It passes bytes on as they are.
import { rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'

const HEAD = /^(GET|HEAD|POST|PUT|DELETE) (?:\/v[\d.]+)?(\/\S*) HTTP\/1\.1\r\n/

/** Listens at `path`. `calls` grows: `{ method, path, at }`, without the API's version; `at` in milliseconds since 1970. */
export async function callProxy(path, socket) {
  const calls = []
  const server = createServer((client) => {
    const engine = connect(socket)
    client.on('data', (chunk) => {
      const at = performance.timeOrigin + performance.now()
      const head = HEAD.exec(chunk.toString('latin1', 0, 2_000))
      if (head) calls.push({ method: head[1], path: head[2], at })
    })
    client.pipe(engine).pipe(client)
    for (const [one, other] of [
      [client, engine],
      [engine, client],
    ])
      one.on('error', () => other.destroy())
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve))
  const close = () => {
    server.close()
    rmSync(path, { force: true })
  }
  return { calls, close }
}
