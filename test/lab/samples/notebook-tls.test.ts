import { request } from 'node:https'
import { connect, type PeerCertificate } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withSshServer } from '../../../scripts/samples/ssh-server.mjs'
import { succeeded } from '../../support/cli.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/notebook-tls: https with one certificate until it is about to end, however often the containers are created, here and over ssh. */
const TOKEN = 'a-token-for-the-test'

const DAY = 24 * 60 * 60 * 1000

/** Leaves a certificate that is valid for one day. */
const LAST_DAY =
  'cd /certificate && openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=notebook -keyout key.pem -out cert.pem'

sampleTest('notebook-tls', 'notebook-tls: https with a certificate that outlives the containers', async (scene) => {
  const { run, env } = scene
  Object.assign(env, await freePortsFor('HTTPS_PORT'), { JUPYTER_TOKEN: TOKEN })
  succeeded(await run('up', '-d', '--wait'))
  const address = `https://127.0.0.1:${env.HTTPS_PORT}/lab?token=${TOKEN}`
  assert.ok(succeeded(await run('endpoints')).stdout.includes(address))
  const first = await certificateAt(Number(env.HTTPS_PORT))
  assert.match(first.subjectaltname ?? '', /IP Address:127\.0\.0\.1/)
  assert.is(await statusOf(address, first), 200)
  assert.is(await statusOf(address.replace('lab?', 'api/contents?').replace(TOKEN, 'wrong'), first), 403)
  succeeded(await run('down'))
  // The job of the next `up` finds the certificate in the volume.
  await onServer(scene, async () => {
    succeeded(await run('up', '-d', '--wait'))
    assert.ok(succeeded(await run('endpoints')).stdout.includes(address))
    assert.is(await statusOf(address, first), 200)
    succeeded(await run('down', '-t', '2'))
    succeeded(await run('run', '--rm', '-T', 'certificate', LAST_DAY))
    succeeded(await run('up', '-d', '--wait'))
    const renewed = await certificateAt(Number(env.HTTPS_PORT))
    assert.ok(Date.parse(renewed.valid_to) > Date.now() + 300 * DAY)
    assert.is(await statusOf(address, renewed), 200)
    succeeded(await run('down', '-t', '2'))
  })
})

/** As on a server over ssh, where the engine is reached by a socket. */
async function onServer({ env, socket }: SampleScene, body: () => Promise<void>): Promise<void> {
  if (!socket) return body()
  await withSshServer({ endpoint: { host: `unix://${socket}`, from: 'the test' } }, async (overSsh) => {
    Object.assign(env, overSsh)
    await body()
  })
}

/** What a browser is shown before it trusts anything. */
function certificateAt(port: number): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate())
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

/** Of a client that trusts this certificate, and no other. */
function statusOf(address: string, { raw }: PeerCertificate): Promise<number | undefined> {
  const lines = raw.toString('base64').match(/.{1,64}/g) ?? []
  const ca = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
  return new Promise((resolve, reject) => {
    const asked = request(address, { ca, agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject).end()
  })
}

test.run()
