// Makes sure that a container engine answers. Uses the engine that the user chose (DOCKER_HOST, Docker context), else
// one at a default socket; where there is none, starts it, on Debian and its relatives after installing it.
// Needs nothing but Node: it runs before `npm ci`. Safe to run again; with an engine there it only says so.
import { startEngine } from './lib/dockerd.mjs'
import { chosenEndpoint, defaultEndpoints } from './lib/endpoint.mjs'
import { engineClient } from './lib/engine-http.mjs'
import { runAsScript, UserError, which } from './lib/process.mjs'

const PING_TIMEOUT = 5_000
// Connecting by ssh may take a log-in, and somebody typing a password.
const SSH_PING_TIMEOUT = 60_000

/** Resolves to the endpoint of an engine that answers; rejects with one sentence on what the user must do. */
export async function ensureEngine({ log = console.log } = {}) {
  const chosen = chosenEndpoint()
  if (chosen) return useChosen(chosen)
  const endpoints = defaultEndpoints()
  const running = await firstAnswering(endpoints)
  if (running) return running
  await startEngine({ log, answers: () => answers(endpoints[0]) })
  return (await firstAnswering(endpoints)) ?? fail('The engine was started, but does not answer.')
}

/** An engine of the user's choice is theirs to start: nothing is installed. */
async function useChosen(endpoint) {
  if (endpoint.host.startsWith('ssh://') && !which('ssh')) return endpoint
  const { apiVersion, error } = await ping(endpoint)
  if (apiVersion) return { ...endpoint, apiVersion }
  if (isForbidden(error)) refuse(endpoint)
  const remedy = endpoint.from === 'DOCKER_HOST' ? 'unset DOCKER_HOST' : 'choose another with `docker context use`'
  fail(`No engine answers at ${endpoint.host}, named by ${endpoint.from} (${error.message}): start it, or ${remedy}.`)
}

/** Undefined if there is no engine; an engine that this user may not use is an error, unless another one answers. */
async function firstAnswering(endpoints) {
  let forbidden
  for (const endpoint of endpoints) {
    const { apiVersion, error } = await ping(endpoint)
    if (apiVersion) return { ...endpoint, apiVersion }
    if (isForbidden(error)) forbidden ??= endpoint
  }
  return forbidden && refuse(forbidden)
}

/** An engine that forbids this user to speak to it is up all the same. */
async function answers(endpoint) {
  const { apiVersion, error } = await ping(endpoint)
  return Boolean(apiVersion) || isForbidden(error)
}

async function ping(endpoint) {
  try {
    const timeout = endpoint.host.startsWith('ssh://') ? SSH_PING_TIMEOUT : PING_TIMEOUT
    return { apiVersion: (await engineClient(endpoint).ping(timeout)) ?? 'unknown' }
  } catch (error) {
    if (error instanceof UserError) throw error
    return { error }
  }
}

function isForbidden(error) {
  return error.code === 'EACCES'
}

function refuse(endpoint) {
  fail(
    `You may not use the engine's socket ${endpoint.host}: add yourself to its group (\`sudo usermod -aG docker $USER\`) ` +
      'and log in again, or run this with sudo.',
  )
}

function fail(message) {
  throw new UserError(message)
}

await runAsScript(import.meta.url, async () => {
  const { host, from, apiVersion } = await ensureEngine()
  console.log(`An engine answers at ${host} (${from}${apiVersion ? `, API ${apiVersion}` : ''}).`)
})
