// A minimal client of the engine's HTTP API, for scripts that run before `npm ci`.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { join } from 'node:path'
import { Duplex, Readable } from 'node:stream'
import { json, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { UserError } from './process.mjs'

/** A client of the engine at `endpoint` (see endpoint.mjs). */
export function engineClient(endpoint) {
  const transport = transportOf(endpoint)

  /** Resolves to the response as soon as its headers are there. `body` is a Readable, or absent. */
  function request(method, path, { body, headers, timeout } = {}) {
    return new Promise((resolve, reject) => {
      // No agent: every request has a connection of its own, which ends with it.
      const sent = transport.module.request({ agent: false, ...transport.options, method, path, headers }, resolve)
      sent.on('error', reject)
      if (timeout) limit(sent, timeout)
      if (body) pipeline(body, sent).catch(reject)
      else sent.end()
    })
  }

  async function accepted(method, path, options) {
    const response = await request(method, path, options)
    if (response.statusCode < 400) return response
    const answer = await text(response)
    throw Object.assign(new Error(messageOf(answer)), { statusCode: response.statusCode })
  }

  return {
    /** Resolves to the engine's API version. */
    async ping(timeout) {
      const response = await accepted('GET', '/_ping', { timeout })
      response.resume()
      return response.headers['api-version']
    },
    async get(path, { timeout } = {}) {
      return json(await accepted('GET', path, { timeout }))
    },
    /** Resolves to the answer as a stream. */
    open(path) {
      return accepted('GET', path)
    },
    /** Sends data, or nothing, as JSON. */
    async post(path, data) {
      const json = data && {
        body: Readable.from([JSON.stringify(data)]),
        headers: { 'content-type': 'application/json' },
      }
      return text(await accepted('POST', path, json))
    },
    async remove(path) {
      await text(await accepted('DELETE', path))
    },
    /** Sends a request whose answer is a stream of JSON lines, and waits for the end. An `error` among them is thrown. */
    async stream(method, path, options) {
      const lines = (await text(await accepted(method, path, options))).split('\n').filter((line) => line.trim())
      const failed = lines.map((line) => JSON.parse(line)).find((line) => line.error)
      if (failed) throw new Error(failed.error)
    },
    async hasImage(name) {
      const response = await request('GET', `/images/${name}/json`)
      response.resume()
      return response.statusCode === 200
    },
  }
}

/** (A request's own `timeout` does not work on every kind of connection.) */
function limit(sent, timeout) {
  const timer = setTimeout(
    () => sent.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    timeout,
  )
  sent.on('response', () => clearTimeout(timer))
  sent.on('close', () => clearTimeout(timer))
}

function messageOf(answer) {
  try {
    return JSON.parse(answer).message
  } catch {
    return answer.trim()
  }
}

function transportOf(endpoint) {
  const [, scheme, rest] = endpoint.host.match(/^(\w+):\/\/(.*)$/s) ?? [undefined, 'tcp', endpoint.host]
  if (scheme === 'unix') return { module: http, options: { socketPath: rest || '/var/run/docker.sock' } }
  if (scheme === 'npipe') return { module: http, options: { socketPath: rest.replaceAll('/', '\\') } }
  if (scheme === 'ssh')
    return { module: http, options: { agent: undefined, createConnection: () => sshTunnel(endpoint.host) } }
  if (['tcp', 'http', 'https'].includes(scheme)) return tcpTransport(scheme, rest, endpoint)
  throw new UserError(`${endpoint.from} names "${endpoint.host}": expected unix://, npipe://, tcp:// or ssh://.`)
}

function tcpTransport(scheme, rest, { tlsDir, verify }) {
  const secure = scheme === 'https' || Boolean(tlsDir)
  const url = new URL(`http://${rest}`)
  const address = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || (secure ? 2376 : 2375) }
  if (!secure) return { module: http, options: address }
  return { module: https, options: { ...address, rejectUnauthorized: verify !== false, ...certificates(tlsDir) } }
}

function certificates(folder) {
  const found = ['ca', 'cert', 'key'].filter((name) => folder && existsSync(join(folder, `${name}.pem`)))
  return Object.fromEntries(found.map((name) => [name, readFileSync(join(folder, `${name}.pem`))]))
}

/** The docker command line's own way: the far side's client joins our stream with its engine's socket. */
function sshTunnel(host) {
  const { username, hostname, port } = new URL(host)
  const options = ['-o', 'ConnectTimeout=15', ...(username ? ['-l', username] : []), ...(port ? ['-p', port] : [])]
  const child = spawn('ssh', [...options, '--', hostname, 'docker', 'system', 'dial-stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const tunnel = Duplex.from({ readable: child.stdout, writable: child.stdin })
  child.on('error', (error) => tunnel.destroy(error))
  tunnel.on('close', () => child.kill())
  return tunnel
}
