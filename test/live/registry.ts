import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../support/cli.ts'

const PROGRAM = 'docker-registry'

/** Why there can be no registry here; undefined where there can. */
export async function noRegistry(): Promise<string | undefined> {
  const programs = [PROGRAM, 'docker'].map((program) => promisify(execFile)(program, ['--version']))
  const missing = (await Promise.allSettled(programs)).some(({ status }) => status === 'rejected')
  return missing
    ? `${PROGRAM} and docker are not both installed (the Debian package ${PROGRAM} has the former)`
    : undefined
}

/** The one user of a registry that asks for a name. */
export const USER = { username: 'tester', password: 'secret' }
/** Of the user's password (bcrypt). */
const HASH = '$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a'

/** A registry of this test's own on the loopback interface, which engines trust without TLS; gone afterwards. */
export async function withRegistry<T>(
  body: (address: string, certificate: string) => Promise<T>,
  options: {
    /** Only for its user. */ closed?: boolean /** Over TLS, with a certificate of its own. */
    tls?: boolean
  } = {},
): Promise<T> {
  const [port = 0] = await freePorts(1)
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-registry-'))
  const address = `127.0.0.1:${port}`
  const storage = `storage: { filesystem: { rootdirectory: ${folder}/data } }`
  await writeFile(join(folder, 'users'), `${USER.username}:${HASH}\n`)
  const auth = options.closed ? `auth: { htpasswd: { realm: test, path: "${folder}/users" } }\n` : ''
  const tls = options.tls ? `, tls: { certificate: "${folder}/cert.pem", key: "${folder}/key.pem" }` : ''
  if (options.tls) await writeCertificate(folder)
  await writeFile(join(folder, 'config.yml'), `version: 0.1\n${storage}\nhttp: { addr: "${address}"${tls} }\n${auth}`)
  const child = spawn(PROGRAM, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    await listening(child)
    return await body(address, join(folder, 'cert.pem'))
  } finally {
    const ended = once(child, 'exit')
    if (child.kill()) await ended
    await rm(folder, { recursive: true, force: true })
  }
}

/** A certificate for the loopback address that vouches for itself. */
async function writeCertificate(folder: string): Promise<void> {
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:registry.example']
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files]
  await promisify(execFile)('openssl', words)
}

/** It says so in its log; rejects if it ends before. */
async function listening(child: ChildProcess): Promise<void> {
  const heard = new Promise<void>((resolve) => {
    child.stderr?.on('data', (text) => {
      if (String(text).includes('listening on')) resolve()
    })
  })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${PROGRAM} ended before it listened`)))
  await Promise.race([heard, ended])
  ended.catch(() => undefined)
}
