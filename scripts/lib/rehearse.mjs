// The build runs what most users run most, so that its code is in the cache that is handed out.

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './process.mjs'
import { standInEngine } from './stand-in-engine.mjs'

const IMAGE = 'rehearsal:latest'

const STACK = `name: rehearsal
services:
  one:
    image: ${IMAGE}
    environment: { A: "1", B: "\${B:-2}" }
    ports: ["127.0.0.1:8080:80"]
    volumes: [".:/data:ro"]
  two:
    image: ${IMAGE}
    command: run --all
    environment: ["A=1"]
    depends_on: [one]
    healthcheck: { test: [CMD, "true"] }
    restart: always
`

const COMMANDS = [['up', '-d'], ['up', '-d'], ['ps'], ['config', '-q'], ['plan'], ['down']]

/**
 * Runs some commands of a build, which remembers what they compile, on a stack of no real engine. Resolves to what went wrong with them:
 * nothing that keeps anything from working, it only starts later.
 */
export async function rehearse(program) {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-rehearsal-'))
  const socket = join(folder, 'engine.sock')
  const engine = standInEngine(IMAGE).listen(process.platform === 'win32' ? 0 : socket)
  try {
    await once(engine, 'listening')
    writeFileSync(join(folder, 'compose.yaml'), STACK)
    return await failures(program, { cwd: folder, env: environment(folder, engine.address()) })
  } finally {
    engine.close()
    engine.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Nothing of the user's own settings may have a say. */
function environment(folder, address) {
  const DOCKER_HOST = typeof address === 'string' ? `unix://${address}` : `tcp://127.0.0.1:${address.port}`
  return {
    DOCKER_HOST,
    HOME: folder,
    USERPROFILE: folder,
    XDG_STATE_HOME: folder,
    LOCALAPPDATA: folder,
    DOCKER_CONFIG: folder,
    COMPOSE_FILE: undefined,
    COMPOSE_PROFILES: undefined,
    COMPOSE_PROJECT_NAME: undefined,
    DOCKER_TLS_VERIFY: undefined,
    NODE_OPTIONS: undefined,
    NODE_EXTRA_CA_CERTS: undefined,
  }
}

async function failures(program, options) {
  const failed = []
  for (const words of COMMANDS) {
    const { code, output } = await run(process.execPath, [program, ...words], options)
    if (code !== 0) failed.push(`${words.join(' ')}: ${output.trim()}`)
  }
  return failed
}
