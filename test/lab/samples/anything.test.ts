import { createConnection } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stacksOf } from '../../../scripts/samples/samples.mjs'
import { succeeded } from '../../support/cli.ts'
import { remainsOf } from '../../support/live.ts'
import { freePortsFor, type SampleScene, sampleTest } from './sample-scene.ts'

/** samples/anything: the shapes of well-known stack files, with stand-ins for their servers. */
interface Address {
  service: string
  host: string
}

for (const name of stacksOf('anything')) {
  sampleTest(name, `${name}: comes up, its pages reach what they need, and nothing of it stays`, async (scene) => {
    const { run, env, engine, project } = scene
    Object.assign(env, await freePortsFor(...(await portVariables(scene))))
    succeeded(await run('up', '-d', '--wait', '--build'))
    const addresses: Address[] = JSON.parse(succeeded(await run('endpoints', '--format', 'json')).stdout)
    assert.ok(addresses.length > 0)
    await Promise.all(addresses.map(answers))
    const ended = Object.values(await scene.containers()).filter(({ running }) => !running)
    assert.equal([...new Set(ended.map(({ exitCode }) => exitCode ?? 0))].filter(Boolean), [])
    succeeded(await run('down', '-v', '-t', '2'))
    assert.equal(await remainsOf(engine, project), [[], [], []])
  })
}

/** The variables that choose host ports in a stack file. */
async function portVariables({ run }: SampleScene): Promise<string[]> {
  const { stdout } = succeeded(await run('config', '--no-interpolate'))
  return [...new Set([...stdout.matchAll(/\$\{(\w+_PORT):-\d+\}/g)].map(([, variable = '']) => variable))]
}

/** A page says which servers behind it answer; another server accepts a connection. */
async function answers({ service, host }: Address): Promise<void> {
  const { hostname, port } = new URL(host.replace(/^\w+:/, 'http:'))
  if (!host.startsWith('http:')) return assert.ok(await accepts(hostname, Number(port)), `${service} at ${host}`)
  const page = await fetch(`http://${hostname}:${port}/some/page`)
  assert.is(page.status, 200, `${service}: ${await page.text()}`)
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      resolve(true)
      socket.destroy()
    })
  })
}

test.run()
